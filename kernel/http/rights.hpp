// Where requests meet kernel/access: one function per kind of request. Without an AccessModel
// (Services::access) everything is allowed.
#pragma once

#include <memory>
#include <string_view>

#include "kernel/access/event_scope.hpp"
#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/query/row_filter.hpp"

namespace opsledger {

/// May the caller do this, for the whole installation or for one department? Errors: as
/// AccessModel::require. May read the disk.
Status require(const ServerContext& server, const Request& request, const Permission& right,
               std::string_view department = {});

/// The rows of `table` that the caller may see. Errors: as AccessModel::read_scope. May read the
/// disk.
Result<RowScope> table_scope(const ServerContext& server, const Request& request,
                             const TableRef& table);

/// The same where seeing nothing is an answer: no error, and no record of a refusal.
RowScope visible_rows(const ServerContext& server, const Request& request, const TableRef& table);

/// Filters rows of `table` by `scope` and shows the personal fields that the caller may see: in
/// rows where they have `<module>.personal`, and their own everywhere.
RowFilter row_filter(const ServerContext& server, const Request& request, const TableRef& table,
                     RowScope scope, const TableShape& shape);

/// The same for one event.
PersonalReader personal_of(const ServerContext& server, const Request& request,
                           const EventView& event);

/// The events that the caller may see; null = all of them. May read the disk.
std::shared_ptr<const EventScope> events_scope(const ServerContext& server, const Request& request);

/// May the caller append these events as they are? Types that a module owns need the right
/// `events.import`, others `events.append`, each in the event's department. Errors: as
/// AccessModel::require.
Status may_append(const ServerContext& server, const Request& request, const Proposal& proposal);

}  // namespace opsledger
