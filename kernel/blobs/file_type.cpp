#include "kernel/blobs/file_type.hpp"

#include <magic.h>

#include "kernel/blobs/limits.hpp"

namespace opsledger {
namespace {

magic_t handle(void* magic) {
  return static_cast<magic_t>(magic);
}

}  // namespace

Result<std::unique_ptr<FileTypes>> FileTypes::open() {
  // Nothing is unpacked to look inside, and nothing but bytes counts.
  const auto magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                                MAGIC_NO_CHECK_ELF | MAGIC_ERROR);
  if (magic == nullptr || magic_load(magic, nullptr) != 0) {
    if (magic != nullptr) magic_close(magic);
    return Error{Code::kIo, "blob.magic",
                 "the database of file types cannot be read; install libmagic-mgc"};
  }
  return std::unique_ptr<FileTypes>(new FileTypes(magic));
}

FileTypes::~FileTypes() {
  magic_close(handle(magic_));
}

std::string FileTypes::type_of(BytesView content) {
  const std::lock_guard lock(mutex_);
  const auto size = std::min(content.size(), blob_limits::kSniffBytesMax);
  const char* type = magic_buffer(handle(magic_), content.data(), size);
  return type == nullptr ? "application/octet-stream" : type;
}

}  // namespace opsledger
