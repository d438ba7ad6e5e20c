#include "kernel/effects/secrets.hpp"

#include <boost/json.hpp>

#include "kernel/effects/text.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kSecretBytesMax = 4'096;
constexpr std::string_view kHidden = "***";

void hide(std::string_view what, std::string* text) {
  if (what.empty()) return;
  for (auto at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), kHidden);
    at += kHidden.size();
  }
}

Error invalid(std::string_view why) {
  return {Code::kInvalid, "effect.secret_invalid",
          "a channel's secret is {\"token\", \"secret\", \"password\"}, each a text and each "
          "optional: " +
              std::string(why)};
}

}  // namespace

Result<ChannelSecret> parse_channel_secret(std::string_view json) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(json, failed);
  if (failed || !value.is_object()) return invalid("found no JSON object");
  ChannelSecret secret;
  for (const auto& [key, member] : value.get_object()) {
    std::string* to = key == "token"      ? &secret.token
                      : key == "secret"   ? &secret.secret
                      : key == "password" ? &secret.password
                                          : nullptr;
    if (to == nullptr) return invalid("there is another member");
    if (!member.is_string() || member.get_string().size() > kSecretBytesMax) {
      return invalid("a member is no text of at most 4,096 bytes");
    }
    const std::string_view text = member.get_string();
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), control)) {
      return invalid("a member holds control characters");
    }
    *to = text;
  }
  return secret;
}

std::string without_secrets(std::string_view text, const ChannelSecret& secret,
                            std::size_t bytes_max) {
  std::string out(text);
  for (const auto* one : {&secret.token, &secret.secret, &secret.password}) {
    hide(*one, &out);
    hide(url_encode(*one), &out);
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (!is_utf8(out)) {
    for (char& c : out) {
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
  }
  return clipped(out, bytes_max);
}

}  // namespace opsledger
