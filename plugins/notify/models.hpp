// What decisions must know.
#pragma once

#include <algorithm>
#include <map>

#include "events.hpp"

namespace notify {

inline constexpr std::size_t kHeldMax = 200;  ///< per channel; older ones leave the next digest
inline constexpr std::size_t kKeysMax = 256;  ///< remembered against repetition, per person
inline constexpr ops::Duration kRateWindow = std::chrono::minutes(1);

/// What one channel has taken lately and what it holds back.
struct Lane {
  struct Held {
    std::string subject, text;
    std::vector<std::string> mentions;
    ops::Time until;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(subject), NVP(text), NVP(mentions), NVP(until));
    }
  };
  std::vector<ops::Time> recent;
  std::vector<Held> held;

  void queued(const Queued& e, ops::Time time) {
    std::erase_if(recent, [&](ops::Time one) { return one + kRateWindow <= time; });
    recent.push_back(time);
    if (!e.releases_until) return;
    std::erase_if(held, [&](const Held& one) { return one.until <= *e.releases_until; });
  }
  void suppressed(const Suppressed& e) {
    if (!e.until) return;
    if (held.size() == kHeldMax) held.erase(held.begin());
    held.push_back({e.subject, e.text, e.mentions, *e.until});
  }
  std::size_t taken_since(ops::Time time) const {
    return static_cast<std::size_t>(
        std::count_if(recent.begin(), recent.end(), [&](ops::Time one) { return one > time; }));
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(recent), NVP(held));
  }
};

/// Keys against repetition, and when each was used last.
struct Keys {
  std::map<std::string, ops::Time> used;
  void remember(const std::string& key, ops::Time time) {
    if (used.size() == kKeysMax && !used.contains(key)) {
      used.erase(std::min_element(used.begin(), used.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      }));
    }
    used[key] = time;
  }
  bool used_since(const std::string& key, ops::Time time) const {
    const auto found = used.find(key);
    return found != used.end() && found->second > time;
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(used));
  }
};

/// Tag `person:<id>`.
struct Person {
  using Listens = ops::Fold<RulesSet, Queued, Suppressed, PersonRegistered, PersonChanged>;
  bool has_rules = false;
  RulesSet rules;
  std::string zone, locale;
  std::map<std::string, Lane> lanes;  ///< of channels that are not shared
  Keys keys;

  void on(const RulesSet& e) {
    has_rules = true;
    rules = e;
  }
  void on(const Queued& e, const ops::EventMeta& meta) {
    if (e.key) keys.remember(*e.key, meta.recorded_at());
    if (e.channel != kInApp && e.lane.empty()) lanes[e.channel].queued(e, meta.recorded_at());
  }
  void on(const Suppressed& e) {
    if (e.lane.empty()) lanes[e.channel].suppressed(e);
  }
  void on(const PersonRegistered& e) { learn(e.data); }
  void on(const PersonChanged& e) { learn(e.data); }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(has_rules), NVP(rules), NVP(zone), NVP(locale), NVP(lanes), NVP(keys));
  }

 private:
  void learn(const ops::Json& data) {
    if (data["tz"].is_string()) zone = data["tz"].str();
    if (data["locale"].is_string()) locale = data["locale"].str();
  }
};

/// Tag `channel:<id>`.
struct Channel {
  using Listens = ops::Fold<ChannelDefined, ChannelRetired, Queued, Suppressed>;
  bool open = false, known = false;
  ChannelDefined defined;
  Lane lane;
  Keys keys;  ///< of messages to the channel itself

  void on(const ChannelDefined& e) {
    open = known = true;
    defined = e;
  }
  void on(const ChannelRetired&) { open = false; }
  void on(const Queued& e, const ops::EventMeta& meta) {
    lane.queued(e, meta.recorded_at());
    if (e.key && e.person.empty()) keys.remember(*e.key, meta.recorded_at());
  }
  void on(const Suppressed& e) { lane.suppressed(e); }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(open), NVP(known), NVP(defined), NVP(lane), NVP(keys));
  }
};

/// Tag `template:<name>`.
struct Template {
  using Listens = ops::Fold<TemplateDefined>;
  bool known = false;
  TemplateDefined defined;
  void on(const TemplateDefined& e) {
    known = true;
    defined = e;
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(defined));
  }
};

/// Tag `notification:<id>`.
struct Notification {
  using Listens = ops::Fold<Queued, Suppressed, Sent, Failed, Read, Acknowledged>;
  enum class State { queued, sent, dead };
  struct Delivery {
    Message message;
    std::uint8_t state = 0;  ///< of State
    std::uint32_t attempts = 0;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(message), NVP(state), NVP(attempts));
    }
    bool is(State wanted) const { return state == static_cast<std::uint8_t>(wanted); }
  };
  bool known = false, read = false, acknowledged = false;
  Message first;
  std::map<std::uint64_t, Delivery> deliveries;  ///< by position of its queueing

  void on(const Queued& e, const ops::EventMeta& meta) {
    if (!known) first = e;
    known = true;
    if (e.channel != kInApp) deliveries[meta.position()].message = e;
  }
  void on(const Suppressed& e) {
    if (e.queued) settle(*e.queued, State::sent);
  }
  void on(const Sent& e) {
    settle(e.queued, State::sent);
    deliveries[e.queued].attempts = e.attempt;
  }
  void on(const Failed& e) {
    settle(e.queued, e.retry_at ? State::queued : State::dead);
    deliveries[e.queued].attempts = e.attempt;
  }
  void on(const Read&) { read = true; }
  void on(const Acknowledged&) { acknowledged = read = true; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(read), NVP(acknowledged), NVP(first), NVP(deliveries));
  }

 private:
  void settle(std::uint64_t queued, State state) {
    deliveries[queued].state = static_cast<std::uint8_t>(state);
  }
};

}  // namespace notify
