// Bounds the memory of all request bodies together.
#pragma once

#include <atomic>
#include <cstddef>

namespace opsledger {

/// Thread safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  bool reserve(std::size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_max_) return true;
    release(bytes);
    return false;
  }
  void release(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> used_{0};
};

/// What one connection holds of the budget; given back with it.
class BodyReservation {
 public:
  explicit BodyReservation(BodyBudget& budget) : budget_(budget) {}
  BodyReservation(const BodyReservation&) = delete;
  BodyReservation& operator=(const BodyReservation&) = delete;
  ~BodyReservation() { clear(); }

  /// False when the budget has not that much left.
  bool grow_to(std::size_t bytes) {
    if (bytes <= held_) return true;
    if (!budget_.reserve(bytes - held_)) return false;
    held_ = bytes;
    return true;
  }
  void clear() {
    budget_.release(held_);
    held_ = 0;
  }

 private:
  BodyBudget& budget_;
  std::size_t held_ = 0;
};

}  // namespace opsledger
