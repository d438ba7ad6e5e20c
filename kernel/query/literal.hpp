// A value written in a query string -> the column key it compares with.
#pragma once

#include <string_view>

#include "kernel/query/bound_query.hpp"

namespace opsledger {

/// Exactly typed: integers within the column's range, decimals without loss, RFC 3339 times, enums
/// by name, booleans as PostgreSQL writes them, Money as `{"minor":1,"currency":"CNY"}`.
/// Errors: kInvalid naming the parameter and the expected type.
Result<Bytes> literal_key(const ColumnRef& column, std::string_view parameter,
                          std::string_view text);
/// The same for a value of `type` (an element of a list).
Result<Bytes> literal_key(const TypeNode& type, std::string_view parameter, std::string_view text);

}  // namespace opsledger
