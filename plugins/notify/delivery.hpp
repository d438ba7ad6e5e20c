// How one message reaches one channel: now, in a digest later, or not at all.
#pragma once

#include "commands.hpp"
#include "models.hpp"
#include "zone.hpp"

namespace notify {

inline constexpr const char* kStepTimer = "step";
inline constexpr const char* kReleaseTimer = "release";
inline constexpr std::size_t kDigestBytesMax = 1'500;  ///< of its text; a bot takes 2,048

/// The module's settings, each with its default.
struct Settings {
  explicit Settings(const ops::Envelope& envelope) {
    const auto config = envelope.config();
    digest_over =
        static_cast<std::size_t>(std::max<std::int64_t>(1, config["digest_over"].integer(15)));
    quiet = config["quiet"].str("22:00-07:30");
    zone = config["zone"].str("Asia/Shanghai");
    locale = config["locale"].str("zh-CN");
    important_ignores_quiet = config["important_ignores_quiet"].boolean(true);
    repeat_within = std::chrono::minutes(config["repeat_minutes"].integer(10));
  }
  std::size_t digest_over;
  std::string quiet, zone, locale;
  bool important_ignores_quiet;
  ops::Duration repeat_within;
};

/// What counts for a person: their own rules, else everybody's; the module's settings below both.
struct Habits {
  Habits(const Person& person, const Person& everybody, const Settings& settings)
      : rules(person.has_rules ? person.rules : everybody.rules) {
    const auto first = [](std::initializer_list<std::string> values) {
      return *std::find_if(values.begin(), values.end(), [](const auto& v) { return !v.empty(); });
    };
    zone = zone_of(first({rules.zone.value_or(""), person.zone, settings.zone}))
               .value_or(kZones.front());
    quiet = quiet_of(first({rules.quiet.value_or(""), settings.quiet})).value_or(Quiet{});
    zh = first({rules.locale.value_or(""), person.locale, settings.locale}).starts_with("zh");
  }
  const RulesSet& rules;
  Zone zone;
  Quiet quiet;
  bool zh = true;
};

/// Writes deliveries into one decision and keeps count of what it wrote, so that one command obeys
/// the limits as several would.
class Dispatcher {
 public:
  Dispatcher(const ops::Envelope& envelope, ops::Decision& decision)
      : envelope_(envelope), decision_(decision), settings_(envelope) {}
  const Settings& settings() const { return settings_; }

  void suppress(Message message, Why why) {
    Suppressed e;
    static_cast<Message&>(e) = std::move(message);
    e.why = why;
    decision_.emit(e);
  }

  /// `habits` null: to a group, which has no quiet hours. `lane` is the one that counts for it.
  void deliver(Message message, const Channel& channel, Lane& lane, const Habits* habits) {
    if (!channel.open) return suppress(std::move(message), Why::channel_gone);
    if (habits != nullptr && !(message.important && settings_.important_ignores_quiet)) {
      if (const auto end = quiet_end(habits->quiet, habits->zone, envelope_.time())) {
        return hold(std::move(message), lane, Why::quiet_hours, *end);
      }
    }
    const auto now = envelope_.time();
    const bool people = channel.defined.kind != Kind::webhook;  // a program takes them one by one
    if (people && lane.taken_since(now - kRateWindow) >= settings_.digest_over) {
      return hold(std::move(message), lane, Why::rate_limit, now + kRateWindow);
    }
    queue(std::move(message), lane);
  }

 private:
  void queue(Message message, Lane& lane) {
    Queued e;
    static_cast<Message&>(e) = std::move(message);
    lane.queued(e, envelope_.time());
    decision_.emit(e);
  }
  void hold(Message message, Lane& lane, Why why, ops::Time until) {
    if (!envelope_.has_timers()) return queue(std::move(message), lane);  // nobody would release it
    ops::Time release = until;  // one timer per lane: for what is due first
    for (const auto& held : lane.held) {
      if (held.until > envelope_.time()) release = std::min(release, held.until);
    }
    if (why == Why::rate_limit) until = release;  // joins the digest that comes anyway
    Suppressed e;
    static_cast<Message&>(e) = std::move(message);
    e.why = why;
    e.until = until;
    const std::string person = e.lane.empty() ? e.person : "";
    decision_.timer(kReleaseTimer, e.channel + "/" + person, ops::at(release),
                    Release{person, e.channel});
    lane.suppressed(e);
    decision_.emit(e);
  }

  const ops::Envelope& envelope_;
  ops::Decision& decision_;
  const Settings settings_;
};

/// What was held until now, as one message; nothing when nothing was.
inline std::optional<Queued> digest_of(const Release& c, const Lane& lane, bool zh,
                                       const ops::Envelope& envelope) {
  std::vector<const Lane::Held*> due;
  for (const auto& held : lane.held) {
    if (held.until <= envelope.time()) due.push_back(&held);
  }
  if (due.empty()) return {};
  Queued e;
  e.notification = std::string(envelope.id());
  e.channel = c.channel;
  e.person = c.person;
  e.template_name = kDigest;
  e.releases_until = envelope.time();
  const auto count = std::to_string(due.size());
  e.subject =
      due.size() == 1 ? due[0]->subject : (zh ? count + " 条通知汇总" : count + " notifications");
  if (due.size() == 1) e.text = due[0]->text;
  std::size_t shown = 0;
  for (const auto* held : due) {
    e.mentions.insert(e.mentions.end(), held->mentions.begin(), held->mentions.end());
    if (due.size() == 1 || e.text.size() + held->subject.size() > kDigestBytesMax) continue;
    e.text += "- " + held->subject + "\n";
    ++shown;
  }
  if (due.size() > 1 && shown < due.size()) {
    const auto rest = std::to_string(due.size() - shown);
    e.text += zh ? "……另有 " + rest + " 条,见站内通知\n" : "… and " + rest + " more in the inbox\n";
  }
  std::sort(e.mentions.begin(), e.mentions.end());
  e.mentions.erase(std::unique(e.mentions.begin(), e.mentions.end()), e.mentions.end());
  return e;
}

}  // namespace notify
