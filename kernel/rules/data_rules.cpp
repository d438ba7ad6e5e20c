#include "kernel/rules/data_rules.hpp"

namespace opsledger {

std::vector<RuleInfo> DataRules::rules() const {
  std::vector<RuleInfo> all;
  for (const auto& [id, entry] : catalog_.entries()) {
    if (entry.rule == nullptr) continue;
    const auto module = registry_.owner(entry.rule->on);
    all.push_back({id,
                   entry.version,
                   module ? module->info().name : std::string(),
                   false,
                   entry.rule->label,
                   {entry.rule->on}});
  }
  return all;
}

Result<std::vector<RuleCommand>> DataRules::react(const RuleInfo& info, const EventView& event) {
  const auto rule = catalog_.rule(info.id);
  if (rule == nullptr) return Error{Code::kInternal, "rule.gone", "rule " + info.id + " is gone"};
  auto plan = planner_.plan(*rule, event);
  if (!plan.ok()) {
    Error error = std::move(plan).error();
    const bool later = error.code == Code::kTimeout || error.code == Code::kNotReady;
    if (!later) error.code = Code::kInternal;  // this event will never be understood better
    return error;
  }
  std::vector<RuleCommand> commands;
  for (auto& command : plan->commands) {
    commands.push_back(
        {std::move(command.type), std::move(command.data), std::move(command.department)});
  }
  return commands;
}

}  // namespace opsledger
