#include "kernel/command/durable_waiters.hpp"

#include <vector>

namespace opsledger {

void DurableWaiters::start() {
  subscription_ = ledger_.subscribe([weak = weak_from_this()](Position durable) {
    if (const auto self = weak.lock()) self->advance(durable);
  });
}

void DurableWaiters::wait(Position position, Callback callback) {
  {
    std::lock_guard lock(mutex_);
    waiting_.emplace(position, std::move(callback));
  }
  advance(ledger_.durable().position);  // it may have got there before we were in the map
  if (ledger_.accepted().position < position) fail_lost();
}

void DurableWaiters::advance(Position durable) {
  std::vector<Callback> ready;
  {
    std::lock_guard lock(mutex_);
    const auto end = waiting_.upper_bound(durable);
    for (auto it = waiting_.begin(); it != end; ++it) ready.push_back(std::move(it->second));
    waiting_.erase(waiting_.begin(), end);
  }
  for (auto& callback : ready) callback({});
}

void DurableWaiters::fail(const Error& error) {
  fail_after({}, error);
}

void DurableWaiters::fail_lost() {
  fail_after(ledger_.accepted().position,
             {Code::kNotReady, "ledger.poisoned",
              "what the answer rests on could not be made durable; restart the server"});
}

void DurableWaiters::fail_after(Position position, const Error& error) {
  std::vector<Callback> failed;
  {
    std::lock_guard lock(mutex_);
    const auto begin = waiting_.upper_bound(position);
    for (auto it = begin; it != waiting_.end(); ++it) failed.push_back(std::move(it->second));
    waiting_.erase(begin, waiting_.end());
  }
  for (auto& callback : failed) callback(error);
}

}  // namespace opsledger
