// Published rules as a source of the reaction runner.
#pragma once

#include "kernel/reactions/reaction_source.hpp"
#include "kernel/rules/planner.hpp"
#include "kernel/rules/rule_catalog.hpp"

namespace opsledger {

/// Rules that do not fit the loaded modules are not run. What it is given must outlive it.
class DataRules final : public ReactionSource {
 public:
  DataRules(const RuleCatalog& catalog, const RulePlanner& planner, const Registry& registry)
      : catalog_(catalog), planner_(planner), registry_(registry) {}
  std::uint64_t revision() const override { return catalog_.revision(); }
  std::vector<RuleInfo> rules() const override;
  Result<std::vector<RuleCommand>> react(const RuleInfo& rule, const EventView& event) override;

 private:
  const RuleCatalog& catalog_;
  const RulePlanner& planner_;
  const Registry& registry_;
};

}  // namespace opsledger
