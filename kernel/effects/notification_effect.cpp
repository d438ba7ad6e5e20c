#include "kernel/effects/notification_effect.hpp"

#include <boost/json.hpp>

#include "kernel/effects/ledger_facts.hpp"
#include "kernel/effects/limits.hpp"
#include "kernel/effects/mail_text.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr std::string_view kQueued = "notification.queued";
constexpr std::string_view kFailed = "notification.failed";
constexpr std::string_view kInbox = "in_app";  // there as soon as it is written

std::uint64_t number_member(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  return value->to_number<std::uint64_t>();
}

/// Refusals by the guard and by what was asked for do not change by waiting.
EffectOutcome outcome_of(const Error& error) {
  EffectOutcome outcome;
  outcome.permanent = error.code == Code::kForbidden || error.code == Code::kRejected ||
                      error.code == Code::kInvalid || error.code == Code::kNotFound;
  outcome.error = error.reason + ": " + error.message;
  return outcome;
}

}  // namespace

NotificationEffect::NotificationEffect(const Ledger& ledger, const SchemaCatalog& schemas,
                                       const Clock& clock, const Transport& transport,
                                       SecretSource secrets, AddressBook addresses, Options options)
    : ledger_(ledger),
      schemas_(schemas),
      clock_(clock),
      transport_(transport),
      secrets_(std::move(secrets)),
      addresses_(std::move(addresses)),
      options_(options) {}

std::vector<std::string> NotificationEffect::types() const {
  return {std::string(kQueued), std::string(kFailed), "notification.sent",
          "notification.suppressed"};
}

std::optional<EffectNote> NotificationEffect::note(const EventView& event) const {
  const auto data = event_data(event, schemas_);
  EffectNote note;
  if (event.type == kQueued) {
    if (text_member(data, "channel") == kInbox) return {};
    note.trigger = event.position;
    note.due = event.recorded_at;
    note.lane = text_member(data, "lane");
    note.per_minute = note.lane.empty() ? 0 : options_.bot_per_minute;
    return note;
  }
  note.trigger = {number_member(data, "queued")};
  if (note.trigger.value == 0) return {};  // held back before it was ever queued
  note.what = EffectNote::What::kSettled;
  const auto retry_at = parse_rfc3339(text_member(data, "retry_at"));
  if (event.type == kFailed && retry_at) {
    note.what = EffectNote::What::kAttempted;
    note.due = *retry_at;
    note.attempts = static_cast<unsigned>(number_member(data, "attempt"));
  }
  return note;
}

Result<EffectOutcome> NotificationEffect::deliver_mail(const ChannelFacts& channel,
                                                       const ChannelSecret& secret,
                                                       const OutgoingMessage& message) const {
  OPS_TRY_ASSIGN(const auto contact, addresses_(message.person));
  if (contact.email.empty()) {
    return Error{Code::kNotFound, "effect.no_address",
                 message.person + " has no mail address; enter one or choose another channel"};
  }
  Mail mail{channel.from, contact.email, message.subject, message.text, message.key, message.now};
  if (!message.link.empty()) mail.text += "\n\n" + message.link;
  MailCall call{channel.url,
                MailSecurity::kStartTls,
                channel.username,
                secret.password,
                channel.from,
                contact.email,
                {}};
  if (channel.security == "plain") call.security = MailSecurity::kPlain;
  if (channel.security == "tls") call.security = MailSecurity::kTls;
  OPS_TRY_ASSIGN(call.message, mail_text(mail));
  OPS_TRY_ASSIGN(const auto reply, transport_.mail(call));
  EffectOutcome sent;
  sent.done = true;
  sent.code = std::to_string(reply);
  return sent;
}

Result<EffectOutcome> NotificationEffect::deliver(const json::object& queued,
                                                  const EffectAttempt& attempt,
                                                  ChannelSecret* secret) const {
  OPS_TRY_ASSIGN(const auto channel,
                 read_channel(ledger_, schemas_, text_member(queued, "channel")));
  if (!channel) {
    return Error{Code::kNotFound, "effect.channel_retired", "the channel is there no longer"};
  }
  OPS_TRY_ASSIGN(auto found, secrets_(channel->id));
  if (found) *secret = std::move(*found);
  OutgoingMessage message;
  message.notification = text_member(queued, "notification");
  message.person = text_member(queued, "person");
  message.subject = text_member(queued, "subject");
  message.text = text_member(queued, "text");
  message.link = text_member(queued, "link");
  const auto* important = queued.if_contains("important");
  message.important = important != nullptr && important->is_bool() && important->get_bool();
  message.key = attempt.key;
  message.now = clock_.now();
  if (channel->kind == "email") return deliver_mail(*channel, *secret, message);
  const auto* protocol = channel_protocol(channel->kind);
  if (protocol == nullptr) {
    return Error{Code::kInvalid, "effect.channel_kind", "nothing speaks " + channel->kind};
  }
  if (protocol->needs_token && secret->token.empty()) {
    return Error{Code::kNotReady, "effect.no_secret",
                 "channel " + channel->id + " has no token; set its secret"};
  }
  if (const auto* mentions = queued.if_contains("mentions"); mentions && mentions->is_array()) {
    for (const auto& person : mentions->get_array()) {
      OPS_TRY_ASSIGN(auto contact, addresses_(std::string(person.as_string())));
      message.mentions.push_back(std::move(contact));
    }
  }
  OPS_TRY_ASSIGN(const auto answer, transport_.post(protocol->make(*channel, *secret, message)));
  return protocol->judge(answer);
}

EffectOutcome NotificationEffect::perform(const EffectAttempt& attempt) const {
  ChannelSecret secret;
  const auto result = [&]() -> Result<EffectOutcome> {
    OPS_TRY_ASSIGN(const auto event, ledger_.get(attempt.trigger));
    return deliver(event_data(event.view(), schemas_), attempt, &secret);
  }();
  EffectOutcome outcome = result ? *result : outcome_of(result.error());
  outcome.error = without_secrets(outcome.error, secret, effect_limits::kErrorBytesMax);
  return outcome;
}

CommandRequest NotificationEffect::report(const EffectAttempt& attempt,
                                          const EffectOutcome& outcome,
                                          std::optional<Time> retry_at) const {
  CommandRequest request;
  json::object data{{"queued", attempt.trigger.value}, {"attempt", attempt.number}};
  if (const auto event = ledger_.get(attempt.trigger)) {
    const auto& view = event->view();
    data["notification"] = text_member(event_data(view, schemas_), "notification");
    request.context.department = std::string(view.department);
    request.context.correlation = std::string(view.correlation);
  }
  if (outcome.done) {
    request.type = "notification.record_sent";
    data["provider_code"] = outcome.code;
  } else {
    request.type = "notification.record_failed";
    data["error"] = outcome.error;
    if (retry_at) data["retry_at"] = rfc3339(*retry_at);
  }
  request.data = std::move(data);
  request.context.actor = "effect:notification";
  request.context.trusted = true;
  request.context.idempotency_key = attempt.key + ":" + std::to_string(attempt.number);
  request.causation = attempt.trigger;
  request.internal = true;
  return request;
}

}  // namespace opsledger
