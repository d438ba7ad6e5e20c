#include "kernel/reactions/rule_book.hpp"

#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace {

std::optional<RuleMode> mode_of(std::string_view name) {
  for (const RuleMode mode : {RuleMode::kOff, RuleMode::kShadow, RuleMode::kOn}) {
    if (mode_name(mode) == name) return mode;
  }
  return {};
}

}  // namespace

Status RuleBook::read(const Ledger& ledger, Position upto) {
  if (read_ >= upto) return {};
  ReadOptions options;
  options.after = read_;
  options.upto = upto;
  const Query about{{{{kRulePublished, kRuleModeSet, kRuleProgressed}, {}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(about, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) fold(event);
  }
  read_ = upto;
  return {};
}

void RuleBook::fold(const EventView& event) {
  const auto value = parse_json(event.data);
  if (!value.ok() || !value->is_object()) return;
  const auto& data = value->get_object();
  const auto text = [&](std::string_view name) -> std::string {
    const auto* field = data.if_contains(name);
    return field != nullptr && field->is_string() ? std::string(field->get_string()) : "";
  };
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const auto* field = data.if_contains(name);
    boost::system::error_code wrong;
    return field == nullptr ? 0 : field->to_number<std::uint64_t>(wrong);
  };
  Known& known = rules_[text("rule")];
  if (event.type == kRulePublished) {
    if (!known.version) known.progress = std::max(known.progress, event.position);
    known.version = static_cast<unsigned>(number("version"));
  } else if (event.type == kRuleProgressed) {
    known.progress = std::max(known.progress, Position{number("position")});
  } else if (const auto mode = mode_of(text("mode"))) {
    known.modes[text("department")][event.position] = *mode;
  }
}

const RuleBook::Known* RuleBook::find(std::string_view rule) const {
  const auto found = rules_.find(rule);
  return found == rules_.end() ? nullptr : &found->second;
}

RuleMode RuleBook::mode(std::string_view rule, std::string_view department, Position at) const {
  const Known* known = find(rule);
  if (known == nullptr) return otherwise_;
  for (const std::string_view whose : {department, std::string_view("*")}) {
    const auto modes = known->modes.find(whose);
    if (modes == known->modes.end()) continue;
    const auto after = modes->second.upper_bound(at);
    if (after != modes->second.begin()) return std::prev(after)->second;
  }
  return otherwise_;
}

std::optional<unsigned> RuleBook::version(std::string_view rule) const {
  const Known* known = find(rule);
  return known == nullptr ? std::nullopt : known->version;
}

Position RuleBook::progress(std::string_view rule) const {
  const Known* known = find(rule);
  return known == nullptr ? Position{} : known->progress;
}

}  // namespace opsledger
