// What passes between a host and a module, as values: the test kit's view of the ABI. Everything
// here has a stored form, so that a test can also send it to another process.
#pragma once

#include <opsledger/codec.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ops::kit {

/// A callback returned OPS_FAILED. `position`: of the event at fault, or 0.
class PluginFailure : public std::runtime_error {
 public:
  PluginFailure(std::uint64_t position, const std::string& text)
      : std::runtime_error(text), position_(position) {}
  std::uint64_t position() const { return position_; }

 private:
  std::uint64_t position_;
};

/// An event in the shape in which a module reads it.
struct Delivered {
  std::uint32_t type = 0;  ///< index into the module's event types
  std::uint64_t position = 0;
  Time recorded_at, time;
  std::string data, type_name, department, actor, metadata;
  std::vector<std::string> tags;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(type), NVP(position), NVP(recorded_at), NVP(time), NVP(data), NVP(type_name),
       NVP(department), NVP(actor), NVP(metadata), NVP(tags));
  }
};

struct EnvelopeValue {
  std::uint64_t position = 0;
  Time time;
  std::string actor, role, department, reason, correlation, number, timer_id, config = "{}";
  std::string scope = "all";
  std::vector<std::string> ids;
  std::int64_t late_by_us = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(position), NVP(time), NVP(actor), NVP(role), NVP(department), NVP(reason),
       NVP(correlation), NVP(number), NVP(timer_id), NVP(config), NVP(ids), NVP(late_by_us),
       NVP(scope));
  }
};

struct Text {
  std::string code, text;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(code), NVP(text));
  }
};

struct EmittedValue {
  std::uint32_t type = 0;
  std::string data;
  std::vector<std::string> tags;
  std::optional<Time> time;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(type), NVP(data), NVP(tags), NVP(time));
  }
};

struct TimerValue {
  std::uint32_t timer = 0;
  std::string id, data;
  bool cancel = false;
  std::int64_t at_us = 0, after_us = 0;
  std::uint32_t basis = 0;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(timer), NVP(id), NVP(data), NVP(cancel), NVP(at_us), NVP(after_us), NVP(basis));
  }
};

struct TagSet {
  std::vector<std::string> tags, types;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(tags), NVP(types));
  }
};

struct SentCommand {
  std::uint32_t call = 0;
  std::uint64_t position = 0;
  std::string data;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(call), NVP(position), NVP(data));
  }
};

/// All that one callback said through the host functions. `rejection` set = OPS_REJECTED.
struct Outcome {
  std::vector<EmittedValue> events;
  std::vector<Text> warnings;
  std::vector<TimerValue> timers;
  std::vector<TagSet> tag_sets;
  std::vector<std::string> keys;
  std::vector<SentCommand> commands;
  std::optional<Text> rejection;
  std::string reply;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(events), NVP(warnings), NVP(timers), NVP(tag_sets), NVP(keys), NVP(commands),
       NVP(rejection), NVP(reply));
  }
};

}  // namespace ops::kit
