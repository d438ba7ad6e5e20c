// The 64-bit hash that stands for a tag or type in index keys. A format constant. Matching stays
// exact: whoever reads an index compares the strings of the events it names.
#pragma once

#include <cstdint>

#include "storage/base/types.hpp"

namespace opsledger {

/// SipHash-2-4 with the key "OpsLedgerTagHash". Thread safe.
std::uint64_t tag_hash(BytesView text);

/// How an engine hashes; tests hand in a poor one to force collisions.
using TagHashFunction = std::uint64_t (*)(BytesView text);

}  // namespace opsledger
