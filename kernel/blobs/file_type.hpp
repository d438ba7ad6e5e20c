// What a file is, by its bytes. libmagic stays behind this header.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Thread safe; one look at a time, at no more than kSniffBytesMax from the start.
class FileTypes {
 public:
  /// Errors: kIo `blob.magic` (its database is not installed).
  static Result<std::unique_ptr<FileTypes>> open();
  ~FileTypes();

  /// `image/png`; `application/octet-stream` for what nothing is known of.
  std::string type_of(BytesView content);

 private:
  explicit FileTypes(void* magic) : magic_(magic) {}
  std::mutex mutex_;
  void* const magic_;
};

}  // namespace opsledger
