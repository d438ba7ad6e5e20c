// The one-time link that makes the first account.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "storage/base/clock.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Lives in memory only: a new one at each start, one at a time, used once. Thread safe.
class SetupLink {
 public:
  SetupLink(const Clock& clock, std::int64_t lifetime_us)
      : clock_(clock), lifetime_us_(lifetime_us) {}

  /// A new token; the one before is void.
  std::string issue();
  /// kUnauthenticated `access.setup_refused` when it is not the token, used or expired. While the
  /// returned object lives nobody else can use it; it stays valid unless `spend` was called.
  class Use;
  Result<Use> begin(const std::string& token);

 private:
  const Clock& clock_;
  const std::int64_t lifetime_us_;
  std::mutex mutex_;
  std::optional<Hash> hash_;
  Time expires_at_{};
};

/// The right to make the first account.
class SetupLink::Use {
 public:
  void spend() { link_->hash_.reset(); }

 private:
  friend class SetupLink;
  Use(SetupLink* link, std::unique_lock<std::mutex> lock) : link_(link), lock_(std::move(lock)) {}
  SetupLink* link_;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace opsledger
