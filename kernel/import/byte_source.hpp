// Files to import: plain, gzip or zstd, or standard input.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Uncompressed bytes of a file, once from begin to end. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Up to `size` bytes; 0 = the end. Errors: kIo, kMalformed `import.compressed` (damaged or cut
  /// short).
  virtual Result<std::size_t> read(char* out, std::size_t size) = 0;
  /// Bytes of the file itself (compressed where it is) taken so far, and in all.
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_total() const = 0;
};

/// Opens `path`; gzip and zstd are told by the first bytes, not by the name. Errors: kNotFound,
/// kIo.
Result<std::unique_ptr<ByteSource>> open_source(const std::string& path);

/// SHA-256 of the uncompressed content: the same however the file is packed. Reads all of it, so a
/// damaged archive is found before a row is imported. `progress` may be empty.
Result<Hash> hash_content(ByteSource& source, const std::function<void()>& progress);

/// Standard input (`in`) copied to a file without a name that lives as long as the object: the
/// content must be known before the first row is sent.
class Spool {
 public:
  /// Errors: kIo, kTooLarge.
  static Result<std::unique_ptr<Spool>> make(int in);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  explicit Spool(int file);                          ///< owns the descriptor; see make
  const std::string& path() const { return path_; }  ///< for open_source

 private:
  int file_;
  std::string path_;
};

}  // namespace opsledger
