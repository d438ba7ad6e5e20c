// A kind of call to the outside, as the runner sees it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/command/command_service.hpp"
#include "storage/api/event.hpp"

namespace opsledger {

/// What an event means to an effect.
struct EffectNote {
  enum class What {
    kBegun,      ///< the call is wanted
    kAttempted,  ///< one attempt failed, another comes at `due`
    kSettled     ///< done, given up or no longer wanted
  };
  What what = What::kBegun;
  Position trigger{};       ///< the event that wants the call: its identity
  Time due{};               ///< not before
  unsigned attempts = 0;    ///< made so far
  std::string lane;         ///< calls of one lane run one after the other; empty = none
  unsigned per_minute = 0;  ///< of the lane; 0 = no limit
};

struct EffectOutcome {
  bool done = false;
  bool permanent = false;  ///< not done, and another attempt would not change that
  std::string code;        ///< done: what the other side called it
  std::string error;       ///< not done: what, why, what to do; without any secret
};

struct EffectAttempt {
  Position trigger{};
  std::string key;  ///< the same for every attempt: for the other side to recognise repetition
  unsigned number = 1;
};

/// Stateless: what it knows is in the ledger. `note` is called by one thread, `perform` by many.
class Effect {
 public:
  virtual ~Effect() = default;
  virtual std::string_view name() const = 0;
  /// The event types `note` wants to see.
  virtual std::vector<std::string> types() const = 0;
  virtual std::optional<EffectNote> note(const EventView& event) const = 0;
  /// Makes one attempt; blocks for as long as the call may take.
  virtual EffectOutcome perform(const EffectAttempt& attempt) const = 0;
  /// The internal command that records the outcome. Idempotent in (trigger, number).
  virtual CommandRequest report(const EffectAttempt& attempt, const EffectOutcome& outcome,
                                std::optional<Time> retry_at) const = 0;
};

}  // namespace opsledger
