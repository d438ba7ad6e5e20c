// The list of built-in modules. A new one: its file with OPS_PART, one line here, one in
// system_modules.cpp.
#pragma once

#include <opsledger/sdk.hpp>

namespace opsledger {

OPS_DECLARE_PART(access_part);
OPS_DECLARE_PART(export_part);
OPS_DECLARE_PART(import_part);
OPS_DECLARE_PART(module_part);
OPS_DECLARE_PART(rule_part);
OPS_DECLARE_PART(timer_part);

/// The tables of module `access` about roles and grants.
void add_rights_tables(ops::Module& m);

}  // namespace opsledger
