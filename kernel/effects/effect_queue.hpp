// Which calls to the outside are wanted, and which of them may be made now.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/effects/effect.hpp"

namespace opsledger {

/// Built from the ledger's events in order, so that it is the same after a restart. Not thread
/// safe; reads no clock.
class EffectQueue {
 public:
  void apply(const EffectNote& note);

  struct Job {
    Position trigger{};
    unsigned number = 1;  ///< of the attempt
  };
  /// Calls that are due, earliest first, at most `count`; each is running until `finished`. A lane
  /// has one call running at a time and at most its limit begun within any minute.
  std::vector<Job> take(Time now, std::size_t count);
  /// The attempt was recorded: settled without `retry_at`.
  void finished(Position trigger, unsigned number, std::optional<Time> retry_at);

  /// When `take` may have something again that it does not have at `now`.
  std::optional<Time> next_due(Time now) const;
  std::size_t pending() const { return calls_.size(); }
  std::size_t running() const { return running_; }
  /// Everything begun up to here is settled, given that events up to `read` were applied.
  Position settled_upto(Position read) const;
  std::size_t settled() const { return settled_; }  ///< ever

 private:
  struct Call {
    Time due{};
    unsigned attempts = 0;
    bool running = false;
    bool unwanted = false;  ///< settled by an event while it was running
    std::string lane;
    unsigned per_minute = 0;
  };
  struct Lane {
    std::deque<Time> begun;  ///< within the last minute
    bool busy = false;
  };
  using Order = std::set<std::pair<Time, Position>>;

  void settle(Position trigger);
  /// When the lane takes another call: now, later, or nothing = when the running one has ended.
  std::optional<Time> free_at(const Call& call, Time now) const;

  std::map<Position, Call> calls_;
  Order waiting_;
  std::map<std::string, Lane> lanes_;
  std::size_t running_ = 0;
  std::size_t settled_ = 0;
};

}  // namespace opsledger
