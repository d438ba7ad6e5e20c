// The module `customfield`: how its commands are decided, and what it declares.
#include "customfield.hpp"

#include "validate.hpp"

namespace customfield {
namespace {

using ops::Decision;
using ops::reject;

constexpr std::size_t kFieldsMax = 100;
constexpr std::size_t kOptionsMax = 200;

bool is_key(const std::string& text) {
  return !text.empty() && text.size() <= 32 && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == text.npos;
}
std::optional<Decision> options_fault(const Define& c) {
  const bool chooses = c.kind == Type::select || c.kind == Type::multi_select;
  const std::set<std::string> different(c.options.begin(), c.options.end());
  if (chooses == !c.options.empty() && different.size() == c.options.size() &&
      !different.contains("") && c.options.size() <= kOptionsMax)
    return std::nullopt;
  return reject("customfield.options", "choices have 1 to 200 different options, others none");
}

Decision decide_define(const Define& c, const Fields& fields) {
  if (!is_key(c.key) || !is_key(c.entity) || !is_id(c.department))
    return reject("customfield.key", "entity and key are lower-case words such as batch_no");
  if (c.label_zh.empty() || c.label_en.empty())
    return reject("customfield.label", "a field has a Chinese and an English label");
  if (fields.active.contains(c.key))
    return reject("customfield.exists", "field " + c.key + " exists");
  const auto before = fields.ever.find(c.key);
  if (before != fields.ever.end() && before->second != c.kind)
    return reject("customfield.type_changed", c.key + " had another type; choose another key");
  if (fields.active.size() >= kFieldsMax)
    return reject("customfield.too_many", "an entity has at most 100 custom fields");
  if (auto fault = options_fault(c)) return *fault;
  return ops::emit(Defined{place_of(c.department, c.entity) + "." + c.key, c.department, c.entity,
                           c.key, c.kind, c.label_zh, c.label_en, c.required, c.options});
}

Decision decide_retire(const Retire& c, const Fields& fields) {
  const auto found = fields.active.find(c.key);
  if (found == fields.active.end()) return reject("entity.not_found", "no field " + c.key);
  return ops::emit(Retired{found->second.field, c.department, c.entity, c.key});
}

std::optional<Decision> value_fault(const Fields& fields, const std::string& key,
                                    const std::string& value) {
  const auto field = fields.active.find(key);
  if (field == fields.active.end()) return reject("customfield.unknown", "no field " + key);
  if (value.empty() && field->second.required)
    return reject("customfield.required", key + " must have a value");
  if (!value.empty() && !is_value(field->second, value))
    return reject("customfield.value", key + ": expected " +
                                           std::string(ops::enum_name(field->second.kind)) +
                                           ", found '" + value.substr(0, 100) + "'");
  return std::nullopt;
}

Decision decide_set(const Set& c, const Fields& fields, const Values& values) {
  ValuesSet e{c.entity, c.id, c.department, {}, {}};
  for (const auto& [key, value] : c.values) {
    if (auto fault = value_fault(fields, key, value)) return *fault;
    const auto before = values.by_key.find(key);
    if (value.empty() && before != values.by_key.end()) e.cleared.push_back(key);
    if (!value.empty() && (before == values.by_key.end() || before->second != value))
      e.values[key] = value;
  }
  for (const auto& [key, field] : fields.active) {
    if (field.required && !values.by_key.contains(key) && !e.values.contains(key))
      return reject("customfield.required", key + " must have a value");
  }
  if (e.values.empty() && e.cleared.empty())
    return reject("customfield.unchanged", "nothing is said that changes");
  return ops::emit(e);
}

template <class C>
ops::Tags fields_of(const C& c) {
  return {{"customfields", place_of(c.department, c.entity)}};
}

}  // namespace
}  // namespace customfield

OPS_MODULE("customfield", "0.1.0") {
  using namespace customfield;
  m.label("Custom fields", "自定义字段");
  m.events<Defined, Retired, ValuesSet>();
  m.table<FieldTable>("fields")
      .label("Custom fields", "自定义字段")
      .key("field")
      .department("department")
      .index("entity");
  m.table<ValueTable>("values")
      .label("Custom values", "自定义字段值")
      .department("department")
      .index("id")
      .index("name");
  m.command<Define>("Define custom field", "设立自定义字段")
      .permission(ops::Permission::kManage)
      .granted_to({"dept_admin", "admin"})
      .reads<Fields>(fields_of<Define>)
      .decide(decide_define);
  m.command<Retire>("Retire custom field", "停用自定义字段")
      .permission(ops::Permission::kManage)
      .granted_to({"dept_admin", "admin"})
      .reads<Fields>(fields_of<Retire>)
      .decide(decide_retire);
  m.command<Set>("Set custom values", "填写自定义字段")
      .reads<Fields>(fields_of<Set>)
      .reads<Values>([](const Set& c) {
        return ops::tags{{c.entity, c.id}};
      })
      .decide(decide_set);
}
