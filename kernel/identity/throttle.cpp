#include "kernel/identity/throttle.hpp"

#include "kernel/identity/limits.hpp"

namespace opsledger {

namespace {

std::int64_t us(std::chrono::milliseconds duration) {
  return std::chrono::microseconds(duration).count();
}

}  // namespace

Throttle::Entry& Throttle::touch(const std::string& key, Time now) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    entries_.splice(entries_.end(), entries_, found->second);
  } else {
    if (entries_.size() >= identity_limits::kThrottleKeysMax) {
      by_key_.erase(entries_.front().key);
      entries_.pop_front();
    }
    by_key_[key] = entries_.insert(entries_.end(), Entry{key});
  }
  Entry& entry = entries_.back();
  if (entry.last.us + us(rule_.forgotten) <= now.us) entry.failures = 0;
  entry.last = now;
  return entry;
}

std::optional<Time> Throttle::begin(const std::string& key, Time now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = touch(key, now);
  if (now < entry.until) return entry.until;
  ++entry.failures;
  if (entry.failures >= rule_.failures_max) {
    std::int64_t wait = us(rule_.first);
    for (unsigned i = rule_.failures_max; i < entry.failures && wait < us(rule_.max); ++i)
      wait *= 2;
    entry.until = {now.us + std::min(wait, us(rule_.max))};
  }
  return {};
}

void Throttle::succeeded(const std::string& key, bool all) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  Entry& entry = *found->second;
  entry.until = {};
  entry.failures = all || entry.failures == 0 ? 0 : entry.failures - 1;
}

std::optional<Time> Throttle::waits_until(const std::string& key, Time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->until <= now) return {};
  return found->second->until;
}

void Throttle::make_wait(const std::string& key, Time now, Time until) {
  const std::lock_guard lock(mutex_);
  Entry& entry = touch(key, now);
  entry.failures = std::max(entry.failures, rule_.failures_max);
  entry.until = until;
}

}  // namespace opsledger
