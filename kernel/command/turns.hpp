// Turns on tags: first come, first served, several tags at once, no thread ever waits inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace opsledger {

/// A ticket stands in the queue of each of its keys and holds its turn while it is first in all
/// of them. Queues are ordered by arrival (behind a holder), and a ticket enters all its queues in
/// one step: the earliest ticket never waits for a later one, so there is no deadlock. Keys are
/// hashes: a collision costs a needless wait, nothing else. Thread safe; does not own tickets.
class Turns {
 public:
  using Key = std::uint64_t;
  struct Ticket {
    std::vector<Key> keys;  ///< sorted, without repetition; not touched while queued

   private:
    friend class Turns;
    std::uint64_t arrival = 0;
    std::size_t blocked = 0;  ///< queues in which another is first
    bool holds = false;
  };

  explicit Turns(std::size_t waiting_max) : waiting_max_(waiting_max) {}

  enum class Entry { kHolds, kWaits, kFull };
  /// Queues `ticket`. kWaits: some later `leave` or `requeue` hands it out; the caller must not
  /// touch it any more. kFull: `waiting_max` tickets wait already, nothing was done.
  Entry enter(Ticket& ticket);
  /// Adds `keys` to a holder when nobody else wants them now; otherwise does nothing.
  bool extend(Ticket& ticket, std::span<const Key> keys);
  /// A holder gives up its turn and queues again with `keys` added, at its first arrival's place.
  /// True: it holds again. Others that now hold are added to `next`.
  bool requeue(Ticket& ticket, std::span<const Key> keys, std::vector<Ticket*>* next);
  /// A holder is done. Tickets that now hold are added to `next`, for the caller to run.
  void leave(Ticket& ticket, std::vector<Ticket*>* next);

  std::size_t waiting() const;

 private:
  using Queue = std::vector<Ticket*>;
  void insert(Key key, Ticket& ticket);
  void remove(Key key, Ticket& ticket);
  void hand_out(std::span<const Key> keys, std::vector<Ticket*>* next);

  const std::size_t waiting_max_;
  mutable std::mutex mutex_;
  std::uint64_t arrivals_ = 0;
  std::size_t waiting_ = 0;
  std::unordered_map<Key, Queue> queues_;
};

}  // namespace opsledger
