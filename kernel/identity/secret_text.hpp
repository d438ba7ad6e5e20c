// Secrets that a program carries: an id to find them by, and 256 random bits of which only the
// hash is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

/// `<prefix><16 hex digits>_<64 hex digits>`.
struct SecretText {
  std::string_view id;
  std::string_view secret;
};
inline constexpr std::string_view kTokenPrefix = "ops_";
inline constexpr std::string_view kSessionPrefix = "";

struct NewSecret {
  std::string id;
  std::string text;  ///< the whole; shown once
  Hash hash;         ///< of the secret part
};
NewSecret make_secret(std::string_view prefix);

/// Nothing for anything but the exact form. Views into `text`.
std::optional<SecretText> parse_secret(std::string_view prefix, std::string_view text);
Hash hash_of(const SecretText& text);

/// What a page of ours must send with a request that changes something: only who has the session's
/// secret can compute it.
std::string csrf_token(const SecretText& session);

}  // namespace opsledger
