// What a module must be like before anybody looks at other modules: grammar, references, columns.
#pragma once

#include <vector>

#include "kernel/modules/registry.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Every reason to refuse `info` on its own account, as pointers into it
/// (`/tables/orders/columns/limit`). Empty: none. Pure.
std::vector<FieldError> check_module(const ModuleInfo& info, ModuleKind kind);

}  // namespace opsledger
