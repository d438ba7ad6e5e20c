#include "kernel/http/rights.hpp"

#include <set>

namespace opsledger {

namespace {
constexpr Permission kImport{"import", "events.import", 'C'};
constexpr Permission kAppend{"events", "events.append", 'C'};
}  // namespace

Status require(const ServerContext& server, const Request& request, const Permission& right,
               std::string_view department) {
  if (server.services.access == nullptr) return {};
  OPS_TRY(server.services.access->require(right, request.context, department));
  return {};
}

Result<RowScope> table_scope(const ServerContext& server, const Request& request,
                             const TableRef& table) {
  if (server.services.access == nullptr) return RowScope();
  const auto& module = table.module->info().name;
  const std::string name = module + "." + table.info().name;
  return server.services.access->read_scope({module, name, 'V'}, request.context);
}

namespace {

RowScope personal_scope(const ServerContext& server, const Request& request,
                        const std::string& module) {
  if (server.services.access == nullptr) return RowScope();
  return server.services.access->visible({module, module + ".personal", 'V'}, request.context);
}

PersonalReader reader_of(const ServerContext& server, const Request& request) {
  return {server.services.personal, false, request.context.actor};
}

}  // namespace

RowScope visible_rows(const ServerContext& server, const Request& request, const TableRef& table) {
  if (server.services.access == nullptr) return RowScope();
  const auto& module = table.module->info().name;
  return server.services.access->visible({module, module + "." + table.info().name, 'V'},
                                         request.context);
}

RowFilter row_filter(const ServerContext& server, const Request& request, const TableRef& table,
                     RowScope scope, const TableShape& shape) {
  RowFilter filter(std::move(scope), shape, server.services.ledger);
  filter.show_personal(reader_of(server, request),
                       personal_scope(server, request, table.module->info().name));
  return filter;
}

PersonalReader personal_of(const ServerContext& server, const Request& request,
                           const EventView& event) {
  PersonalReader reader = reader_of(server, request);
  const auto owner = server.services.registry.owner(event.type);
  if (owner == nullptr) return reader;
  const auto scope = personal_scope(server, request, owner->info().name);
  reader.all = scope.sees(event.department, event.actor);
  return reader;
}

std::shared_ptr<const EventScope> events_scope(const ServerContext& server,
                                               const Request& request) {
  return event_scope(server.services.access, server.services.registry, request.context);
}

Status may_append(const ServerContext& server, const Request& request, const Proposal& proposal) {
  const auto* access = server.services.access;
  if (access == nullptr || request.context.trusted) return {};
  std::set<std::pair<bool, std::string_view>> kinds;
  for (const auto& event : proposal.events) {
    const bool owned = server.services.registry.owner(event.type) != nullptr;
    kinds.emplace(owned, event.department);
  }
  for (const auto& [owned, department] : kinds) {
    OPS_TRY(access->require(owned ? kImport : kAppend, request.context, department));
  }
  return {};
}

}  // namespace opsledger
