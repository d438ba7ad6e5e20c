#include "tests/scheduler/alarm_module.hpp"

namespace opsledger::testing_support {
namespace {

struct AlarmSet {
  static constexpr auto type = "alarm.was_set";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
  ops::Tags tags() const { return {{"alarm", id}}; }
};
struct AlarmStopped {
  static constexpr auto type = "alarm.stopped";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
  ops::Tags tags() const { return {{"alarm", id}}; }
};
struct AlarmRang {
  static constexpr auto type = "alarm.rang";
  std::string id;
  ops::Time at;
  std::int64_t late_by_us = 0;
  std::string timer;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(at), NVP(late_by_us), NVP(timer));
  }
  ops::Tags tags() const { return {{"alarm", id}}; }
};

struct SetAlarm {
  static constexpr auto type = "alarm.set";
  std::string id;
  std::int64_t after_us = 0;
  bool working = false;
  std::int32_t times = 1;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(after_us), NVP(working), NVP(times));
  }
};
struct SetByDays {
  static constexpr auto type = "alarm.set_by_days";
  std::string id;
  std::int32_t days = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(days));
  }
};
struct StopAlarm {
  static constexpr auto type = "alarm.stop";
  std::string id;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id));
  }
};
struct Ring {
  static constexpr auto type = "alarm.ring";
  std::string id;
  std::int64_t every_us = 0;
  std::int32_t left = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(id), NVP(every_us), NVP(left));
  }
};

struct Alarm {
  using Listens = ops::Fold<AlarmSet, AlarmStopped, AlarmRang>;
  bool set = false;
  int rang = 0;
  void on(const AlarmSet&) { set = true; }
  void on(const AlarmStopped&) { set = false; }
  void on(const AlarmRang&) { ++rang; }
};

const auto by_id = [](const auto& c) { return ops::tags{{"alarm", c.id}}; };

}  // namespace

OPS_PART(alarm_part, "alarm", "1.0.0") {
  m.events<AlarmSet, AlarmStopped, AlarmRang>();
  m.command<SetAlarm>("Set", "设置")
      .reads<Alarm>(by_id)
      .decide([](const SetAlarm& c, const Alarm&) {
        const ops::Duration after(c.after_us);
        return ops::emit(AlarmSet{c.id})
            .timer("ring", c.id, c.working ? ops::after_working(after) : ops::after(after),
                   Ring{c.id, c.after_us, c.times - 1});
      });
  m.command<SetByDays>("Set by working days", "按工作日设置")
      .reads<Alarm>(by_id)
      .decide([](const SetByDays& c, const Alarm&, const ops::Envelope& e) {
        return ops::emit(AlarmSet{c.id})
            .timer("ring", c.id, ops::at(e.calendar().add_days(e.time(), c.days)),
                   Ring{c.id, 0, 0});
      });
  m.command<StopAlarm>("Stop", "停止")
      .reads<Alarm>(by_id)
      .decide([](const StopAlarm& c, const Alarm&) {
        ops::Decision decision = ops::emit(AlarmStopped{c.id});
        decision.cancel_timer("ring", c.id);
        return decision;
      });
  m.command<Ring>("Ring", "响铃")
      .internal()
      .reads<Alarm>(by_id)
      .decide([](const Ring& c, const Alarm& alarm, const ops::Envelope& e) -> ops::Decision {
        if (c.id == "broken") return ops::reject("alarm.broken", "it does not ring");
        if (!alarm.set) return ops::reject("alarm.not_set", "nobody set it");
        ops::Decision decision =
            ops::emit(AlarmRang{c.id, e.time(), e.late_by().count(), std::string(e.timer_id())});
        if (c.left > 0) {
          decision.timer("ring", c.id, ops::after(ops::Duration(c.every_us)),
                         Ring{c.id, c.every_us, c.left - 1});
        }
        return decision;
      });
  m.timer<Ring>("ring", "Ring", "响铃");
}

}  // namespace opsledger::testing_support
