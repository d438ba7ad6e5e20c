#include "kernel/app/kernel_events.hpp"

#include <boost/json.hpp>

#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

template <class Items, class Name>
json::array names(const Items& items, Name name) {
  json::array out;
  for (const auto& item : items) out.emplace_back(name(item));
  return out;
}

/// Appends under the condition that nothing matches `item`; already there = success. Looks first,
/// so that a ledger that takes no appends (a full disk) can still be opened and read.
Status append_once(Ledger& ledger, NewEvent event, QueryItem item) {
  ReadOptions one;
  one.limit = 1;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(Query{{item}}, one));
  OPS_TRY_ASSIGN(const auto found, cursor->next());
  if (!found.empty()) return {};
  Proposal proposal;
  event.actor = kSystemActor;
  proposal.events.push_back(std::move(event));
  proposal.condition = AppendCondition{Query{{std::move(item)}}, Position{0}};
  const auto outcome = append_and_wait(ledger, std::move(proposal));
  if (!outcome && outcome.error().code != Code::kConflict) return outcome.error();
  return {};
}

}  // namespace

NewEvent ledger_created(const LedgerId& id) {
  NewEvent event;
  event.type = "ledger.created";
  event.actor = kSystemActor;
  event.tags = {"ledger:" + hex(id.bytes)};
  event.data = json::serialize(json::object{{"id", hex(id.bytes)}});
  return event;
}

NewEvent ledger_backfilled(const std::string& source, Time from, Time to) {
  NewEvent event;
  event.type = "ledger.backfilled";
  event.actor = kSystemActor;
  event.data = json::serialize(
      json::object{{"source", source}, {"from", rfc3339(from)}, {"to", rfc3339(to)}});
  return event;
}

Status record_ledger_created(Ledger& ledger) {
  return append_once(ledger, ledger_created(ledger.id()), {{"ledger.created"}, {}});
}

Status record_backfilled(Ledger& ledger, const std::string& source, Time from, Time to) {
  Proposal proposal;
  proposal.events.push_back(ledger_backfilled(source, from, to));
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
  static_cast<void>(outcome);
  return {};
}

Status record_module_installed(Ledger& ledger, SchemaCatalog& schemas, const ModuleInfo& module) {
  for (const auto& type : module.event_types) {
    if (!type.owned || !type.schema) continue;
    OPS_TRY(schemas.ensure(ledger, type.type, type.version, type.schema));
  }
  const auto hash = hex(module.hash.bytes);
  NewEvent event;
  event.type = "module.installed";
  event.tags = {"module:" + module.name, "module_hash:" + hash};
  json::array events;
  for (const auto& type : module.event_types) {
    if (type.owned) events.emplace_back(type.type);
  }
  event.data = json::serialize(json::object{
      {"module", module.name},
      {"version", module.version},
      {"hash", hash},
      {"prefixes", json::array(module.prefixes.begin(), module.prefixes.end())},
      {"events", std::move(events)},
      {"commands", names(module.commands, [](const auto& command) { return command.type; })},
      {"tables", names(module.tables, [](const auto& table) { return table.name; })}});
  QueryItem same{{event.type}, event.tags};
  return append_once(ledger, std::move(event), std::move(same));
}

}  // namespace opsledger
