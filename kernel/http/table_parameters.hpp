// What a table request says about when; the rest of its query goes to kernel/query.
#pragma once

#include <optional>
#include <string>

#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/query/table_query.hpp"

namespace opsledger {

struct TableParameters {
  std::string as_of;  ///< position or RFC 3339 time as sent; empty = head
  bool as_shown = false;
  Position min_position{};
  QueryParameters others;
};

/// Errors: kMalformed `http.parameter`.
Result<TableParameters> table_parameters(const QueryParameters& query);

/// `123` or `2026-11-11T20:04:00+08:00` -> a position (the last with recorded_at <= the time);
/// empty = kHead. May read the disk. Errors: kMalformed `http.parameter`.
Result<Position> resolve_position(const Ledger& ledger, std::string_view name,
                                  std::string_view text);

/// Waits without holding a thread until `module` has projected `position`. Errors: kTimeout
/// `projection.behind`, kNotReady when the server stops.
Task<Status> wait_for_position(ServerContext& server, std::string module, Position position);

}  // namespace opsledger
