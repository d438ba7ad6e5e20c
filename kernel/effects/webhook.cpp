// The generic webhook: JSON, signed over time and body.
#include <boost/json.hpp>

#include "kernel/effects/channel.hpp"
#include "kernel/schema/time_text.hpp"
#include "storage/core/hmac_sha256.hpp"

namespace opsledger {
namespace {

/// X-OpsLedger-Signature: v1=<hex HMAC-SHA256(secret, timestamp + "." + body)>.
HttpCall make_webhook(const ChannelFacts& channel, const ChannelSecret& secret,
                      const OutgoingMessage& message) {
  const boost::json::object body{
      {"notification", message.notification}, {"channel", channel.id},     {"to", message.person},
      {"subject", message.subject},           {"text", message.text},      {"link", message.link},
      {"important", message.important},       {"at", rfc3339(message.now)}};
  HttpCall call{channel.url, {}, boost::json::serialize(body)};
  const auto timestamp = std::to_string(message.now.us / 1'000'000);
  call.headers = {"Content-Type: application/json", "Idempotency-Key: " + message.key,
                  "X-OpsLedger-Timestamp: " + timestamp};
  if (!secret.secret.empty()) {
    const auto signature = hmac_sha256(secret.secret, timestamp + "." + call.body);
    call.headers.push_back("X-OpsLedger-Signature: v1=" + hex(signature.bytes));
  }
  if (!secret.token.empty()) call.headers.push_back("Authorization: Bearer " + secret.token);
  return call;
}

}  // namespace

EffectOutcome judge_status(const HttpAnswer& answer) {
  EffectOutcome outcome;
  outcome.code = std::to_string(answer.status);
  outcome.done = answer.status >= 200 && answer.status < 300;
  if (outcome.done) return outcome;
  const auto status = answer.status;
  const bool later = status >= 500 || status == 401 || status == 403 || status == 408 ||
                     status == 425 || status == 429;
  outcome.permanent = !later;
  outcome.error = "HTTP " + outcome.code +
                  (status / 100 == 3 ? " (redirects are not followed)" : "") + ": " + answer.body;
  return outcome;
}

const ChannelProtocol kWebhook{make_webhook, judge_status, false};

const ChannelProtocol* channel_protocol(std::string_view kind) {
  if (kind == "webhook") return &kWebhook;
  if (kind == "dingtalk") return &kDingTalk;
  if (kind == "feishu") return &kFeishu;
  if (kind == "wecom") return &kWecom;
  return nullptr;
}

}  // namespace opsledger
