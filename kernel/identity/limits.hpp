// Every number that limits something in kernel/identity.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger {

namespace identity_limits {
inline constexpr std::size_t kAccountIdBytesMax = 64;
inline constexpr std::size_t kLoginBytesMax = 254;  ///< an e-mail address
inline constexpr std::size_t kPasswordBytesMax = 1024;
inline constexpr std::size_t kLabelBytesMax = 200;
inline constexpr std::size_t kScopesMax = 64;
inline constexpr std::size_t kScopeBytesMax = 128;
inline constexpr std::size_t kThrottleKeysMax = 100'000;  ///< the longest untouched one goes first
}  // namespace identity_limits

/// What an operator may change.
struct IdentityLimits {
  std::uint64_t password_bytes_min = 10;
  unsigned login_failures_max = 5;               ///< of one login name, then it waits
  unsigned address_failures_max = 50;            ///< of one address, then it waits
  std::chrono::milliseconds lock_first{30'000};  ///< doubles with every further failure
  std::chrono::milliseconds lock_max{15 * 60'000};
  std::chrono::milliseconds failures_forgotten{24 * 3'600'000};
  std::chrono::milliseconds session_idle{12 * 3'600'000};
  std::chrono::milliseconds session_absolute{7 * 24 * 3'600'000};
  std::uint64_t sessions_per_account_max = 20;  ///< one more closes the longest unused
  std::uint64_t tokens_per_account_max = 50;
  std::chrono::milliseconds token_lifetime_default{90LL * 24 * 3'600'000};
  std::chrono::milliseconds token_lifetime_max{366LL * 24 * 3'600'000};
  std::chrono::milliseconds setup_link_lifetime{3'600'000};
};

}  // namespace opsledger
