// The caller's rows of one kind of table, in all modules (kernel/modules/shared_tables.hpp).
#pragma once

#include <boost/json/array.hpp>
#include <string_view>

#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/modules/shared_tables.hpp"

namespace opsledger {

/// Rows of every table called `table` whose person is the caller, each with its `module` and
/// `table`, by `time_column` (what has none comes last), at most kPersonRowsMax of each module.
/// A module that is behind or that the caller may not read gives none. May read the disk.
inline constexpr std::size_t kPersonRowsMax = 500;
Result<boost::json::array> rows_of_person(ServerContext& server, const Request& request,
                                          std::string_view table, std::string_view time_column);

}  // namespace opsledger
