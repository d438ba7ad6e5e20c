// Answers that rest on events which are accepted but not yet on disk.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// Holds callbacks until the ledger is durable up to a position. Thread safe.
class DurableWaiters : public std::enable_shared_from_this<DurableWaiters> {
 public:
  using Callback = std::function<void(Status)>;
  explicit DurableWaiters(Ledger& ledger) : ledger_(ledger) {}
  /// Subscribes; apart from the constructor because it hands out a weak pointer to itself.
  void start();
  /// Calls `callback` when `position` is durable (perhaps at once), or with the error of `fail`, or
  /// with kNotReady `ledger.poisoned` when `position` was accepted and has been taken back.
  void wait(Position position, Callback callback);
  /// Everything that waits gets `error`: what it rests on will not become durable.
  void fail(const Error& error);
  /// Fails everything beyond the accepted head: a failed sync took it back.
  void fail_lost();

 private:
  void fail_after(Position position, const Error& error);
  void advance(Position durable);
  Ledger& ledger_;
  std::mutex mutex_;
  std::multimap<Position, Callback> waiting_;
  std::shared_ptr<void> subscription_;
};

}  // namespace opsledger
