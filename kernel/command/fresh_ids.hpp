// Fresh ids for decisions, which have no randomness of their own.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "storage/base/types.hpp"

namespace opsledger {

/// UUIDv7 texts (RFC 9562 §5.7): 48 bits of milliseconds, then 74 bits of a hash over the ledger,
/// the moment this object was made and a counter. Unique, in order of time, not secret. Thread
/// safe.
class FreshIds {
 public:
  FreshIds(const LedgerId& ledger, Time made) : ledger_(ledger), made_(made) {}
  std::string next(Time now);

 private:
  const LedgerId ledger_;
  const Time made_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace opsledger
