// What people see.
#pragma once

#include "events.hpp"

namespace incident {

/// Copies what a change reports into the fields of a row that have it.
template <class T>
void take(const std::optional<T>& from, std::optional<T>& to) {
  if (from) to = from;
}

struct Incidents {
  struct Row {
    State state{};
    bool open = true;
    std::optional<std::string> title;
    std::optional<std::uint8_t> level;
    std::optional<std::int32_t> priority, impact, urgency;
    std::optional<std::string> category, subcategory, assignment_group, assigned_to;
    std::optional<ops::Time> raised_at, acknowledged_at, mitigated_at, resolved_at, closed_at;
    ops::Time last_at;
    std::int64_t changes = 0, notes = 0;
    std::optional<std::int64_t> reassignments, reopens;
    std::optional<bool> made_sla;
    std::int64_t sla_breaches = 0;

    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(state, "State", "状态"), OPS_FIELD(open, "Open", "未结"),
         OPS_FIELD(title, "Title", "标题"), OPS_FIELD(level, "Level", "级别"),
         OPS_FIELD(priority, "Priority", "优先级"), OPS_FIELD(impact, "Impact", "影响"),
         OPS_FIELD(urgency, "Urgency", "紧急度"), OPS_FIELD(category, "Category", "类别"),
         OPS_FIELD(subcategory, "Subcategory", "子类别"),
         OPS_FIELD(assignment_group, "Group", "处理组"),
         OPS_FIELD(assigned_to, "Assignee", "处理人"), OPS_FIELD(raised_at, "Raised", "上报时间"),
         OPS_FIELD(acknowledged_at, "Acknowledged", "确认时间"),
         OPS_FIELD(mitigated_at, "Mitigated", "缓解时间"),
         OPS_FIELD(resolved_at, "Resolved", "解决时间"), OPS_FIELD(closed_at, "Closed", "关闭时间"),
         OPS_FIELD(last_at, "Last change", "最近变更"), OPS_FIELD(changes, "Changes", "变更数"),
         OPS_FIELD(notes, "Notes", "备注数"), OPS_FIELD(reassignments, "Reassignments", "转派次数"),
         OPS_FIELD(reopens, "Reopened", "重开次数"), OPS_FIELD(made_sla, "Made SLA", "达成时限"),
         OPS_FIELD(sla_breaches, "Limits missed", "超时次数"));
    }
    void learn(const Change& e) {
      take(e.level, level);
      take(e.priority, priority);
      take(e.impact, impact);
      take(e.urgency, urgency);
      take(e.category, category);
      take(e.subcategory, subcategory);
      take(e.assignment_group, assignment_group);
      take(e.assigned_to, assigned_to);
      take(e.reassignments, reassignments);
      take(e.reopens, reopens);
      take(e.made_sla, made_sla);
    }
    void enter(State next, ops::Time time) {
      state = next;
      open = next != State::resolved && next != State::closed;
      if (!raised_at) raised_at = time;
      if (next == State::acknowledged && !acknowledged_at) acknowledged_at = time;
      if (next == State::mitigated) mitigated_at = time;
      if (next == State::resolved) resolved_at = time;
      if (next == State::closed) closed_at = time;
      if (next == State::reopened) resolved_at = closed_at = std::nullopt;
    }
  };
  using Listens = All;

  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.incident, [&](Row& row) {
      ++row.changes;
      row.last_at = meta.time();
      if constexpr (std::derived_from<E, Change>) row.learn(e);
      if constexpr (StateEvent<E>) row.enter(E::state, meta.time());
      if constexpr (std::derived_from<E, LevelChange>) row.level = e.to;
      if constexpr (std::same_as<E, Raised>) take(e.title, row.title);
      if constexpr (std::same_as<E, NoteAdded>) ++row.notes;
      if constexpr (std::same_as<E, SlaBreached>) ++row.sla_breaches;
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    keys.add(e.incident);
  }
};

/// Incidents that are neither resolved nor closed.
struct Open {
  struct Row {
    State state{};
    std::optional<std::string> title;
    std::optional<std::uint8_t> level;
    std::optional<std::int32_t> priority;
    std::optional<std::string> category, assignment_group, assigned_to;
    ops::Time since;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(state, "State", "状态"), OPS_FIELD(title, "Title", "标题"),
         OPS_FIELD(level, "Level", "级别"), OPS_FIELD(priority, "Priority", "优先级"),
         OPS_FIELD(category, "Category", "类别"), OPS_FIELD(assignment_group, "Group", "处理组"),
         OPS_FIELD(assigned_to, "Assignee", "处理人"), OPS_FIELD(since, "Open since", "开始时间"));
    }
  };
  using Listens = All;

  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if constexpr (StateEvent<E>) {
      if (E::state == State::resolved || E::state == State::closed) return rows.erase(e.incident);
    } else if (rows.get(e.incident) == nullptr) {
      return;  // a note on a settled incident does not open it
    }
    const bool is_new = rows.get(e.incident) == nullptr;
    rows.edit(e.incident, [&](Row& row) {
      if (is_new) row.since = meta.time();
      if constexpr (StateEvent<E>) row.state = E::state;
      if constexpr (std::same_as<E, Raised>) take(e.title, row.title);
      if constexpr (std::derived_from<E, LevelChange>) row.level = e.to;
      if constexpr (std::derived_from<E, Change>) {
        take(e.level, row.level);
        take(e.priority, row.priority);
        take(e.category, row.category);
        take(e.assignment_group, row.assignment_group);
        take(e.assigned_to, row.assigned_to);
      }
    });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    keys.add(e.incident);
  }
};

}  // namespace incident
