// What OpenAPI says about the table routes.
#pragma once

#include "kernel/http/operation.hpp"

namespace opsledger {

Operation list_tables_operation();
Operation rows_operation();
Operation timers_operation();
Operation row_operation();
Operation history_operation();
Operation diff_operation();

}  // namespace opsledger
