#include "kernel/command/turns.hpp"

#include <algorithm>

#include "storage/base/assert.hpp"

namespace opsledger {

Turns::Entry Turns::enter(Ticket& ticket) {
  std::lock_guard lock(mutex_);
  ticket.arrival = ++arrivals_;
  ticket.blocked = 0;
  for (const Key key : ticket.keys) insert(key, ticket);
  if (ticket.blocked == 0) {
    ticket.holds = true;
    return Entry::kHolds;
  }
  if (waiting_ >= waiting_max_) {  // it came last, so it is last in every queue
    for (const Key key : ticket.keys) remove(key, ticket);
    return Entry::kFull;
  }
  ++waiting_;
  return Entry::kWaits;
}

bool Turns::extend(Ticket& ticket, std::span<const Key> keys) {
  std::lock_guard lock(mutex_);
  OPS_ASSERT(ticket.holds);
  const auto mine = ticket.keys.size();
  for (const Key key : keys) {
    const auto end = ticket.keys.begin() + static_cast<std::ptrdiff_t>(mine);
    if (std::binary_search(ticket.keys.begin(), end, key)) continue;
    if (std::find(end, ticket.keys.end(), key) != ticket.keys.end()) continue;
    if (queues_.contains(key)) {
      ticket.keys.resize(mine);
      return false;
    }
    ticket.keys.push_back(key);
  }
  for (auto i = mine; i < ticket.keys.size(); ++i) insert(ticket.keys[i], ticket);
  std::sort(ticket.keys.begin(), ticket.keys.end());
  return true;
}

bool Turns::requeue(Ticket& ticket, std::span<const Key> keys, std::vector<Ticket*>* next) {
  std::lock_guard lock(mutex_);
  OPS_ASSERT(ticket.holds);
  for (const Key key : ticket.keys) remove(key, ticket);
  ticket.keys.insert(ticket.keys.end(), keys.begin(), keys.end());
  std::sort(ticket.keys.begin(), ticket.keys.end());
  ticket.keys.erase(std::unique(ticket.keys.begin(), ticket.keys.end()), ticket.keys.end());
  ticket.holds = false;
  ticket.blocked = 0;
  for (const Key key : ticket.keys) insert(key, ticket);
  ++waiting_;  // hand_out takes it back when the ticket holds at once
  const std::vector<Key> affected = ticket.keys;
  std::vector<Ticket*> granted;
  hand_out(affected, &granted);
  bool held = false;
  for (Ticket* other : granted) {
    if (other == &ticket) {
      held = true;
    } else {
      next->push_back(other);
    }
  }
  return held;
}

void Turns::leave(Ticket& ticket, std::vector<Ticket*>* next) {
  std::lock_guard lock(mutex_);
  OPS_ASSERT(ticket.holds);
  ticket.holds = false;
  for (const Key key : ticket.keys) remove(key, ticket);
  hand_out(ticket.keys, next);
}

std::size_t Turns::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_;
}

/// Behind a holder and behind everyone who came earlier.
void Turns::insert(Key key, Ticket& ticket) {
  Queue& queue = queues_[key];
  auto place = queue.begin();
  if (place != queue.end() && (*place)->holds) ++place;
  place = std::find_if(place, queue.end(),
                       [&](const Ticket* other) { return other->arrival > ticket.arrival; });
  if (place != queue.begin()) {
    ++ticket.blocked;
  } else if (!queue.empty()) {
    ++queue.front()->blocked;
  }
  queue.insert(place, &ticket);
}

void Turns::remove(Key key, Ticket& ticket) {
  const auto found = queues_.find(key);
  OPS_ASSERT(found != queues_.end());
  Queue& queue = found->second;
  const auto place = std::find(queue.begin(), queue.end(), &ticket);
  OPS_ASSERT(place != queue.end());
  const bool was_first = place == queue.begin();
  queue.erase(place);
  if (queue.empty()) {
    queues_.erase(found);
  } else if (was_first) {
    --queue.front()->blocked;
  }
}

void Turns::hand_out(std::span<const Key> keys, std::vector<Ticket*>* next) {
  for (const Key key : keys) {
    const auto found = queues_.find(key);
    if (found == queues_.end()) continue;
    Ticket* first = found->second.front();
    if (first->holds || first->blocked > 0) continue;
    first->holds = true;
    --waiting_;
    next->push_back(first);
  }
}

}  // namespace opsledger
