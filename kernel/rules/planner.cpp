#include "kernel/rules/planner.hpp"

#include <opsledger/expression/json.hpp>

namespace opsledger {

namespace expr = ops::expr;

namespace {

expr::Value list_of(const std::vector<std::string_view>& texts) {
  expr::List list;
  for (const auto text : texts) list.emplace_back(std::string(text));
  return list;
}

expr::Record envelope(const EventView& event) {
  const auto text = [](std::string_view view) { return std::string(view); };
  return {{"type", text(event.type)},
          {"position", static_cast<std::int64_t>(event.position.value)},
          {"time", ops::Time{event.time.us}},
          {"recorded_at", ops::Time{event.recorded_at.us}},
          {"actor", text(event.actor)},
          {"department", text(event.department)},
          {"correlation", text(event.correlation)},
          {"tags", list_of(event.tags())}};
}

Error failed(const Rule& rule, const std::string& why) {
  return {Code::kRejected, "rule.failed", "rule " + rule.versioned_id() + ": " + why};
}

/// What the kernel said "no" to inside an expression.
[[noreturn]] void refuse(const Error& error) {
  throw ops::ValueError(error.message);
}

}  // namespace

expr::Environment RulePlanner::environment(const EventView& event) const {
  expr::Environment environment;
  environment.local_date = [](ops::Time time) { return time.date(std::chrono::hours(8)); };
  if (services_ == nullptr) return environment;
  environment.workhours = [this, at = event.position, own = std::string(event.department)](
                              ops::Time from, ops::Time to, std::string_view department) {
    const auto span = services_->working_between(department.empty() ? own : department,
                                                 Time{from.us}, Time{to.us}, at);
    if (!span.ok()) refuse(span.error());
    constexpr std::int64_t kTenThousandthOfHour_us = 360'000;
    return ops::Decimal(span->count() / kTenThousandthOfHour_us, 4U);
  };
  return environment;
}

Result<expr::Value> RulePlanner::data(const Rule& rule, const EventView& event) const {
  const auto* type = registry_.event_type(rule.on);
  const auto reader = type != nullptr ? type->schema : nullptr;
  std::string text;
  if (event.schema.is_json()) {
    text = event.data;
  } else if (reader == nullptr || event.schema == reader->id()) {
    const auto schema = reader ? reader : schemas_.find(event.schema);
    if (schema == nullptr) return failed(rule, "the schema of its event is unknown");
    OPS_TRY(schema->decode_to(event.data, &text));
  } else {  // an older or newer shape
    OPS_TRY_ASSIGN(const auto resolution, schemas_.resolution(event.schema, reader));
    Bytes converted;
    OPS_TRY(resolution->convert(event.data, &converted));
    OPS_TRY(reader->decode_to(converted, &text));
  }
  try {
    return expr::value_of(ops::Json::parse(text), rule.data_shape);
  } catch (const ops::DecodeError& error) {
    return failed(rule, error.what());
  }
}

Result<expr::Value> RulePlanner::row(const Rule& rule, const EventView& event,
                                     const expr::Record& names,
                                     const expr::Environment& environment) const {
  if (services_ == nullptr) return failed(rule, "rows cannot be looked up here");
  const auto key = rule.row->key.render(names, environment);
  if (!key.is_string() || key.get_string().empty()) return expr::Value();
  OPS_TRY_ASSIGN(const auto found,
                 services_->lookup(rule.row->table, key.get_string(), event.position));
  if (!found) return expr::Value();
  return expr::value_of(ops::Json::parse(*found), rule.row_shape);
}

Result<expr::Record> RulePlanner::names(const Rule& rule, const EventView& event,
                                        const expr::Environment& environment) const {
  expr::Record names{{"event", envelope(event)}};
  OPS_TRY_ASSIGN(auto data_value, data(rule, event));
  names.set("data", std::move(data_value));
  const auto module = registry_.owner(rule.on);
  if (settings_ && module != nullptr) {
    const auto text = settings_(module->info().name, event.department);
    names.set("settings", expr::value_of(ops::Json::parse(text)));
  }
  if (rule.row) {
    OPS_TRY_ASSIGN(auto found, row(rule, event, names, environment));
    names.set("row", std::move(found));
  }
  return names;
}

Result<RulePlan> RulePlanner::plan(const Rule& rule, const EventView& event) const {
  RulePlan plan;
  if (!rule.department.empty() && event.department != rule.department) return plan;
  try {
    const auto surroundings = environment(event);
    OPS_TRY_ASSIGN(auto named, names(rule, event, surroundings));
    if (rule.condition && !rule.condition->test(named, surroundings)) return plan;
    const auto add = [&](const Rule::Command& command) {
      std::string department(event.department);
      if (command.department) {
        const auto text = command.department->render(named, surroundings);
        department = text.is_string() ? std::string(text.get_string()) : std::string();
      }
      plan.commands.push_back(
          {command.type, std::move(department), command.data.render(named, surroundings)});
    };
    for (const auto& command : rule.commands) {
      if (!command.each) {
        add(command);
        continue;
      }
      const auto list = command.each->evaluate(named, surroundings);
      const auto* elements = list.get<expr::List>();
      if (elements == nullptr) continue;
      for (const auto& element : *elements) {
        if (plan.commands.size() > rule.limit) break;
        named.set("each", element);
        add(command);
      }
      named.set("each", nullptr);
    }
  } catch (const std::exception& error) {  // ExpressionError, DecodeError
    return failed(rule, error.what());
  }
  if (plan.commands.size() > rule.limit) {
    return Error{Code::kRejected, "rule.too_many_commands",
                 "rule " + rule.versioned_id() + " would send more than " +
                     std::to_string(rule.limit) + " commands on one event; raise its limit"};
  }
  return plan;
}

}  // namespace opsledger
