#include "kernel/rules/rule_catalog.hpp"

#include <boost/json/serialize.hpp>

#include "kernel/access/json_fields.hpp"
#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace json = boost::json;

std::optional<RuleMode> parse_mode(std::string_view name) {
  for (const auto mode : {RuleMode::kOff, RuleMode::kShadow, RuleMode::kOn}) {
    if (mode_name(mode) == name) return mode;
  }
  return {};
}

Status RuleCatalog::load() {
  const std::lock_guard reading(loading_);
  const auto head = ledger_.accepted().position;
  if (head <= known()) return {};
  ReadOptions options;
  options.after = known();
  options.upto = head;
  options.accepted = true;
  const Query query{{{{kRulePublished, kRuleModeSet}, {}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(query, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) fold(event);
  }
  known_.store(head.value, std::memory_order_release);
  return {};
}

void RuleCatalog::fold(const EventView& event) {
  const auto value = parse_json(event.data);
  if (!value.ok() || !value->is_object()) return;
  const auto& data = value->get_object();
  if (event.type == kRulePublished) return publish(data, event);
  const auto mode = parse_mode(text_field(data, "mode"));
  const std::unique_lock lock(mutex_);
  const auto found = entries_.find(text_field(data, "rule"));
  if (mode && found != entries_.end()) found->second.modes[text_field(data, "department")] = *mode;
}

void RuleCatalog::publish(const json::object& data, const EventView& event) {
  const auto* definition = data.if_contains("definition");
  if (text_field(data, "kind") != "rule" || definition == nullptr || !definition->is_object()) {
    return;  // a module's reaction
  }
  const std::string id = text_field(data, "rule");
  auto rule = read_rule(definition->get_object(), registry_);
  const std::unique_lock lock(mutex_);
  Entry& entry = entries_[id];
  entry.definition = definition->get_object();
  ++entry.version;
  entry.published = event.position;
  entry.by = event.actor;
  entry.rule.reset();
  entry.problem.clear();
  if (rule.ok()) {
    rule->version = entry.version;
    entry.rule = std::make_shared<const Rule>(std::move(*rule));
  } else {
    entry.problem = rule.error().message;
    for (const auto& field : rule.error().fields) {
      entry.problem += "; " + field.pointer + ": " + field.detail;
    }
  }
  revision_.fetch_add(1, std::memory_order_acq_rel);
}

RuleCatalog::Entries RuleCatalog::entries() const {
  const std::shared_lock lock(mutex_);
  return entries_;
}

RuleCatalog::Entry RuleCatalog::entry(std::string_view rule) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(rule);
  return found == entries_.end() ? Entry{} : found->second;
}

std::shared_ptr<const Rule> RuleCatalog::rule(std::string_view id) const {
  return entry(id).rule;
}

NewEvent data_rule_published(const Rule& rule, const json::object& definition,
                             const Registry& registry) {
  NewEvent event;
  event.type = kRulePublished;
  event.tags = {"rule:" + rule.id};
  event.department = rule.department;
  const auto module = registry.owner(rule.on);
  event.data = json::serialize(json::object{{"rule", rule.id},
                                            {"version", rule.version},
                                            {"kind", "rule"},
                                            {"module", module ? module->info().name : ""},
                                            {"always", false},
                                            {"label_en", rule.label.en},
                                            {"label_zh", rule.label.zh},
                                            {"definition", definition}});
  return event;
}

}  // namespace opsledger
