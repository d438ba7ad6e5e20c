// rule.rules and rule.firings: what holds, and what it did.
#include "kernel/system/parts.hpp"

namespace opsledger {
namespace {

struct Published {
  static constexpr auto type = "rule.published";
  std::string rule, kind, module, label_en, label_zh;
  std::uint32_t version = 0;
  bool always = false;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(rule), NVP(version), NVP(kind), NVP(module), NVP(always), NVP(label_en), NVP(label_zh));
  }
};
struct ModeSet {
  static constexpr auto type = "rule.mode_set";
  std::string rule, department, mode;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(rule), NVP(department), NVP(mode));
  }
};

struct Fired {
  static constexpr auto type = "rule.fired";
  std::string rule, command, outcome;
  std::uint32_t version = 0;
  std::uint64_t trigger = 0, number = 0;
  std::optional<std::string> code, message;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(rule), NVP(version), NVP(trigger), NVP(number), NVP(command), NVP(outcome), NVP(code),
       NVP(message));
  }
};
struct WouldHaveFired {
  static constexpr auto type = "rule.would_have_fired";
  std::string rule;
  std::uint32_t version = 0;
  std::uint64_t trigger = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(rule), NVP(version), NVP(trigger));
  }
};
struct Halted {
  static constexpr auto type = "rule.halted";
  std::string rule, why;
  std::uint32_t version = 0;
  std::uint64_t trigger = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(rule), NVP(version), NVP(trigger), NVP(why));
  }
};

struct Rules {
  struct Row {
    std::uint32_t version = 0;
    std::string kind, module, label_en, label_zh, published_by;
    bool always = false;
    std::uint64_t published = 0;
    std::map<std::string, std::string> modes;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(version, "Version", "版本"), OPS_FIELD(kind, "Kind", "种类"),
         OPS_FIELD(module, "Module", "模块"), OPS_FIELD(label_en, "Name (English)", "英文名称"),
         OPS_FIELD(label_zh, "Name (Chinese)", "中文名称"),
         OPS_FIELD(published_by, "Published by", "发布人"),
         OPS_FIELD(always, "Always on", "始终启用"),
         OPS_FIELD(published, "Published at", "发布位置"), OPS_FIELD(modes, "Modes", "各部门模式"));
    }
  };
  using Listens = ops::Fold<Published, ModeSet>;

  static void on(const Published& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row;
    if (const Row* before = rows.get(e.rule)) row = *before;
    row.version = e.version, row.kind = e.kind, row.module = e.module;
    row.label_en = e.label_en, row.label_zh = e.label_zh, row.always = e.always;
    row.published = meta.position(), row.published_by = std::string(meta.actor());
    rows.put(e.rule, row);
  }
  static void on(const ModeSet& e, ops::Rows<Row>& rows) {
    if (rows.get(e.rule) == nullptr) return;
    rows.edit(e.rule, [&](Row& row) { row.modes[e.department] = e.mode; });
  }
};

enum class Result { accepted, rejected, failed, shadow, halted };
OPS_ENUM(Result, accepted, rejected, failed, shadow, halted)

struct Firings {
  struct Row {
    std::string rule, department, command;
    std::uint32_t version = 0;
    std::uint64_t trigger = 0;
    ops::Time fired_at;
    Result result{};
    std::optional<std::string> code, message;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(rule, "Rule", "规则"), OPS_FIELD(version, "Version", "版本"),
         OPS_FIELD(trigger, "Trigger", "触发事件"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(command, "Command", "命令"), OPS_FIELD(fired_at, "Fired", "触发时间"),
         OPS_FIELD(result, "Result", "结果"), OPS_FIELD(code, "Code", "代码"),
         OPS_FIELD(message, "Message", "说明"));
    }
  };
  using Listens = ops::Fold<Fired, WouldHaveFired, Halted>;

  static void on(const Fired& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row = row_of(e, meta);
    row.command = e.command, row.code = e.code, row.message = e.message;
    row.result = e.outcome == "accepted"   ? Result::accepted
                 : e.outcome == "rejected" ? Result::rejected
                                           : Result::failed;
    rows.put(std::to_string(meta.position()), row);
  }
  static void on(const WouldHaveFired& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row = row_of(e, meta);
    row.result = Result::shadow;
    rows.put(std::to_string(meta.position()), row);
  }
  static void on(const Halted& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row = row_of(e, meta);
    row.result = Result::halted, row.message = e.why;
    rows.put(std::to_string(meta.position()), row);
  }

 private:
  template <class E>
  static Row row_of(const E& e, const ops::EventMeta& meta) {
    Row row;
    row.rule = e.rule, row.version = e.version, row.trigger = e.trigger;
    row.department = std::string(meta.department()), row.fired_at = meta.recorded_at();
    return row;
  }
};

}  // namespace

OPS_PART(rule_part, "rule", "1.0.0") {
  m.label("Rules", "自动化规则");
  m.table<Rules>("rules").label("Rules", "规则").key("rule").index("module");
  m.table<Firings>("firings")
      .label("What rules did", "规则触发记录")
      .key("position")
      .department("department")
      .index("rule")
      .index("trigger")
      .index("result");
}

}  // namespace opsledger
