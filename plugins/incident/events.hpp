// What happens to incidents. README.md lists the fields for imports.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>

namespace incident {

/// What every change of an incident may report along with itself.
struct Change {
  std::string incident;
  std::optional<std::string> text;
  std::optional<std::uint8_t> level;
  std::optional<std::int32_t> priority, impact, urgency;
  std::optional<std::string> category, subcategory, assignment_group, assigned_to;
  std::optional<std::int64_t> reassignments, reopens, updates;
  std::optional<bool> made_sla;

  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(text, "Text", "说明"),
       OPS_FIELD(level, "Level", "级别"), OPS_FIELD(priority, "Priority", "优先级"),
       OPS_FIELD(impact, "Impact", "影响"), OPS_FIELD(urgency, "Urgency", "紧急度"),
       OPS_FIELD(category, "Category", "类别"), OPS_FIELD(subcategory, "Subcategory", "子类别"),
       OPS_FIELD(assignment_group, "Group", "处理组"), OPS_FIELD(assigned_to, "Assignee", "处理人"),
       OPS_FIELD(reassignments, "Reassignments", "转派次数"),
       OPS_FIELD(reopens, "Reopened", "重开次数"), OPS_FIELD(updates, "Updates", "更新次数"),
       OPS_FIELD(made_sla, "Made SLA", "达成时限"));
  }
  ops::Tags tags() const {
    ops::Tags tags{{"incident", incident}};
    if (category && !category->empty()) tags.add("category", *category);
    return tags;
  }
};

enum class State {
  raised,
  registered,
  active,
  awaiting_user_info,
  awaiting_problem,
  awaiting_vendor,
  awaiting_evidence,
  unknown,
  acknowledged,
  mitigated,
  resolved,
  closed,
  reopened,
};
OPS_ENUM(State, raised, registered, active, awaiting_user_info, awaiting_problem, awaiting_vendor,
         awaiting_evidence, unknown, acknowledged, mitigated, resolved, closed, reopened)

struct Raised : Change {
  static constexpr auto type = "incident.raised";
  static constexpr ops::Label label{"Incident raised", "事件已上报"};
  static constexpr auto state = State::raised;
  std::optional<std::string> title, source;
  std::optional<ops::Time> detected_at;
  template <class A>
  void serialize(A& ar) {
    Change::serialize(ar);
    ar(OPS_FIELD(title, "Title", "标题"), OPS_FIELD(source, "Source", "来源"),
       OPS_FIELD(detected_at, "Detected", "发现时间"));
  }
};
struct Registered : Change {
  static constexpr auto type = "incident.registered";
  static constexpr ops::Label label{"Incident registered", "事件已登记"};
  static constexpr auto state = State::registered;
};
struct Activated : Change {
  static constexpr auto type = "incident.activated";
  static constexpr ops::Label label{"Work on incident began", "事件处理中"};
  static constexpr auto state = State::active;
};
struct AwaitingUserInfo : Change {
  static constexpr auto type = "incident.awaiting_user_info";
  static constexpr ops::Label label{"Awaiting the user", "等待用户信息"};
  static constexpr auto state = State::awaiting_user_info;
};
struct AwaitingProblem : Change {
  static constexpr auto type = "incident.awaiting_problem";
  static constexpr ops::Label label{"Awaiting a problem's solution", "等待问题解决"};
  static constexpr auto state = State::awaiting_problem;
};
struct AwaitingVendor : Change {
  static constexpr auto type = "incident.awaiting_vendor";
  static constexpr ops::Label label{"Awaiting a vendor", "等待供应商"};
  static constexpr auto state = State::awaiting_vendor;
};
struct AwaitingEvidence : Change {
  static constexpr auto type = "incident.awaiting_evidence";
  static constexpr ops::Label label{"Awaiting evidence", "等待证据"};
  static constexpr auto state = State::awaiting_evidence;
};
struct StateUnknown : Change {
  static constexpr auto type = "incident.state_unknown";
  static constexpr ops::Label label{"State not known", "状态未知"};
  static constexpr auto state = State::unknown;
};
struct Acknowledged : Change {
  static constexpr auto type = "incident.acknowledged";
  static constexpr ops::Label label{"Incident acknowledged", "事件已确认"};
  static constexpr auto state = State::acknowledged;
  std::optional<std::int64_t> latency_ms;
  template <class A>
  void serialize(A& ar) {
    Change::serialize(ar);
    ar(OPS_FIELD(latency_ms, "Latency (ms)", "响应耗时(毫秒)"));
  }
};
struct Mitigated : Change {
  static constexpr auto type = "incident.mitigated";
  static constexpr ops::Label label{"Incident mitigated", "事件已缓解"};
  static constexpr auto state = State::mitigated;
};
struct Resolved : Change {
  static constexpr auto type = "incident.resolved";
  static constexpr ops::Label label{"Incident resolved", "事件已解决"};
  static constexpr auto state = State::resolved;
  std::optional<std::string> cause;
  template <class A>
  void serialize(A& ar) {
    Change::serialize(ar);
    ar(OPS_FIELD(cause, "Cause", "原因"));
  }
};
struct Closed : Change {
  static constexpr auto type = "incident.closed";
  static constexpr ops::Label label{"Incident closed", "事件已关闭"};
  static constexpr auto state = State::closed;
};
struct Reopened : Change {
  static constexpr auto type = "incident.reopened";
  static constexpr ops::Label label{"Incident reopened", "事件已重开"};
  static constexpr auto state = State::reopened;
};
struct NoteAdded : Change {
  static constexpr auto type = "incident.note_added";
  static constexpr ops::Label label{"Note added", "已添加备注"};
  std::optional<ops::Time> at;
  template <class A>
  void serialize(A& ar) {
    Change::serialize(ar);
    ar(OPS_FIELD(at, "At", "时间"));
  }
};

/// Shape of both level events.
struct LevelChange {
  std::string incident;
  std::uint8_t from = 0, to = 0;
  std::string why;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(from, "From", "原级别"),
       OPS_FIELD(to, "To", "新级别"), OPS_FIELD(why, "Why", "原因").defaulted());
  }
  ops::Tags tags() const { return {{"incident", incident}}; }
};
struct LevelRaised : LevelChange {
  static constexpr auto type = "incident.level_raised";
  static constexpr ops::Label label{"Level raised", "级别上调"};
};
struct LevelLowered : LevelChange {
  static constexpr auto type = "incident.level_lowered";
  static constexpr ops::Label label{"Level lowered", "级别下调"};
};
struct SlaBreached {
  static constexpr auto type = "incident.sla_breached";
  static constexpr ops::Label label{"Time limit missed", "超出时限"};
  std::string incident, clock;
  std::int64_t limit_ms = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(clock, "Clock", "时限"),
       OPS_FIELD(limit_ms, "Limit (ms)", "限制(毫秒)"));
  }
  ops::Tags tags() const { return {{"incident", incident}}; }
};

/// An event that puts the incident into a state.
template <class E>
concept StateEvent = requires {
  E::state;
};

using All =
    ops::Fold<Raised, Registered, Activated, AwaitingUserInfo, AwaitingProblem, AwaitingVendor,
              AwaitingEvidence, StateUnknown, Acknowledged, Mitigated, Resolved, Closed, Reopened,
              NoteAdded, LevelRaised, LevelLowered, SlaBreached>;

}  // namespace incident
