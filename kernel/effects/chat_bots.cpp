// The group bots of DingTalk, Feishu and WeCom. Each vendor signs, limits and answers differently.
#include <boost/json.hpp>
#include <initializer_list>

#include "kernel/effects/channel.hpp"
#include "kernel/effects/limits.hpp"
#include "kernel/effects/text.hpp"
#include "kernel/schema/base64.hpp"
#include "storage/core/hmac_sha256.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

std::string base64(const Hash& hash) {
  std::string out;
  append_base64(hash.view(), &out);
  return out;
}

std::string whole_text(const OutgoingMessage& message, std::size_t bytes_max) {
  std::string text = message.subject;
  if (!message.text.empty()) text += "\n" + message.text;
  if (message.link.empty() || message.link.size() + 1 >= bytes_max) return clipped(text, bytes_max);
  return clipped(text, bytes_max - message.link.size() - 1) + "\n" + message.link;
}

json::array mentioned(const OutgoingMessage& message, std::string Contact::*how) {
  json::array list;
  for (const Contact& contact : message.mentions) {
    if (!(contact.*how).empty()) list.emplace_back(contact.*how);
  }
  return list;
}

HttpCall json_call(std::string url, const json::object& body) {
  return {std::move(url), {"Content-Type: application/json; charset=utf-8"}, json::serialize(body)};
}

/// HTTP 200 says nothing: success is 0 in one of the body's members. `later` lists the vendor's
/// codes for "too fast" and "busy", after which another attempt makes sense.
EffectOutcome judge_body(const HttpAnswer& answer, std::initializer_list<const char*> members,
                         std::initializer_list<std::int64_t> later) {
  auto outcome = judge_status(answer);
  if (!outcome.done) return outcome;
  boost::system::error_code failed;
  const auto body = json::parse(answer.body, failed);
  const json::value* code = nullptr;
  for (const char* member : members) {
    if (code == nullptr && !failed && body.is_object())
      code = body.get_object().if_contains(member);
  }
  outcome.done = code != nullptr && code->is_int64() && code->get_int64() == 0;
  if (outcome.done) {
    outcome.code = "0";
    return outcome;
  }
  const std::int64_t number = code != nullptr && code->is_int64() ? code->get_int64() : 0;
  outcome.permanent = number != 0 && std::find(later.begin(), later.end(), number) == later.end();
  outcome.error = "the bot answered " + answer.body;
  return outcome;
}

/// sign = urlencode(base64(HMAC(secret, ms "\n" secret))) in the query.
HttpCall make_dingtalk(const ChannelFacts& channel, const ChannelSecret& secret,
                       const OutgoingMessage& message) {
  std::string url = channel.url + "?access_token=" + url_encode(secret.token);
  if (!secret.secret.empty()) {
    const auto timestamp = std::to_string(message.now.us / 1'000);
    const auto sign = base64(hmac_sha256(secret.secret, timestamp + "\n" + secret.secret));
    url += "&timestamp=" + timestamp + "&sign=" + url_encode(sign);
  }
  const json::object at{{"atMobiles", mentioned(message, &Contact::mobile)},
                        {"atUserIds", mentioned(message, &Contact::dingtalk)},
                        {"isAtAll", false}};
  return json_call(std::move(url),
                   {{"msgtype", "text"},
                    {"text", {{"content", whole_text(message, effect_limits::kChatTextBytesMax)}}},
                    {"at", at}});
}
EffectOutcome judge_dingtalk(const HttpAnswer& answer) {
  return judge_body(answer, {"errcode"}, {-1, 130101});
}

/// sign = base64(HMAC(seconds "\n" secret, "")): key and message the other way round.
HttpCall make_feishu(const ChannelFacts& channel, const ChannelSecret& secret,
                     const OutgoingMessage& message) {
  std::string text = whole_text(message, effect_limits::kChatTextBytesMax);
  for (const Contact& contact : message.mentions) {
    const bool plain = contact.feishu.find_first_of("\"<>&") == std::string::npos;
    if (!contact.feishu.empty() && plain) {
      text += " <at user_id=\"" + contact.feishu + "\"></at>";
    }
  }
  json::object body{{"msg_type", "text"}, {"content", {{"text", text}}}};
  if (!secret.secret.empty()) {
    const auto timestamp = std::to_string(message.now.us / 1'000'000);
    body["timestamp"] = timestamp;
    body["sign"] = base64(hmac_sha256(timestamp + "\n" + secret.secret, ""));
  }
  return json_call(channel.url + "/" + url_encode(secret.token), body);
}
EffectOutcome judge_feishu(const HttpAnswer& answer) {
  return judge_body(answer, {"code", "StatusCode"}, {9499, 11232});
}

/// The key in the URL is all there is; a text has at most 2,048 bytes.
HttpCall make_wecom(const ChannelFacts& channel, const ChannelSecret& secret,
                    const OutgoingMessage& message) {
  const json::object text{{"content", whole_text(message, effect_limits::kWecomTextBytesMax)},
                          {"mentioned_list", mentioned(message, &Contact::wecom)},
                          {"mentioned_mobile_list", mentioned(message, &Contact::mobile)}};
  return json_call(channel.url + "?key=" + url_encode(secret.token),
                   {{"msgtype", "text"}, {"text", text}});
}
EffectOutcome judge_wecom(const HttpAnswer& answer) {
  return judge_body(answer, {"errcode"}, {-1, 45009});
}

}  // namespace

const ChannelProtocol kDingTalk{make_dingtalk, judge_dingtalk, true};
const ChannelProtocol kFeishu{make_feishu, judge_feishu, true};
const ChannelProtocol kWecom{make_wecom, judge_wecom, true};

}  // namespace opsledger
