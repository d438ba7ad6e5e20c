// Counts failures and makes whoever fails too often wait, longer each time.
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Thread safe; memory only; bounded (identity_limits::kThrottleKeysMax). An attempt counts as a
/// failure from its start, so that many at once gain nothing, and is taken back when it succeeds.
class Throttle {
 public:
  struct Rule {
    unsigned failures_max;
    std::chrono::milliseconds first, max, forgotten;
  };
  explicit Throttle(Rule rule) : rule_(rule) {}

  /// Counts an attempt. Nothing: go on. A time: refused until then, and not counted.
  std::optional<Time> begin(const std::string& key, Time now);
  /// The attempt succeeded: forgets its failure, or with `all` every failure.
  void succeeded(const std::string& key, bool all);
  /// Until when `key` waits, if it does.
  std::optional<Time> waits_until(const std::string& key, Time now) const;
  /// As if it had just failed too often (an earlier process saw it).
  void make_wait(const std::string& key, Time now, Time until);

 private:
  struct Entry {
    std::string key;
    unsigned failures = 0;
    Time last{}, until{};
  };
  using Entries = std::list<Entry>;  // the longest untouched first
  Entry& touch(const std::string& key, Time now);

  const Rule rule_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string, Entries::iterator> by_key_;
};

}  // namespace opsledger
