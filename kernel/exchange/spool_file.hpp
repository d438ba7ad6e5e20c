// A temporary file without a name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

/// Lives as long as the object. `path` opens it again. Readers of different offsets may run at
/// once; one writer.
class SpoolFile {
 public:
  /// In $TMPDIR or /tmp. Errors: kIo.
  static Result<std::shared_ptr<SpoolFile>> make();
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  const std::string& path() const { return path_; }
  Status append(std::string_view bytes);
  /// Errors: kIo.
  Result<std::uint64_t> size() const;
  /// Up to `size` bytes from `offset`; 0 = the end. Errors: kIo.
  Result<std::size_t> read_at(std::uint64_t offset, char* out, std::size_t size) const;

 private:
  explicit SpoolFile(int file);
  const int file_;
  const std::string path_;
};

}  // namespace opsledger
