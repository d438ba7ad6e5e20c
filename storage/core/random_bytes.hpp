// Bytes nobody can guess: a new ledger's identity, the nonce of a verification run.
#pragma once

#include "storage/base/types.hpp"

namespace opsledger {

/// `count` bytes from the operating system's generator. Never part of an entry or a verdict.
Bytes random_bytes(std::size_t count);

}  // namespace opsledger
