#include "kernel/http/mailbox.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace opsledger {

void Mailbox::put(std::unique_ptr<Letter> owned) {
  Letter* letter = owned.release();
  Letter* before = newest_.load(std::memory_order_relaxed);
  do {
    letter->next_ = before;
  } while (!newest_.compare_exchange_weak(before, letter, std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
  // Whoever put the first letter wakes the thread; it takes all that are there by then.
  if (before == nullptr) boost::asio::post(context_, [this] { deliver_all(); });
}

Mailbox::Letter* Mailbox::take_all() {
  Letter* newest = newest_.exchange(nullptr, std::memory_order_acq_rel);
  Letter* oldest = nullptr;
  while (newest != nullptr) {
    Letter* next = std::exchange(newest->next_, oldest);
    oldest = std::exchange(newest, next);
  }
  return oldest;
}

void Mailbox::deliver_all() {
  for (Letter* letter = take_all(); letter != nullptr;) {
    std::unique_ptr<Letter> owned(std::exchange(letter, letter->next_));
    Letter& opened = *owned;
    opened.deliver(std::move(owned));
  }
}

void Mailbox::shutdown() {
  for (Letter* letter = take_all(); letter != nullptr;) {
    const std::unique_ptr<Letter> undelivered(std::exchange(letter, letter->next_));
  }
}

}  // namespace opsledger
