// The roles that a new ledger begins with: data, to be changed by administrators afterwards.
#pragma once

#include <vector>

#include "kernel/access/permission.hpp"

namespace opsledger {

/// All of them, in the order of the matrix.
std::vector<Role> default_roles();

}  // namespace opsledger
