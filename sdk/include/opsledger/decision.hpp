// The outcome of `decide`: events, warnings and timers, or a rejection.
#pragma once

#include <opsledger/event.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ops {

/// When a timer is due.
struct Due {
  std::int64_t at_us = 0, after_us = 0;
  std::uint32_t basis = OPS_BASIS_WALL;
};
inline Due at(Time time) {
  return {time.us, 0, OPS_BASIS_WALL};
}
/// After the decision's time.
inline Due after(Duration wall) {
  return {0, wall.count(), OPS_BASIS_WALL};
}
/// The same in working time of the department's calendar.
inline Due after_working(Duration working) {
  return {0, working.count(), OPS_BASIS_WORKING};
}

class Decision {
 public:
  struct Emitted {
    std::string_view type;
    std::uint32_t version;
    std::string data;
    Tags tags;
    std::optional<Time> time;
  };
  struct Text {
    std::string code, text;
  };
  struct TimerChange {
    std::string timer, id;
    bool cancel = false;
    Due due;
    std::string_view command;
    std::string data;
  };

  /// Adds an event of this module.
  template <Event E>
  Decision& emit(const E& event) & {
    events_.push_back({E::type, detail::version_of<E>(), to_bytes(event), event.tags(), {}});
    return *this;
  }
  /// Adds an event that happened at another time than the decision's.
  template <Event E>
  Decision& emit_at(Time time, const E& event) & {
    emit(event);
    events_.back().time = time;
    return *this;
  }
  /// Accepted, and the caller is told. Codes as in `reject`.
  Decision& warn(std::string code, std::string text) & {
    warnings_.push_back({std::move(code), std::move(text)});
    return *this;
  }
  /// Sets (again) the timer `id` of a kind declared by Module::timer; when due it sends `command`.
  template <class C>
  Decision& timer(std::string timer, std::string id, Due due, const C& command) & {
    timers_.push_back({std::move(timer), std::move(id), false, due, C::type, to_bytes(command)});
    return *this;
  }
  Decision& cancel_timer(std::string timer, std::string id) & {
    timers_.push_back({std::move(timer), std::move(id), true, {}, {}, {}});
    return *this;
  }
  template <Event E>
  Decision emit(const E& event) && {
    return std::move(this->emit(event));
  }
  template <Event E>
  Decision emit_at(Time time, const E& event) && {
    return std::move(this->emit_at(time, event));
  }
  Decision warn(std::string code, std::string text) && {
    return std::move(this->warn(std::move(code), std::move(text)));
  }
  template <class C>
  Decision timer(std::string timer, std::string id, Due due, const C& command) && {
    return std::move(this->timer(std::move(timer), std::move(id), due, command));
  }
  Decision cancel_timer(std::string timer, std::string id) && {
    return std::move(this->cancel_timer(std::move(timer), std::move(id)));
  }

  static Decision rejected(std::string code, std::string text) {
    Decision decision;
    decision.rejection_ = Text{std::move(code), std::move(text)};
    return decision;
  }

  const std::vector<Emitted>& events() const { return events_; }
  const std::vector<Text>& warnings() const { return warnings_; }
  const std::vector<TimerChange>& timers() const { return timers_; }
  const std::optional<Text>& rejection() const { return rejection_; }

 private:
  std::vector<Emitted> events_;
  std::vector<Text> warnings_;
  std::vector<TimerChange> timers_;
  std::optional<Text> rejection_;
};

/// Accepts with these events.
template <Event... E>
Decision emit(const E&... events) {
  Decision decision;
  (decision.emit(events), ...);
  return decision;
}
/// Accepts with the warning; chain `.emit(…)`.
inline Decision warn(std::string code, std::string text) {
  return Decision().warn(std::move(code), std::move(text));
}
/// Refuses. `code` is `<prefix>.<check>`, stable; `text` says what and why to a person.
inline Decision reject(std::string code, std::string text) {
  return Decision::rejected(std::move(code), std::move(text));
}

}  // namespace ops
