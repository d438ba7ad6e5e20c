#include "kernel/access/role_events.hpp"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "kernel/access/default_roles.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

/// Tags of one event may name at most so many commands.
constexpr std::size_t kDefaultsPerEventMax = 50;

struct NamedCommand {
  std::string module, type;
  char permission_class = 'C';
};
using ByRole = std::map<std::string, std::vector<NamedCommand>>;

std::string default_tag(const std::string& command) {
  return "default:" + command;
}

ByRole named_roles(const Registry& registry) {
  ByRole roles;
  for (const auto& module : registry.modules()) {
    for (const auto& command : module->info().commands) {
      json::error_code failed;
      const auto list = json::parse(command.grants.empty() ? "[]" : command.grants, failed);
      if (failed || !list.is_array()) continue;
      for (const auto& role : list.get_array()) {
        if (!role.is_string() || !is_handle(role.get_string())) continue;
        roles[std::string(role.get_string())].push_back(
            {module->info().name, command.type, command.permission_class});
      }
    }
  }
  return roles;
}

Result<std::set<std::string>> taken_over(const Ledger& ledger, const std::string& role) {
  std::set<std::string> tags;
  ReadOptions options;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor,
                 ledger.read(Query{{{{"role.defined"}, {"role:" + role}}}}, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return tags;
    for (const auto& event : events) {
      for (const auto tag : event.tags()) tags.emplace(tag);
    }
  }
}

bool covers(const Role& role, const NamedCommand& command) {
  const Permission asked{command.module, command.type, command.permission_class};
  return std::ranges::any_of(role.permissions, [&](const RolePermission& each) {
    return each.covers(asked) && each.scope >= Scope::kDepartment;
  });
}

/// The event that brings `role` up to date, or nothing.
Result<std::optional<NewEvent>> update(const Ledger& ledger, Role role, bool is_new,
                                       const std::vector<NamedCommand>& commands,
                                       std::string_view actor) {
  OPS_TRY_ASSIGN(const auto known, taken_over(ledger, role.name));
  std::vector<std::string> tags;
  for (const auto& command : commands) {
    auto tag = default_tag(command.type);
    if (known.contains(tag) || tags.size() == kDefaultsPerEventMax) continue;
    tags.push_back(std::move(tag));
    if (!covers(role, command)) {
      role.permissions.push_back({command.module, 0, command.type, Scope::kDepartment});
    }
  }
  if (!is_new && tags.empty()) return std::optional<NewEvent>();
  auto event = role_defined(role, actor);
  event.tags.insert(event.tags.end(), tags.begin(), tags.end());
  return std::optional(std::move(event));
}

}  // namespace

NewEvent role_defined(const Role& role, std::string_view actor) {
  NewEvent event;
  event.type = "role.defined";
  event.tags = {"role:" + role.name};
  event.actor = actor;
  event.data = json::serialize(to_json(role));
  return event;
}

Status record_default_roles(Ledger& ledger, const AccessModel& model, const Registry& registry,
                            std::string_view actor) {
  OPS_TRY(model.load());
  const auto at = model.known();
  auto roles = model.look([](const ControlState& state) { return state.roles(); });
  std::set<std::string> fresh;
  for (auto& role : default_roles()) {
    const auto name = role.name;
    if (roles.try_emplace(name, std::move(role)).second) fresh.insert(name);
  }
  const auto named = named_roles(registry);
  for (const auto& [name, commands] : named) {
    if (roles.try_emplace(name, Role{name, name, name, {}}).second) fresh.insert(name);
  }
  Proposal proposal;
  for (const auto& [name, role] : roles) {
    const auto commands = named.find(name);
    static const std::vector<NamedCommand> kNone;
    OPS_TRY_ASSIGN(auto event, update(ledger, role, fresh.contains(name),
                                      commands == named.end() ? kNone : commands->second, actor));
    if (event) proposal.events.push_back(std::move(*event));
  }
  if (proposal.events.empty()) return {};
  proposal.condition = AppendCondition{Query{{{{"role.defined"}, {}}}}, at};
  OPS_TRY(append_and_wait(ledger, std::move(proposal)));
  return model.load();
}

}  // namespace opsledger
