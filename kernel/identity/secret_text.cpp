#include "kernel/identity/secret_text.hpp"

#include <algorithm>

#include "storage/core/random_bytes.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kIdBytes = 8, kSecretBytes = 32;
constexpr std::string_view kCsrfPurpose = "opsledger csrf\n";

bool lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

NewSecret make_secret(std::string_view prefix) {
  NewSecret made;
  made.id = hex(random_bytes(kIdBytes));
  const std::string secret = hex(random_bytes(kSecretBytes));
  made.text = std::string(prefix) + made.id + "_" + secret;
  made.hash = sha256(secret);
  return made;
}

std::optional<SecretText> parse_secret(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  if (text.size() != 2 * kIdBytes + 1 + 2 * kSecretBytes || text[2 * kIdBytes] != '_') return {};
  const SecretText parts{text.substr(0, 2 * kIdBytes), text.substr(2 * kIdBytes + 1)};
  if (!lower_hex(parts.id) || !lower_hex(parts.secret)) return {};
  return parts;
}

Hash hash_of(const SecretText& text) {
  return sha256(text.secret);
}

std::string csrf_token(const SecretText& session) {
  return hex(sha256(kCsrfPurpose, session.secret).bytes);
}

}  // namespace opsledger
