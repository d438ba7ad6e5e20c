// The commands' fields. How they are decided is in decisions.hpp.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>

namespace incident {

struct Raise {
  static constexpr auto type = "incident.raise";
  std::optional<std::string> incident;
  std::string title, category;
  std::uint8_t level = 3;
  std::optional<std::string> source;
  std::optional<ops::Time> detected_at;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident (own number)", "事件编号(自定)"),
       OPS_FIELD(title, "Title", "标题"), OPS_FIELD(category, "Category", "类别"),
       OPS_FIELD(level, "Level", "级别").doc("1 to 4, 1 is the most severe"),
       OPS_FIELD(source, "Source", "来源"), OPS_FIELD(detected_at, "Detected", "发现时间"));
  }
};

struct Acknowledge {
  static constexpr auto type = "incident.acknowledge";
  std::string incident;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"));
  }
};

struct SetLevel {
  static constexpr auto type = "incident.set_level";
  std::string incident;
  std::uint8_t level = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(level, "Level", "级别"));
  }
};

struct Mitigate {
  static constexpr auto type = "incident.mitigate";
  std::string incident, how;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(how, "How", "措施"));
  }
};

struct Resolve {
  static constexpr auto type = "incident.resolve";
  std::string incident, cause;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(cause, "Cause", "原因"));
  }
};

struct Close {
  static constexpr auto type = "incident.close";
  std::string incident;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"));
  }
};

struct Reopen {
  static constexpr auto type = "incident.reopen";
  std::string incident;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"));
  }
};

struct AddNote {
  static constexpr auto type = "incident.add_note";
  std::string incident, text;
  std::optional<ops::Time> at;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"), OPS_FIELD(text, "Text", "说明"),
       OPS_FIELD(at, "At", "时间"));
  }
};

/// Sent by the timer `ack_due`.
struct MissAck {
  static constexpr auto type = "incident.miss_ack";
  std::string incident;
  std::int64_t limit_ms = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(incident, "Incident", "事件编号"),
       OPS_FIELD(limit_ms, "Limit (ms)", "限制(毫秒)"));
  }
};

}  // namespace incident
