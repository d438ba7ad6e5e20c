// timer.pending and timer.fired: what is due when, and what became of it.
#include "kernel/system/parts.hpp"

namespace opsledger {
namespace {

enum class Basis { wall, working };
OPS_ENUM(Basis, wall, working)

/// Told to everybody who waits for a timer; `timer` = `<module>.<kind>:<id>`.
struct Scheduled {
  static constexpr auto type = "timer.scheduled";
  std::string timer, module, kind, id, command;
  ops::Time due_at;
  Basis basis{};
  template <class A>
  void serialize(A& ar) {
    ar(NVP(timer), NVP(module), NVP(kind), NVP(id), NVP(command), NVP(due_at), NVP(basis));
  }
};

struct Rescheduled {
  static constexpr auto type = "timer.rescheduled";
  std::string timer;
  ops::Time due_at;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(timer), NVP(due_at));
  }
};

struct Cancelled {
  static constexpr auto type = "timer.cancelled";
  std::string timer;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(timer));
  }
};

enum class Outcome { accepted, rejected, failed };
OPS_ENUM(Outcome, accepted, rejected, failed)

struct Fired {
  static constexpr auto type = "timer.fired";
  std::string timer, command;
  ops::Time due_at;
  std::int64_t late_by_us = 0;
  Outcome outcome{};
  std::optional<std::string> code;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(timer), NVP(command), NVP(due_at), NVP(late_by_us), NVP(outcome), NVP(code));
  }
};

struct Pending {
  struct Row {
    ops::Time due_at;
    std::string department, module, kind, id, command;
    Basis basis{};
    std::uint64_t scheduled = 0, changed = 0;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(due_at, "Due", "到期时间"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(module, "Module", "模块"), OPS_FIELD(kind, "Kind", "类型"),
         OPS_FIELD(id, "Id", "标识"), OPS_FIELD(command, "Becomes", "到期命令"),
         OPS_FIELD(basis, "Counts in", "计时方式"),
         OPS_FIELD(scheduled, "Set by event", "设置事件"),
         OPS_FIELD(changed, "Last changed by event", "最近变更事件"));
    }
  };
  using Listens = ops::Fold<Scheduled, Rescheduled, Cancelled, Fired>;

  static void on(const Scheduled& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.timer, {e.due_at, std::string(meta.department()), e.module, e.kind, e.id, e.command,
                       e.basis, meta.position(), meta.position()});
  }
  static void on(const Rescheduled& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (rows.get(e.timer) == nullptr) return;
    rows.edit(e.timer, [&](Row& row) {
      row.due_at = e.due_at;
      row.changed = meta.position();
    });
  }
  static void on(const Cancelled& e, ops::Rows<Row>& rows) { rows.erase(e.timer); }
  static void on(const Fired& e, ops::Rows<Row>& rows) { rows.erase(e.timer); }
};

struct Firings {
  struct Row {
    std::string timer, department, command;
    ops::Time due_at, fired_at;
    std::int64_t late_by_us = 0;
    Outcome outcome{};
    std::optional<std::string> code;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(timer, "Timer", "定时器"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(command, "Command", "命令"), OPS_FIELD(due_at, "Due", "到期时间"),
         OPS_FIELD(fired_at, "Fired", "触发时间"),
         OPS_FIELD(late_by_us, "Late by (µs)", "延迟(微秒)"), OPS_FIELD(outcome, "Outcome", "结果"),
         OPS_FIELD(code, "Code", "代码"));
    }
  };
  using Listens = ops::Fold<Fired>;

  static void on(const Fired& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(std::to_string(meta.position()),
             {e.timer, std::string(meta.department()), e.command, e.due_at, meta.recorded_at(),
              e.late_by_us, e.outcome, e.code});
  }
};

}  // namespace

OPS_PART(timer_part, "timer", "1.0.0") {
  m.label("Timers", "定时器");
  m.table<Pending>("pending")
      .label("Pending timers", "待触发定时器")
      .key("timer")
      .department("department")
      .index("due_at")
      .index("department")
      .index("basis");
  m.table<Firings>("fired")
      .label("Fired timers", "已触发定时器")
      .key("position")
      .department("department")
      .index("timer")
      .index("fired_at");
}

}  // namespace opsledger
