#include "kernel/rules/rule_administration.hpp"

#include <boost/json.hpp>

#include "kernel/rules/limits.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

json::object modes_json(const std::map<std::string, RuleMode>& modes) {
  json::object object;
  for (const auto& [department, mode] : modes) object[department] = mode_name(mode);
  return object;
}

Error unknown(const std::string& rule) {
  return {Code::kNotFound, "rule.unknown", "there is no rule '" + rule + "'"};
}

/// A new version is not on anywhere before it was tried.
std::vector<NewEvent> modes_after_publication(const Rule& rule, const RuleCatalog::Entry& before) {
  std::vector<NewEvent> events{rule_mode_set(rule.id, "*", rule.mode)};
  for (const auto& [department, mode] : before.modes) {
    if (department == "*" || mode != RuleMode::kOn) continue;
    events.push_back(rule_mode_set(rule.id, department, rule.mode));
  }
  return events;
}

}  // namespace

Result<std::vector<QueryItem>> RuleAdministration::require(std::string_view right,
                                                           char permission_class,
                                                           std::string_view department,
                                                           const RequestContext& context) const {
  if (access_ == nullptr) return std::vector<QueryItem>();
  OPS_TRY(access_->load());
  OPS_TRY_ASSIGN(auto grant, access_->require({"rule", right, permission_class}, context,
                                              department == "*" ? "" : department));
  return std::move(grant.guard);
}

Status RuleAdministration::require_commands(const Rule& rule, const RequestContext& context) const {
  if (access_ == nullptr || rule.department.empty()) return {};
  for (const auto& command : rule.commands) {
    const auto found = registry_.command(command.type);
    if (!found) continue;
    const Permission asked{found->module->info().name, command.type,
                           found->info().permission_class};
    OPS_TRY(access_->require(asked, context, rule.department));
  }
  return {};
}

Result<Position> RuleAdministration::append(std::vector<NewEvent> events,
                                            std::vector<QueryItem> guard, const std::string& rule,
                                            Position at, const RequestContext& context) {
  Proposal proposal;
  for (auto& event : events) {
    event.actor = context.actor;
    if (!context.reason.empty()) event.metadata.emplace_back("reason", context.reason);
    proposal.events.push_back(std::move(event));
  }
  guard.push_back({{kRulePublished, kRuleModeSet}, {"rule:" + rule}});
  proposal.condition = AppendCondition{Query{std::move(guard)}, at};
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger_, std::move(proposal)));
  OPS_TRY(catalog_.load());
  return outcome.first;
}

bool RuleAdministration::is_reaction(std::string_view rule, bool* always) const {
  const auto dot = rule.find('.');
  const auto module = dot == rule.npos ? nullptr : registry_.module(rule.substr(0, dot));
  if (module == nullptr) return false;
  for (const auto& reaction : module->info().reactions) {
    if (reaction.name != rule.substr(dot + 1)) continue;
    *always = reaction.always;
    return true;
  }
  return false;
}

Result<RuleAdministration::Published> RuleAdministration::publish(const json::object& definition,
                                                                  const RequestContext& context) {
  if (json::serialize(definition).size() > rule_limits::kDefinitionBytesMax) {
    return Error{Code::kTooLarge, "rule.too_large", "a rule has 32 KiB at most"};
  }
  OPS_TRY_ASSIGN(auto rule, read_rule(definition, registry_));
  bool always = false;
  if (is_reaction(rule.id, &always)) {
    return Error{Code::kInvalid,
                 "rule.invalid",
                 "rule '" + rule.id + "' is wrong",
                 {{"/id", "a module's reaction has this id"}}};
  }
  for (unsigned tries = 1;; ++tries) {
    OPS_TRY(catalog_.load());
    const auto at = catalog_.known();
    OPS_TRY_ASSIGN(auto guard, require("rule.publish", 'M', rule.department, context));
    const auto before = catalog_.entry(rule.id);
    if (before.version > 0 && before.definition == definition) {
      return Published{rule.id, before.version, before.published, false};
    }
    if (before.version > 0 && before.definition.contains("department")) {  // whose rule it is
      OPS_TRY(
          require("rule.publish", 'M', before.definition.at("department").as_string(), context));
    } else if (before.version > 0) {
      OPS_TRY(require("rule.publish", 'M', "", context));
    }
    if (before.version == 0 && catalog_.entries().size() >= rule_limits::kRulesMax) {
      return Error{Code::kRejected, "rule.too_many", "there are 1,000 rules already"};
    }
    OPS_TRY(require_commands(rule, context));
    rule.version = before.version + 1;
    auto events = modes_after_publication(rule, before);
    events.insert(events.begin(), data_rule_published(rule, definition, registry_));
    auto position = append(std::move(events), std::move(guard), rule.id, at, context);
    if (position.ok()) return Published{rule.id, rule.version, *position, true};
    const bool again = position.error().code == Code::kConflict;
    if (!again || tries == rule_limits::kTriesMax) return std::move(position).error();
  }
}

bool RuleAdministration::tried(const std::string& rule, unsigned version) {
  const std::lock_guard lock(mutex_);
  return tried_.contains({rule, version});
}

Result<Position> RuleAdministration::set_mode(const std::string& rule,
                                              const std::string& department, RuleMode mode,
                                              const RequestContext& context) {
  OPS_TRY(catalog_.load());
  const auto at = catalog_.known();
  OPS_TRY_ASSIGN(auto guard, require("rule.set_mode", 'M', department, context));
  const auto entry = catalog_.entry(rule);
  bool always = false;
  if (entry.version == 0 && !is_reaction(rule, &always)) return unknown(rule);
  if (always) {
    return Error{Code::kRejected, "rule.always_on", "the reaction " + rule + " is always on"};
  }
  if (mode == RuleMode::kOn && entry.version > 0 && !tried(rule, entry.version)) {
    return Error{Code::kRejected, "rule.dry_run_required",
                 "version " + std::to_string(entry.version) + " of rule " + rule +
                     " was not tried yet; do a dry run on history first"};
  }
  return append({rule_mode_set(rule, department, mode)}, std::move(guard), rule, at, context);
}

namespace {

/// Collects what a dry run shows.
class DryRun {
 public:
  DryRun(const Rule& rule, const RulePlanner& planner, std::string department)
      : rule_(rule), planner_(planner), department_(std::move(department)) {}

  /// False: enough.
  bool look(const EventView& event) {
    if (examined_ == rule_limits::kDryRunEventsMax) return false;
    ++examined_;
    last_ = event.position;
    if (!department_.empty() && event.department != department_) return true;
    const auto plan = planner_.plan(rule_, event);
    json::object firing{{"position", event.position.value}, {"department", event.department}};
    if (!plan.ok()) {
      ++failed_;
      firing["error"] = plan.error().message;
    } else if (plan->commands.empty()) {
      return true;
    } else {
      ++fired_;
      firing["commands"] = commands(*plan);
    }
    if (firings_.size() < rule_limits::kDryRunListedMax) firings_.push_back(std::move(firing));
    return true;
  }
  json::object result(Position from, Position upto, bool complete) {
    return {{"rule", rule_.id},
            {"version", rule_.version},
            {"from", from.value},
            {"to", complete ? upto.value : last_.value},
            {"examined", examined_},
            {"fired", fired_},
            {"failed", failed_},
            {"complete", complete},
            {"firings", std::move(firings_)}};
  }

 private:
  static json::array commands(const RulePlan& plan) {
    json::array list;
    for (const auto& command : plan.commands) {
      list.push_back(
          {{"command", command.type}, {"department", command.department}, {"data", command.data}});
    }
    return list;
  }

  const Rule& rule_;
  const RulePlanner& planner_;
  const std::string department_;
  std::uint64_t examined_ = 0, fired_ = 0, failed_ = 0;
  Position last_{};
  json::array firings_;
};

}  // namespace

Result<json::object> RuleAdministration::dry_run(const std::string& rule, const Range& range,
                                                 const RequestContext& context) {
  OPS_TRY(require("rule.dry_run", 'M', range.department, context));
  OPS_TRY(catalog_.load());
  const auto entry = catalog_.entry(rule);
  if (entry.version == 0) return unknown(rule);
  if (entry.rule == nullptr) {
    return Error{Code::kRejected, "rule.not_loaded",
                 "rule " + rule + " cannot run: " + entry.problem};
  }
  const Position from{std::max<std::uint64_t>(range.from.value, 1)};
  const Position head = ledger_.durable().position;
  const Position upto = range.upto.value == 0 ? head : std::min(range.upto, head);
  ReadOptions options;
  options.after = Position{from.value - 1};
  options.upto = upto;
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(Query{{{{entry.rule->on}, {}}}}, options));
  DryRun run(*entry.rule, planner_, range.department);
  bool complete = true;
  while (complete) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) complete = complete && run.look(event);
  }
  const std::lock_guard lock(mutex_);
  tried_.emplace(rule, entry.version);
  return run.result(from, upto, complete);
}

Result<json::array> RuleAdministration::list(const RequestContext& context) {
  OPS_TRY(require("rule.list", 'V', context.department, context));
  OPS_TRY(catalog_.load());
  json::array list;
  for (const auto& [id, entry] : catalog_.entries()) {
    json::object shown = entry.definition;
    shown["version"] = entry.version;
    shown["kind"] = "rule";
    shown["modes"] = modes_json(entry.modes);
    shown["published"] = entry.published.value;
    shown["published_by"] = entry.by;
    shown["problem"] = entry.problem.empty() ? json::value() : json::value(entry.problem);
    list.push_back(std::move(shown));
  }
  for (const auto& module : registry_.modules()) {
    for (const auto& reaction : module->info().reactions) {
      list.push_back({{"id", module->info().name + "." + reaction.name},
                      {"version", reaction.version},
                      {"kind", "reaction"},
                      {"always", reaction.always},
                      {"label", {{"en", reaction.label.en}, {"zh", reaction.label.zh}}}});
    }
  }
  return list;
}

}  // namespace opsledger
