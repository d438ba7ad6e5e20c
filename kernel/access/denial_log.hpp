// Refusals for lack of right become events, without becoming a way to fill the ledger.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "kernel/events/raw_append.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// Appends `access.denied` {permission, code, department, suppressed} with the tag
/// `account:<id>`. Each account has an allowance (access_limits): what goes beyond is counted and
/// reported as `suppressed` by the account's next event. Thread safe; never waits.
class DenialLog {
 public:
  DenialLog(Ledger& ledger, const Clock& clock) : ledger_(ledger), clock_(clock) {}

  void record(const RequestContext& context, std::string_view permission, std::string_view code);

  struct Counts {
    std::uint64_t recorded = 0, suppressed = 0;
  };
  Counts counts() const;

 private:
  struct Allowance {
    double left = 0;
    Time at{};
    std::uint64_t suppressed = 0;
  };
  /// How many were left out before this one; nothing when this one is left out too.
  std::optional<std::uint64_t> take(const std::string& account);
  void make_room();

  Ledger& ledger_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Allowance> accounts_;
  Counts counts_;
};

}  // namespace opsledger
