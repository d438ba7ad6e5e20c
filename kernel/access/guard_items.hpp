// The control events that would take a right away: what joins a command's append condition.
#pragma once

#include <string_view>
#include <vector>

#include "kernel/access/control_state.hpp"
#include "storage/api/query.hpp"

namespace opsledger {

/// What would end `held` for `account` in `department`.
std::vector<QueryItem> guard_items(std::string_view account, const Holding& held,
                                   std::string_view department);
/// What switches `module` in `department` or changes its settings there.
QueryItem switch_item(std::string_view module, std::string_view department);
/// The end of set-up mode.
QueryItem first_account_item();

}  // namespace opsledger
