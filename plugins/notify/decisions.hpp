// How the commands are decided, but for sending.
#pragma once

#include <set>

#include "delivery.hpp"

namespace notify {

inline constexpr std::size_t kStepsMax = 8;
inline constexpr std::uint32_t kStepDelayMax_s = 86'400;

inline ops::Decision not_found(const std::string& what) {
  return ops::reject("entity.not_found", "there is no " + what);
}

/// Secrets live in the key store: neither user nor query belongs into an event.
inline bool is_plain_url(std::string_view url, Kind kind) {
  const bool mail = kind == Kind::email;
  const bool scheme = mail ? url.starts_with("smtp://") || url.starts_with("smtps://")
                           : url.starts_with("https://") || url.starts_with("http://");
  const bool clean =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return scheme && clean && url.find_first_of("@?#\\") == std::string_view::npos;
}

inline const char* default_url(Kind kind) {
  switch (kind) {
    case Kind::dingtalk:
      return "https://oapi.dingtalk.com/robot/send";
    case Kind::feishu:
      return "https://open.feishu.cn/open-apis/bot/v2/hook";
    case Kind::wecom:
      return "https://qyapi.weixin.qq.com/cgi-bin/webhook/send";
    case Kind::email:
    case Kind::webhook:
      break;
  }
  return "";
}

inline ops::Decision decide_define_channel(const DefineChannel& c, const Channel&) {
  if (c.channel == kInApp) {
    return ops::reject("notify.channel_reserved", "in_app is the inbox and cannot be changed");
  }
  const ChannelDefined e{c.channel, c.kind,     c.url.value_or(default_url(c.kind)),
                         c.from,    c.username, c.security};
  if (!is_plain_url(e.url, c.kind)) {
    return ops::reject("notify.url", std::string(c.kind == Kind::email ? "smtp(s)" : "http(s)") +
                                         "://host[:port][/path] without user, query and fragment; "
                                         "tokens belong into the channel's secret");
  }
  if (c.kind == Kind::email && c.from.value_or("").find('@') == std::string::npos) {
    return ops::reject("notify.sender", "a mail channel needs the address it sends from");
  }
  return ops::emit(e);
}

inline ops::Decision decide_retire_channel(const RetireChannel& c, const Channel& channel) {
  if (!channel.known) return not_found("channel " + c.channel);
  if (!channel.open) return ops::reject("command.wrong_state", c.channel + " is retired already");
  return ops::emit(ChannelRetired{c.channel});
}

inline ops::Decision decide_define_template(const DefineTemplate& c) {
  if (c.name == kDigest) {
    return ops::reject("notify.template_reserved", "digests are made by the module");
  }
  if (c.subject_en.empty() || c.subject_zh.empty()) {
    return ops::reject("notify.subject", "a template needs a subject in both languages");
  }
  return ops::emit(TemplateDefined{c.name, c.subject_en, c.subject_zh, c.text_en, c.text_zh});
}

inline std::optional<ops::Decision> check_steps(const std::vector<Step>& steps) {
  if (steps.size() > kStepsMax) {
    return ops::reject("notify.steps", "at most " + std::to_string(kStepsMax) + " steps");
  }
  for (const Step& step : steps) {
    if (step.channel.empty() || step.channel == kInApp) {
      return ops::reject("notify.steps", "a step names a channel; the inbox always comes first");
    }
    if (step.after_s > kStepDelayMax_s) {
      return ops::reject("notify.steps", "a step comes within a day");
    }
  }
  return {};
}

inline ops::Decision decide_rules(const Rules& c, std::string person) {
  for (const auto* steps : {&c.normal, &c.important}) {
    if (auto refused = check_steps(*steps)) return *refused;
  }
  if (c.quiet && !quiet_of(*c.quiet)) {
    return ops::reject("notify.quiet", "quiet hours are HH:MM-HH:MM or none, found " + *c.quiet);
  }
  if (c.zone && !zone_of(*c.zone)) {
    return ops::reject("notify.zone", "unknown time zone " + *c.zone + "; give its offset, +08:00");
  }
  RulesSet e;
  e.person = std::move(person);
  e.normal = c.normal;
  e.important = c.important;
  e.off = c.off;
  e.quiet = c.quiet;
  e.zone = c.zone;
  e.locale = c.locale;
  return ops::emit(e);
}
inline ops::Decision decide_set_rules(const SetRules& c, const ops::Envelope& envelope) {
  return decide_rules(c, std::string(envelope.actor()));
}
inline ops::Decision decide_set_default_rules(const SetDefaultRules& c) {
  return decide_rules(c, kEverybody);
}

inline std::optional<ops::Decision> check_addressee(const std::string& id, const Notification& n,
                                                    const ops::Envelope& envelope) {
  if (!n.known) return not_found("notification " + id);
  if (n.first.person != envelope.actor()) {
    return ops::reject("notification.not_yours", "only the one it was sent to may do that");
  }
  return {};
}

inline ops::Decision decide_mark_read(const MarkRead& c, const Notification& n,
                                      const ops::Envelope& envelope) {
  if (auto refused = check_addressee(c.notification, n, envelope)) return *refused;
  if (n.read) return {};
  return ops::emit(Read{c.notification});
}

/// Stops what has not been sent yet: later steps, and deliveries that wait for another attempt.
inline ops::Decision decide_acknowledge(const Acknowledge& c, const Notification& n,
                                        const ops::Envelope& envelope) {
  if (auto refused = check_addressee(c.notification, n, envelope)) return *refused;
  if (n.acknowledged) return {};
  ops::Decision decision = ops::emit(Acknowledged{c.notification});
  for (const auto& [queued, delivery] : n.deliveries) {
    if (!delivery.is(Notification::State::queued)) continue;
    Suppressed e;
    static_cast<Message&>(e) = delivery.message;
    e.lane.clear();  // the channel's limit has nothing to do with it
    e.why = Why::acknowledged;
    e.queued = queued;
    decision.emit(e);
  }
  for (std::size_t step = 1; step <= kStepsMax; ++step) {
    decision.cancel_timer(kStepTimer, c.notification + "/" + std::to_string(step));
  }
  return decision;
}

inline ops::Decision decide_resend(const Resend& c, const Notification& n) {
  const auto found = n.deliveries.find(c.queued);
  if (found == n.deliveries.end()) return not_found("delivery " + std::to_string(c.queued));
  if (!found->second.is(Notification::State::dead)) {
    return ops::reject("notification.not_dead", "only a dead letter is sent again");
  }
  Queued e;
  static_cast<Message&>(e) = found->second.message;
  e.key.reset();
  return ops::emit(e);
}

/// What the kernel reports twice is written once.
inline ops::Decision decide_record_sent(const RecordSent& c, const Notification& n) {
  const auto found = n.deliveries.find(c.queued);
  if (found == n.deliveries.end()) return not_found("delivery " + std::to_string(c.queued));
  if (found->second.is(Notification::State::sent)) return {};
  return ops::emit(Sent{c.notification, c.queued, c.attempt, c.provider_code});
}
inline ops::Decision decide_record_failed(const RecordFailed& c, const Notification& n) {
  const auto found = n.deliveries.find(c.queued);
  if (found == n.deliveries.end()) return not_found("delivery " + std::to_string(c.queued));
  const auto& delivery = found->second;
  if (!delivery.is(Notification::State::queued) || delivery.attempts >= c.attempt) return {};
  return ops::emit(Failed{c.notification, c.queued, c.attempt, c.error, c.retry_at});
}

}  // namespace notify
