// JSON → Rule.
#include <boost/json.hpp>
#include <opsledger/expression/json.hpp>

#include "kernel/access/permission.hpp"
#include "kernel/rules/limits.hpp"
#include "kernel/rules/rule.hpp"

namespace opsledger {

namespace json = boost::json;
namespace expr = ops::expr;

namespace {

using expr::Kind;
using expr::Shape;

class RuleReader {
 public:
  RuleReader(const json::object& from, const Registry& registry)
      : from_(from), registry_(registry) {}

  Result<Rule> run() {
    known_members();
    rule_.id = text("id");
    if (!is_handle(rule_.id)) wrong("/id", "expected 1 to 64 of A-Z a-z 0-9 . _ -");
    rule_.on = text("on");
    rule_.owner = text("owner", "");
    rule_.department = text("department", "");
    if (!rule_.department.empty() && !is_department(rule_.department)) {
      wrong("/department", "expected a department's id");
    }
    mode();
    limit();
    labels();
    trigger();
    commands();
    if (!absent_.empty() && errors_.empty()) {
      return Error{Code::kNotFound, "rule.module_absent",
                   "rule " + rule_.id + " needs what no loaded module has: " + absent_};
    }
    if (errors_.empty()) return std::move(rule_);
    return Error{Code::kInvalid, "rule.invalid", "rule '" + rule_.id + "' is wrong",
                 std::move(errors_)};
  }

 private:
  void wrong(std::string pointer, std::string detail) {
    errors_.push_back({std::move(pointer), std::move(detail)});
  }
  void missing(const std::string& what) { absent_ += (absent_.empty() ? "" : ", ") + what; }
  void take(Error error) {
    for (auto& field : error.fields) errors_.push_back(std::move(field));
  }

  void known_members() {
    for (const auto& member : from_) {
      static constexpr std::string_view kKnown[] = {
          "id", "on", "if", "row", "do", "mode", "limit", "owner", "label", "department"};
      const std::string_view name = member.key();
      if (std::ranges::find(kKnown, name) == std::end(kKnown)) {
        wrong("/" + std::string(name), "unknown field");
      }
    }
  }
  std::string text(std::string_view name, std::optional<std::string> otherwise = {}) {
    const auto* value = from_.if_contains(name);
    if (value == nullptr && otherwise) return *otherwise;
    if (value != nullptr && value->is_string()) return std::string(value->get_string());
    wrong("/" + std::string(name), "expected a text");
    return {};
  }
  /// `on` comes after a dry run, never with the publication.
  void mode() {
    const auto named = text("mode", "shadow");
    if (named != "shadow" && named != "off") wrong("/mode", "expected off or shadow");
    if (named == "off") rule_.mode = RuleMode::kOff;
  }
  void limit() {
    const auto* value = from_.if_contains("limit");
    rule_.limit = rule_limits::kCommandsPerTriggerMax;
    if (value == nullptr) return;
    if (!value->is_int64() || value->get_int64() < 1 ||
        value->get_int64() > rule_limits::kCommandsPerTriggerMax) {
      return wrong("/limit", "expected 1 to " +
                                 std::to_string(rule_limits::kCommandsPerTriggerMax) + " commands");
    }
    rule_.limit = static_cast<unsigned>(value->get_int64());
  }
  void labels() {
    const auto* label = from_.if_contains("label");
    if (label == nullptr) return;
    if (!label->is_object()) return wrong("/label", "expected {\"en\",\"zh\"}");
    for (const auto& member : label->get_object()) {
      const bool zh = member.key() == "zh";
      if ((!zh && member.key() != "en") || !member.value().is_string()) {
        wrong("/label", "expected texts en and zh");
      } else {
        (zh ? rule_.label.zh : rule_.label.en) = member.value().get_string();
      }
    }
  }

  /// The event, the row beside it, and the condition over both.
  void trigger() {
    const auto* type = registry_.event_type(rule_.on);
    if (type == nullptr) {
      if (registry_.owner(rule_.on) != nullptr) {
        wrong("/on", "its module has no event type '" + rule_.on + "'");
      } else {
        missing("event " + rule_.on);
      }
    }
    const TableInfo* row = read_row();
    if (type != nullptr) {
      names_ = names_shape(*type, row);
      rule_.data_shape = names_.fields()->at("data");
      if (row != nullptr) rule_.row_shape = names_.fields()->at("row");
    }
    if (rule_.row && row != nullptr && type != nullptr) {
      TypeNode key;
      key.kind = TypeNode::Kind::kString;
      rule_.row->key.check(key, names_shape(*type, nullptr), "/row/key", &errors_);
    }
    const auto* condition = from_.if_contains("if");
    if (condition == nullptr) return;
    if (!condition->is_string()) return wrong("/if", "expected an expression");
    auto parsed = parse_expression(condition->get_string(), "/if");
    if (!parsed.ok()) return take(std::move(parsed).error());
    check(*parsed, "/if", {Kind::kBool});
    rule_.condition = std::move(*parsed);
  }
  void check(const ops::Expression& expression, const std::string& pointer,
             std::initializer_list<Kind> kinds) {
    try {
      const auto shape = expression.check(names_);
      if (shape.is_unknown() || shape.kind() == Kind::kNull) return;
      if (std::ranges::find(kinds, *shape.kind()) == kinds.end()) {
        wrong(pointer, std::string("expected ") + name_of(*kinds.begin()) + ", not " + shape.str());
      }
    } catch (const ops::ExpressionError& error) {
      wrong(pointer, error.what());
    }
  }
  const TableInfo* read_row() {
    const auto* value = from_.if_contains("row");
    if (value == nullptr) return nullptr;
    const auto* row = value->if_object();
    const auto* table = row != nullptr ? row->if_contains("table") : nullptr;
    const auto* key = row != nullptr ? row->if_contains("key") : nullptr;
    if (table == nullptr || !table->is_string() || key == nullptr || !key->is_string()) {
      wrong("/row", "expected {\"table\",\"key\"}");
      return nullptr;
    }
    auto parsed = JsonTemplate::parse(*key, "/row/key");
    if (!parsed.ok()) return take(std::move(parsed).error()), nullptr;
    rule_.row = Rule::Row{std::string(table->get_string()), std::move(*parsed)};
    const auto found = registry_.table(rule_.row->table);
    if (!found) return missing("table " + rule_.row->table), nullptr;
    return &found->info();
  }

  void commands() {
    const auto* list = from_.if_contains("do");
    const auto* array = list != nullptr ? list->if_array() : nullptr;
    if (array == nullptr || array->empty() || array->size() > rule_limits::kTemplatesMax) {
      return wrong("/do",
                   "expected 1 to " + std::to_string(rule_limits::kTemplatesMax) + " commands");
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
      const std::string base = "/do/" + std::to_string(i);
      const auto* object = (*array)[i].if_object();
      if (object == nullptr) {
        wrong(base, "expected {\"command\",\"data\"}");
      } else {
        command(*object, base);
      }
    }
  }
  void command(const json::object& from, const std::string& base) {
    const auto* type = from.if_contains("command");
    if (type == nullptr || !type->is_string()) return wrong(base + "/command", "expected a text");
    const auto* data = from.if_contains("data");
    const json::value nothing = json::object{};
    auto parsed = JsonTemplate::parse(data != nullptr ? *data : nothing, base + "/data");
    if (!parsed.ok()) return take(std::move(parsed).error());
    Rule::Command command{std::string(type->get_string()), std::move(*parsed), {}, {}};
    const Shape before = names_;
    if (const auto* each = from.if_contains("each")) read_each(*each, base, &command);
    if (const auto* department = from.if_contains("department")) {
      auto text = JsonTemplate::parse(*department, base + "/department");
      if (!text.ok()) return take(std::move(text).error());
      TypeNode string;
      string.kind = TypeNode::Kind::kString;
      if (!names_.is_unknown()) text->check(string, names_, base + "/department", &errors_);
      if (!rule_.department.empty()) {
        wrong(base + "/department", "a rule of one department sends its commands there");
      }
      command.department = std::move(*text);
    }
    fits(command, base);
    names_ = before;
    rule_.commands.push_back(std::move(command));
  }
  void read_each(const json::value& each, const std::string& base, Rule::Command* command) {
    if (!each.is_string()) return wrong(base + "/each", "expected an expression");
    auto parsed = parse_expression(each.get_string(), base + "/each");
    if (!parsed.ok()) return take(std::move(parsed).error());
    if (!names_.is_unknown()) {
      check(*parsed, base + "/each", {Kind::kList});
      auto fields = *names_.fields();
      try {
        fields.insert_or_assign("each", parsed->check(names_).element());
      } catch (const ops::ExpressionError&) {  // said already
      }
      names_ = Shape::record(std::move(fields));
    }
    command->each = std::move(*parsed);
  }
  void fits(const Rule::Command& command, const std::string& base) {
    const auto found = registry_.command(command.type);
    if (!found) {
      if (registry_.owner(command.type) == nullptr) return missing("command " + command.type);
      return wrong(base + "/command", "its module has no command '" + command.type + "'");
    }
    if (found->info().internal) {
      wrong(base + "/command", "only timers and modules' reactions may send it");
    }
    if (!names_.is_unknown()) {
      command.data.check(found->info().schema->root(), names_, base + "/data", &errors_);
    }
  }

  const json::object& from_;
  const Registry& registry_;
  Rule rule_;
  Shape names_;  // unknown while the event type is
  std::string absent_;
  std::vector<FieldError> errors_;
};

}  // namespace

Shape names_shape(const EventTypeInfo& on, const TableInfo* row) {
  Shape::Fields names{
      {"event", Shape::record({{"type", Kind::kText},
                               {"position", Kind::kInteger},
                               {"time", Kind::kTime},
                               {"recorded_at", Kind::kTime},
                               {"actor", Kind::kText},
                               {"department", Kind::kText},
                               {"correlation", Kind::kText},
                               {"tags", Shape::list_of(Kind::kText)}})},
      {"data", on.schema ? expr::shape_of_schema(on.schema->text()) : Shape(Kind::kRecord)},
      {"settings", Kind::kRecord}};
  if (row != nullptr) names.emplace("row", expr::shape_of_schema(row->row->text()));
  return Shape::record(std::move(names));
}

Result<Rule> read_rule(const json::object& definition, const Registry& registry) {
  return RuleReader(definition, registry).run();
}

}  // namespace opsledger
