// Where channels' secrets come from, and how they stay out of texts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// What a channel needs besides its events; kept in the key store as JSON with these members.
struct ChannelSecret {
  std::string token;     ///< of a bot: `access_token`, hook id or `key`
  std::string secret;    ///< what requests are signed with
  std::string password;  ///< of a mail server
};

/// Nothing = the channel has none. Thread safe.
using SecretSource = std::function<Result<std::optional<ChannelSecret>>(std::string_view channel)>;

/// `{"token"?,"secret"?,"password"?}`, texts only. Errors: kInvalid `effect.secret_invalid`; the
/// message never holds any of the values.
Result<ChannelSecret> parse_channel_secret(std::string_view json);

/// `text` in which every secret, as it is or percent-encoded, is `***`, without control characters
/// and at most `bytes_max` bytes of UTF-8.
std::string without_secrets(std::string_view text, const ChannelSecret& secret,
                            std::size_t bytes_max);

}  // namespace opsledger
