// Passwords as argon2id hashes. Slow and hungry on purpose: never on an I/O thread.
#pragma once

#include <string>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

/// libsodium's limits for interactive use: 2 passes over 64 MiB.
inline constexpr unsigned long long kPasswordHashPasses = 2;
inline constexpr std::size_t kPasswordHashBytes = 64u << 20;

/// `$argon2id$v=19$m=65536,t=2,p=1$…`, salted. Errors: kOverloaded `access.no_memory`.
Result<std::string> hash_password(std::string_view password);

/// Whether `password` has this hash. Takes as long for a hash that nobody's password has:
/// `unmatchable_password_hash`, for accounts that do not exist or have none.
bool password_matches(const std::string& hash, std::string_view password);
const std::string& unmatchable_password_hash();

/// Compares without telling by its time where the difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace opsledger
