// The reactions that loaded modules declare, as a source of rules.
#pragma once

#include <map>
#include <memory>

#include "kernel/modules/registry.hpp"
#include "kernel/plugin/event_resolver.hpp"
#include "kernel/reactions/reaction_source.hpp"

namespace opsledger {

/// Rule ids are `<module>.<reaction>`. What it is given must outlive it; `services` may be null.
class PluginReactions final : public ReactionSource {
 public:
  PluginReactions(const Registry& registry, const SchemaCatalog& schemas,
                  const HostServices* services);
  std::uint64_t revision() const override { return 1; }
  std::vector<RuleInfo> rules() const override;
  Result<std::vector<RuleCommand>> react(const RuleInfo& rule, const EventView& event) override;

 private:
  struct Reaction {
    RuleInfo rule;
    std::shared_ptr<PluginInstance> module;
    std::uint32_t index = 0;
    std::unique_ptr<EventResolver> resolver;
  };
  Result<RuleCommand> to_command(const Reaction& reaction, const SentCommand& sent) const;

  const HostServices* services_;
  std::map<std::string, Reaction, std::less<>> reactions_;
};

}  // namespace opsledger
