// Personal<T>: data about a person, which a plugin passes on and never sees.
#pragma once

#include <string>
#include <utility>

namespace ops {

/// An opaque token: the host encrypts the value per data subject and decrypts it only for a reader
/// who may see it. Not allowed in tags, keys or comparisons, hence no operators.
template <class T>
class Personal {
 public:
  using value_type = T;
  Personal() = default;
  explicit Personal(std::string token) : token_(std::move(token)) {}
  const std::string& token() const { return token_; }
  bool empty() const { return token_.empty(); }

 private:
  std::string token_;
};

/// Raw bytes (schema `bytes`).
struct Bytes {
  std::string data;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

}  // namespace ops
