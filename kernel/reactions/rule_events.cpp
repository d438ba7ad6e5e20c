#include "kernel/reactions/rule_events.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace opsledger {

namespace json = boost::json;

namespace {

std::string trigger_tag(std::string_view rule, Position trigger, std::size_t number) {
  std::string tag = "trigger:" + std::string(rule) + ":" + std::to_string(trigger.value);
  if (number > 0) tag += "." + std::to_string(number);
  return tag;
}

NewEvent rule_event(const char* type, std::string_view rule, json::object data) {
  NewEvent event;
  event.type = type;
  event.actor = "opsledger";
  event.tags = {"rule:" + std::string(rule)};
  data["rule"] = rule;
  event.data = json::serialize(data);
  return event;
}

NewEvent about_trigger(const char* type, const RuleInfo& rule, Position trigger, std::size_t number,
                       json::object data) {
  data["version"] = rule.version;
  data["trigger"] = trigger.value;
  NewEvent event = rule_event(type, rule.id, std::move(data));
  event.tags.push_back(trigger_tag(rule.id, trigger, number));
  event.causation = trigger;
  return event;
}

}  // namespace

std::string_view mode_name(RuleMode mode) {
  switch (mode) {
    case RuleMode::kOff:
      return "off";
    case RuleMode::kShadow:
      return "shadow";
    case RuleMode::kOn:
      return "on";
  }
  return "off";
}

QueryItem trigger_item(std::string_view rule, Position trigger, std::size_t number) {
  return {{kRuleFired, kRuleWouldHaveFired, kRuleHalted}, {trigger_tag(rule, trigger, number)}};
}

NewEvent rule_published(const RuleInfo& rule) {
  return rule_event(kRulePublished, rule.id,
                    {{"version", rule.version},
                     {"kind", "reaction"},
                     {"module", rule.module},
                     {"always", rule.always},
                     {"label_en", rule.label.en},
                     {"label_zh", rule.label.zh}});
}

NewEvent rule_mode_set(std::string_view rule, std::string_view department, RuleMode mode) {
  NewEvent event =
      rule_event(kRuleModeSet, rule, {{"department", department}, {"mode", mode_name(mode)}});
  if (department != "*") event.department = department;
  return event;
}

NewEvent rule_fired(const RuleInfo& rule, Position trigger, std::size_t number,
                    const RuleCommand& command, const Error* refusal) {
  json::object data{{"number", number}, {"command", command.type}};
  if (refusal == nullptr) {
    data["outcome"] = "accepted";
  } else {
    data["outcome"] = refusal->code == Code::kRejected ? "rejected" : "failed";
    data["code"] = refusal->reason;
    data["message"] = refusal->message;
  }
  return about_trigger(kRuleFired, rule, trigger, number, std::move(data));
}

NewEvent rule_would_have_fired(const RuleInfo& rule, Position trigger,
                               const std::vector<RuleCommand>& commands) {
  json::array list;
  for (const auto& command : commands) {
    list.push_back(
        {{"type", command.type}, {"data", command.data}, {"department", command.department}});
  }
  return about_trigger(kRuleWouldHaveFired, rule, trigger, 0, {{"commands", std::move(list)}});
}

NewEvent rule_halted(const RuleInfo& rule, Position trigger, std::string_view why,
                     std::size_t commands) {
  return about_trigger(kRuleHalted, rule, trigger, 0, {{"why", why}, {"commands", commands}});
}

NewEvent rule_progressed(std::string_view rule, Position position) {
  return rule_event(kRuleProgressed, rule, {{"position", position.value}});
}

}  // namespace opsledger
