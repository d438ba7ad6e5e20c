// What a decision about an incident must know.
#pragma once

#include "events.hpp"

#include <map>

namespace incident {

/// One incident, loaded by incident:<id>.
struct Incident {
  using Listens = All;
  bool known = false, acknowledged = false, ack_breached = false;
  State state{};
  std::uint8_t level = 0;
  std::string category;
  ops::Time raised_at;

  template <StateEvent E>
  void on(const E& e, const ops::EventMeta& meta) {
    if (!known) raised_at = meta.time();
    known = true;
    state = E::state;
    acknowledged = acknowledged || E::state == State::acknowledged;
    learn(e);
  }
  void on(const NoteAdded& e) { learn(e); }
  void on(const LevelRaised& e) { level = e.to; }
  void on(const LevelLowered& e) { level = e.to; }
  void on(const SlaBreached& e) { ack_breached = ack_breached || e.clock == "ack"; }

  bool settled() const { return state == State::resolved || state == State::closed; }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(acknowledged), NVP(ack_breached), NVP(state), NVP(level), NVP(category),
       NVP(raised_at));
  }

 private:
  void learn(const Change& e) {
    if (e.level) level = *e.level;
    if (e.category) category = *e.category;
  }
};

/// Incidents of one category that are not settled, loaded by category:<category>.
struct OpenInCategory {
  using Listens = ops::Fold<Raised, Resolved, Closed, Reopened>;
  std::map<std::string, std::string> titles;  ///< by incident

  void on(const Raised& e) { titles[e.incident] = e.title.value_or(""); }
  void on(const Reopened& e) { titles[e.incident] = e.text.value_or(""); }
  void on(const Resolved& e) { titles.erase(e.incident); }
  void on(const Closed& e) { titles.erase(e.incident); }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(titles));
  }
};

}  // namespace incident
