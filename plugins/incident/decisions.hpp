// How the commands are decided: pure functions of the command, the states and the envelope.
#pragma once

#include "commands.hpp"
#include "models.hpp"

namespace incident {

inline constexpr const char* kAckDue = "ack_due";
inline constexpr std::uint8_t kLevelMax = 4;

inline ops::Decision not_found(const std::string& incident) {
  return ops::reject("entity.not_found", "no incident " + incident);
}
inline ops::Decision wrong_state(const std::string& incident, State state, const char* wanted) {
  return ops::reject(
      "command.wrong_state",
      "incident " + incident + " is " + std::string(ops::enum_name(state)) + ", not " + wanted);
}
/// A change that names the incident and, so that its category stays informed, the category.
template <class E>
E change_of(const std::string& incident, const Incident& state) {
  E e;
  e.incident = incident;
  if (!state.category.empty()) e.category = state.category;
  return e;
}

/// Minutes within which an incident of this level is to be acknowledged.
inline std::chrono::minutes ack_limit(std::uint8_t level, const ops::Envelope& envelope) {
  constexpr int kDefaults[] = {5, 15, 30, 240};
  const auto name = "ack_minutes_" + std::to_string(level);
  return std::chrono::minutes(envelope.config()[name].integer(kDefaults[level - 1]));
}

inline ops::Decision decide_raise(const Raise& c, const ops::Many<Incident>& same_id,
                                  const OpenInCategory& open, const ops::Envelope& envelope) {
  if (!same_id.empty() && same_id[0].known) {
    return ops::reject("incident.exists", "incident " + *c.incident + " exists");
  }
  if (c.title.empty()) return ops::reject("incident.title", "an incident needs a title");
  if (c.level < 1 || c.level > kLevelMax) {
    return ops::reject("incident.level", "a level is 1 to 4, found " + std::to_string(c.level));
  }
  Raised e;
  e.incident = c.incident ? *c.incident : std::string(envelope.number());
  e.title = c.title;
  e.category = c.category;
  e.level = c.level;
  e.source = c.source;
  e.detected_at = c.detected_at;
  const auto limit = ack_limit(c.level, envelope);
  ops::Decision decision = ops::emit(e);
  for (const auto& [id, title] : open.titles) {
    if (title != c.title) continue;
    decision.warn("incident.possible_duplicate", id + " is open with the same title and category");
    break;
  }
  if (envelope.has_timers()) {
    decision.timer(kAckDue, e.incident, ops::after(limit),
                   MissAck{e.incident, std::chrono::milliseconds(limit).count()});
  }
  return decision;
}

inline ops::Decision decide_acknowledge(const Acknowledge& c, const Incident& i,
                                        const ops::Envelope& envelope) {
  if (!i.known) return not_found(c.incident);
  if (i.acknowledged) {
    return ops::reject("incident.already_acknowledged",
                       "incident " + c.incident + " is acknowledged");
  }
  if (i.settled()) return wrong_state(c.incident, i.state, "open");
  auto e = change_of<Acknowledged>(c.incident, i);
  e.latency_ms = (envelope.time() - i.raised_at).count() / 1000;
  return ops::emit(e).cancel_timer(kAckDue, c.incident);
}

inline ops::Decision decide_set_level(const SetLevel& c, const Incident& i,
                                      const ops::Envelope& envelope) {
  if (!i.known) return not_found(c.incident);
  if (c.level < 1 || c.level > kLevelMax) {
    return ops::reject("incident.level", "a level is 1 to 4, found " + std::to_string(c.level));
  }
  if (i.state == State::closed) return wrong_state(c.incident, i.state, "open");
  if (c.level == i.level) {
    return ops::reject("incident.same_level", "incident " + c.incident + " has this level");
  }
  const LevelChange change{c.incident, i.level, c.level, std::string(envelope.reason())};
  if (i.level != 0 && c.level > i.level) {
    if (change.why.empty()) {
      return ops::reject("command.reason_required", "lowering a level needs a reason");
    }
    return ops::emit(LevelLowered{change});
  }
  return ops::emit(LevelRaised{change});
}

inline ops::Decision decide_mitigate(const Mitigate& c, const Incident& i) {
  if (!i.known) return not_found(c.incident);
  if (i.settled() || i.state == State::mitigated) return wrong_state(c.incident, i.state, "open");
  auto e = change_of<Mitigated>(c.incident, i);
  e.text = c.how;
  return ops::emit(e);
}

inline ops::Decision decide_resolve(const Resolve& c, const Incident& i) {
  if (!i.known) return not_found(c.incident);
  if (i.state == State::resolved) {
    return ops::reject("incident.already_resolved", "incident " + c.incident + " is resolved");
  }
  if (i.state == State::closed) return wrong_state(c.incident, i.state, "open");
  auto e = change_of<Resolved>(c.incident, i);
  e.cause = c.cause;
  return ops::emit(e).cancel_timer(kAckDue, c.incident);
}

inline ops::Decision decide_close(const Close& c, const Incident& i) {
  if (!i.known) return not_found(c.incident);
  if (i.state == State::closed) return wrong_state(c.incident, i.state, "resolved");
  if (i.state != State::resolved) {
    return ops::reject("incident.not_resolved", "incident " + c.incident + " is " +
                                                    std::string(ops::enum_name(i.state)) +
                                                    "; resolve it first");
  }
  return ops::emit(change_of<Closed>(c.incident, i)).cancel_timer(kAckDue, c.incident);
}

inline ops::Decision decide_reopen(const Reopen& c, const Incident& i) {
  if (!i.known) return not_found(c.incident);
  if (!i.settled()) {
    return ops::reject("incident.not_resolved", "incident " + c.incident + " is still open");
  }
  return ops::emit(change_of<Reopened>(c.incident, i));
}

inline ops::Decision decide_add_note(const AddNote& c, const Incident& i) {
  if (!i.known) return not_found(c.incident);
  if (c.text.empty()) return ops::reject("incident.text", "a note needs a text");
  NoteAdded e;
  e.incident = c.incident;
  e.text = c.text;
  e.at = c.at;
  return ops::emit(e);
}

inline ops::Decision decide_miss_ack(const MissAck& c, const Incident& i) {
  if (!i.known || i.acknowledged || i.ack_breached || i.settled()) return {};
  return ops::emit(SlaBreached{c.incident, "ack", c.limit_ms});
}

}  // namespace incident
