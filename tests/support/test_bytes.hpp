// Payload bytes of sdk/SCHEMA.md by hand, so that kernel tests need neither the SDK nor cereal.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace opsledger::testing {

/// Appends fields in order; `bytes` is the payload.
class PayloadWriter {
 public:
  PayloadWriter& str(std::string_view text) {
    length(text.size());
    bytes.append(text);
    return *this;
  }
  PayloadWriter& i64(std::int64_t value) {
    char raw[8];
    std::memcpy(raw, &value, 8);
    bytes.append(raw, 8);
    return *this;
  }
  PayloadWriter& list(const std::vector<std::string>& items) {
    length(items.size());
    for (const auto& item : items) str(item);
    return *this;
  }
  std::string bytes;

 private:
  void length(std::size_t value) {
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
    bytes.push_back(static_cast<char>(value));
  }
};

/// Reads what PayloadWriter wrote; throws on anything else.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view bytes) : rest_(bytes) {}
  std::string str() { return std::string(take(length())); }
  std::int64_t i64() {
    std::int64_t value;
    std::memcpy(&value, take(8).data(), 8);
    return value;
  }
  std::vector<std::string> list() {
    std::vector<std::string> items(length());
    for (auto& item : items) item = str();
    return items;
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > rest_.size()) throw std::runtime_error("payload is cut short");
    auto out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }
  std::size_t length() {
    std::size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= std::size_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string_view rest_;
};

}  // namespace opsledger::testing
