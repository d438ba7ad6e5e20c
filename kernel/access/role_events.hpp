// Roles as events, and what a ledger is given when it begins or gets a new module.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/access/access_model.hpp"
#include "kernel/modules/registry.hpp"

namespace opsledger {

/// `role.defined` with everything the role holds from now on.
NewEvent role_defined(const Role& role, std::string_view actor);

/// Makes every default role (default_roles.hpp) part of the ledger, and gives roles the commands
/// that modules name them for (`grants` of a command). Each command's default is taken over once,
/// when it is first seen, and never again: what an administrator took away stays away. Waits until
/// durable; appends nothing when nothing is new. `actor` = who the program itself is.
Status record_default_roles(Ledger& ledger, const AccessModel& model, const Registry& registry,
                            std::string_view actor);

}  // namespace opsledger
