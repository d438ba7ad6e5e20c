// Fields that a department adds to entities of any module: definitions and values.
#pragma once

#include <opsledger/sdk.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace customfield {

enum class Type {
  text,
  number,
  money,
  date,
  datetime,
  select,
  multi_select,
  person,
  department,
  link,
  file,
  boolean
};
OPS_ENUM(Type, text, number, money, date, datetime, select, multi_select, person, department, link,
         file, boolean)

/// Fields of one kind of entity in one department, as a tag's value.
inline std::string place_of(const std::string& department, const std::string& entity) {
  return department + "." + entity;
}

struct Defined {
  static constexpr auto type = "customfield.defined";
  static constexpr ops::Label label{"Custom field defined", "自定义字段已设立"};
  std::string field, department, entity, key;
  Type kind{};
  std::string label_zh, label_en;
  bool required = false;
  std::vector<std::string> options;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(field, "Field", "字段"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(entity, "Entity", "业务类型"), OPS_FIELD(key, "Key", "键"),
       ops::field("type", kind).label("Type", "类型"),
       OPS_FIELD(label_zh, "Label (Chinese)", "中文名称"),
       OPS_FIELD(label_en, "Label (English)", "英文名称"), OPS_FIELD(required, "Required", "必填"),
       OPS_FIELD(options, "Options", "选项"));
  }
  ops::Tags tags() const {
    return {{"customfield", field}, {"customfields", place_of(department, entity)}};
  }
};
struct Retired {
  static constexpr auto type = "customfield.retired";
  static constexpr ops::Label label{"Custom field retired", "自定义字段已停用"};
  std::string field, department, entity, key;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(field, "Field", "字段"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(entity, "Entity", "业务类型"), OPS_FIELD(key, "Key", "键"));
  }
  ops::Tags tags() const {
    return {{"customfield", field}, {"customfields", place_of(department, entity)}};
  }
};
struct ValuesSet {
  static constexpr auto type = "customfield.values_set";
  static constexpr ops::Label label{"Custom values set", "自定义字段已填写"};
  std::string entity, id, department;
  std::map<std::string, std::string> values;
  std::vector<std::string> cleared;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(entity, "Entity", "业务类型"), OPS_FIELD(id, "Id", "单号"),
       OPS_FIELD(department, "Department", "部门"), OPS_FIELD(values, "Values", "值"),
       OPS_FIELD(cleared, "Cleared", "已清空"));
  }
  ops::Tags tags() const { return {{entity, id}}; }
};

/// Definitions of one department and entity, loaded by customfields:<department>.<entity>.
struct Fields {
  using Listens = ops::Fold<Defined, Retired>;
  std::map<std::string, Defined> active;
  std::map<std::string, Type> ever;  ///< a key keeps its type for good
  void on(const Defined& e) { active[e.key] = e, ever[e.key] = e.kind; }
  void on(const Retired& e) { active.erase(e.key); }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(active), NVP(ever));
  }
};
/// Values of one entity, loaded by its own tag.
struct Values {
  using Listens = ops::Fold<ValuesSet>;
  std::map<std::string, std::string> by_key;
  void on(const ValuesSet& e) {
    for (const auto& [key, value] : e.values) by_key[key] = value;
    for (const auto& key : e.cleared) by_key.erase(key);
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(by_key));
  }
};

struct Define {
  static constexpr auto type = "customfield.define";
  std::string department, entity, key;
  Type kind{};
  std::string label_zh, label_en;
  bool required = false;
  std::vector<std::string> options;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(entity, "Entity", "业务类型"),
       OPS_FIELD(key, "Key", "键"), ops::field("type", kind).label("Type", "类型"),
       OPS_FIELD(label_zh, "Label (Chinese)", "中文名称"),
       OPS_FIELD(label_en, "Label (English)", "英文名称"),
       OPS_FIELD(required, "Required", "必填").defaulted(),
       OPS_FIELD(options, "Options", "选项").defaulted());
  }
};
struct Retire {
  static constexpr auto type = "customfield.retire";
  std::string department, entity, key;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(entity, "Entity", "业务类型"),
       OPS_FIELD(key, "Key", "键"));
  }
};
struct Set {
  static constexpr auto type = "customfield.set";
  std::string department, entity, id;
  std::map<std::string, std::string> values;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(entity, "Entity", "业务类型"),
       OPS_FIELD(id, "Id", "单号"), OPS_FIELD(values, "Values", "值").doc("empty: cleared"));
  }
};

struct FieldTable {
  struct Row {
    std::string department, entity, key;
    Type kind{};
    std::string label_zh, label_en;
    bool required = false;
    std::vector<std::string> options;
    bool active = true;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(entity, "Entity", "业务类型"),
         ops::field("name", key).label("Key", "键"), ops::field("type", kind).label("Type", "类型"),
         OPS_FIELD(label_zh, "Label (Chinese)", "中文名称"),
         OPS_FIELD(label_en, "Label (English)", "英文名称"),
         OPS_FIELD(required, "Required", "必填"), OPS_FIELD(options, "Options", "选项"),
         OPS_FIELD(active, "Active", "启用"));
    }
  };
  using Listens = ops::Fold<Defined, Retired>;
  static void on(const Defined& e, ops::Rows<Row>& rows) {
    rows.put(e.field, {e.department, e.entity, e.key, e.kind, e.label_zh, e.label_en, e.required,
                       e.options, true});
  }
  static void on(const Retired& e, ops::Rows<Row>& rows) {
    rows.edit(e.field, [](Row& row) { row.active = false; });
  }
};
struct ValueTable {
  struct Row {
    std::string entity, id, department, name, value;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(entity, "Entity", "业务类型"), OPS_FIELD(id, "Id", "单号"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(name, "Key", "键"),
         OPS_FIELD(value, "Value", "值"));
    }
  };
  using Listens = ops::Fold<ValuesSet>;
  static void on(const ValuesSet& e, ops::Rows<Row>& rows) {
    const std::string prefix = e.entity + ":" + e.id + "/";
    for (const auto& [key, value] : e.values)
      rows.put(prefix + key, {e.entity, e.id, e.department, key, value});
    for (const auto& key : e.cleared) rows.erase(prefix + key);
  }
};

}  // namespace customfield
