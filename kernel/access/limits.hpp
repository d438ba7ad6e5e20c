// Every number that limits something in kernel/access.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger::access_limits {

inline constexpr std::size_t kHandleBytesMax = 64;         ///< role and person names
inline constexpr std::size_t kRolePermissionsMax = 1'000;  ///< of one role
inline constexpr unsigned kTreeDepthMax = 64;              ///< departments, reporting lines

/// A gap of at most so many positions is read whole; a longer one through the type index.
inline constexpr std::uint64_t kScanEventsMax = 512;
/// Appends of one change of rights before a lasting conflict is reported.
inline constexpr unsigned kTriesMax = 8;

/// `access.denied` events of one account: so many at once, then one per interval; the next one
/// says how many were left out.
inline constexpr unsigned kDenialsAtOnce = 20;
inline constexpr std::chrono::seconds kDenialInterval{30};
/// Accounts whose refusals are counted apart; beyond it one of them is forgotten.
inline constexpr std::size_t kDenialAccountsMax = 4'096;

/// Appointments begin and end with a day; days are those of China Standard Time.
inline constexpr std::chrono::hours kDayOffset{8};

}  // namespace opsledger::access_limits
