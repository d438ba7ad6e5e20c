// Live events of one filter: rendered once, shared by every stream that asked for it.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernel/access/event_scope.hpp"
#include "kernel/http/net.hpp"
#include "storage/api/event.hpp"
#include "storage/api/query.hpp"

namespace opsledger {

/// Rendered events in (from, to]; immutable once published.
struct StreamChunk {
  Position from{}, first{}, to{};  ///< `first` = of the first event in it
  std::string bytes;
};

/// A coroutine's place to wait. Belongs to one I/O thread.
class StreamWaiter {
 public:
  explicit StreamWaiter(Executor executor) : timer_(executor) {}
  /// Until `wake` or the timeout; true when woken.
  Task<bool> wait(std::chrono::milliseconds timeout);
  void wake();
  Executor executor() { return timer_.get_executor(); }

 private:
  Timer timer_;
  bool woken_ = false;
};

/// What a stream at some position should do next.
struct StreamStep {
  enum class Kind { kWrite, kCatchUp, kWait } kind = Kind::kWait;
  std::vector<std::shared_ptr<const StreamChunk>> chunks;  ///< kWrite
  Position upto{};  ///< kWrite, kWait: now delivered; kCatchUp: read the ledger up to here
};

/// Holds the newest chunks within a byte limit. A stream further behind reads the ledger until it
/// has caught up with what is held here: that is how slow readers cost no memory. Thread safe.
class StreamGroup {
 public:
  /// `scope`: what its readers may see; null = everything.
  StreamGroup(Query query, std::shared_ptr<const EventScope> scope, std::size_t backlog_bytes_max);

  /// Whether an event belongs here: any type and all tags of any item, and visible to its readers.
  bool matches(const EventView& event) const;

  // The hub's side.
  bool adopted() const;
  /// From here on everything after `position` is published here. Returns who waited.
  std::vector<std::shared_ptr<StreamWaiter>> adopt(Position position);
  /// Adds one event's rendered bytes to the chunk that the next `publish` makes.
  void stage(Position position, std::string_view bytes);
  /// Everything up to `covered` was staged. Returns who waited for news, when there is any.
  std::vector<std::shared_ptr<StreamWaiter>> publish(Position covered);
  std::vector<std::shared_ptr<StreamWaiter>> take_waiters();

  // A stream's side. `durable` = the ledger's head, for a group that is not adopted yet. A step
  // of kWait has put `waiter` on the list.
  StreamStep next(Position delivered, Position durable, std::size_t bytes_max,
                  const std::shared_ptr<StreamWaiter>& waiter);
  void leave(const std::shared_ptr<StreamWaiter>& waiter);

 private:
  StreamStep wait(Position upto, const std::shared_ptr<StreamWaiter>& waiter);

  const Query query_;
  const std::shared_ptr<const EventScope> scope_;
  const std::size_t backlog_bytes_max_;
  std::unique_ptr<StreamChunk> staged_;  // the hub's thread only

  mutable std::mutex mutex_;
  bool adopted_ = false;
  Position held_from_{};  // chunks hold everything in (held_from_, covered_]
  Position covered_{};
  std::deque<std::shared_ptr<const StreamChunk>> chunks_;
  std::size_t bytes_ = 0;
  std::vector<std::shared_ptr<StreamWaiter>> waiters_;
};

}  // namespace opsledger
