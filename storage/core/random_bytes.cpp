#include "storage/core/random_bytes.hpp"

#include <sodium/randombytes.h>

namespace opsledger {

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace opsledger
