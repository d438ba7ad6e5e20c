// Whether this host and a plugin's compiler agree on the structs between them.
#pragma once

#include <opsledger/abi.h>

#include "storage/base/result.hpp"

namespace opsledger {

/// Reads the magic block first and nothing behind it before it fits. Errors: kInvalid
/// `plugin.abi_mismatch` naming the member, both values, and which side to upgrade.
Status check_abi(const ops_plugin& plugin);

}  // namespace opsledger
