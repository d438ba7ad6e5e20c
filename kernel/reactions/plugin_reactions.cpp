#include "kernel/reactions/plugin_reactions.hpp"

#include "kernel/schema/json_parse.hpp"

namespace opsledger {

PluginReactions::PluginReactions(const Registry& registry, const SchemaCatalog& schemas,
                                 const HostServices* services)
    : services_(services) {
  for (const auto& module : registry.modules()) {
    const ModuleInfo& info = module->info();
    for (std::uint32_t i = 0; i < info.reactions.size(); ++i) {
      const ReactionInfo& declared = info.reactions[i];
      Reaction reaction;
      reaction.rule = {info.name + "." + declared.name,
                       declared.version,
                       info.name,
                       declared.always,
                       declared.label,
                       {}};
      for (const auto type : declared.event_types) {
        reaction.rule.event_types.push_back(info.event_types[type].type);
      }
      reaction.module = module;
      reaction.index = i;
      reaction.resolver = std::make_unique<EventResolver>(*module, schemas, declared.event_types);
      reactions_.emplace(reaction.rule.id, std::move(reaction));
    }
  }
}

std::vector<RuleInfo> PluginReactions::rules() const {
  std::vector<RuleInfo> all;
  for (const auto& [id, reaction] : reactions_) all.push_back(reaction.rule);
  return all;
}

Result<std::vector<RuleCommand>> PluginReactions::react(const RuleInfo& rule,
                                                        const EventView& event) {
  Reaction& reaction = reactions_.find(rule.id)->second;
  OPS_TRY_ASSIGN(const auto resolved, reaction.resolver->resolve({&event, 1}));
  std::vector<RuleCommand> commands;
  if (resolved.empty()) return commands;
  OPS_TRY_ASSIGN(const auto sent,
                 reaction.module->react(reaction.index, resolved, services_, event.position));
  for (const auto& each : sent) {
    OPS_TRY_ASSIGN(auto command, to_command(reaction, each));
    commands.push_back(std::move(command));
  }
  return commands;
}

Result<RuleCommand> PluginReactions::to_command(const Reaction& reaction,
                                                const SentCommand& sent) const {
  const CallInfo& call = reaction.module->info().calls[sent.call];
  RuleCommand command{call.type, {}, {}};
  if (call.schema) {
    OPS_TRY_ASSIGN(command.data, call.schema->decode(sent.data));
  } else {
    OPS_TRY_ASSIGN(command.data, parse_json(sent.data));
  }
  return command;
}

}  // namespace opsledger
