// What a rule would send on account of an event. Reads, never writes.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <vector>

#include "kernel/rules/rule.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/event.hpp"

namespace opsledger {

/// The commands of one rule on one event; none: its condition does not hold.
struct RulePlan {
  struct Command {
    std::string type, department;
    boost::json::value data;
  };
  std::vector<Command> commands;
};

/// Thread safe. What it is given must outlive it.
class RulePlanner {
 public:
  /// `settings`: a module's settings in a department, JSON text; empty: `settings` is empty.
  /// `services`: rows as of the event and working time; null: rules that ask for them fail.
  using Settings = std::function<std::string(std::string_view module, std::string_view department)>;
  RulePlanner(const Registry& registry, const SchemaCatalog& schemas, const HostServices* services,
              Settings settings)
      : registry_(registry),
        schemas_(schemas),
        services_(services),
        settings_(std::move(settings)) {}

  /// Precondition: `event` is of the type rule.on. Errors: kRejected `rule.failed` (an expression
  /// met a value it cannot work with) | `rule.too_many_commands`; kCorrupt (the event's data);
  /// those of the services.
  Result<RulePlan> plan(const Rule& rule, const EventView& event) const;

 private:
  Result<ops::expr::Record> names(const Rule& rule, const EventView& event,
                                  const ops::expr::Environment& environment) const;
  Result<ops::expr::Value> data(const Rule& rule, const EventView& event) const;
  Result<ops::expr::Value> row(const Rule& rule, const EventView& event,
                               const ops::expr::Record& names,
                               const ops::expr::Environment& environment) const;
  ops::expr::Environment environment(const EventView& event) const;

  const Registry& registry_;
  const SchemaCatalog& schemas_;
  const HostServices* services_;
  Settings settings_;
};

}  // namespace opsledger
