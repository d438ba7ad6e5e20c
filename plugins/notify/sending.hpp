// Sending: who gets what, where and when.
#pragma once

#include "decisions.hpp"

namespace notify {

inline constexpr std::size_t kRecipientsMax = 20;
inline constexpr std::size_t kChannelsMax = 32;
inline constexpr std::size_t kSubjectBytesMax = 400;
inline constexpr std::size_t kTextBytesMax = 4'000;

/// `{name}` becomes the parameter; the name of one that is missing goes to `*missing`.
inline std::string rendered(const std::string& text,
                            const std::map<std::string, std::string>& params,
                            std::string* missing) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      out += text[i++];
      continue;
    }
    const auto name = text.substr(i + 1, end - i - 1);
    const auto found = params.find(name);
    if (found == params.end())
      *missing = name;
    else
      out += found->second;
    i = end + 1;
  }
  return out;
}

inline ops::TagSets persons_of(const Send& c) {
  ops::TagSets sets{{{"person", kEverybody}}};
  for (const auto& person : c.to) sets.push_back({{"person", person}});
  return sets;
}

/// Every channel that a step of somebody's rules may use, in order.
inline std::vector<std::string> channels_of(const Send& c, const ops::Many<Person>& persons) {
  std::set<std::string> names(c.channels.begin(), c.channels.end());
  for (std::size_t i = 1; i < persons.size(); ++i) {
    const auto& rules = persons[i].has_rules ? persons[i].rules : persons[0].rules;
    for (const Step& step : c.important ? rules.important : rules.normal)
      names.insert(step.channel);
  }
  return {names.begin(), names.end()};
}

/// One `notification.send` being decided.
class Sending {
 public:
  Sending(const Send& c, const ops::Many<Person>& persons, const ops::Many<Channel>& channels,
          const ops::Many<Template>& templates, const ops::Envelope& envelope)
      : c_(c),
        persons_(persons),
        templates_(templates),
        envelope_(envelope),
        out_(envelope, decision_) {
    const auto names = channels_of(c, persons);
    for (std::size_t i = 0; i < names.size(); ++i) channels_[names[i]] = channels[i];
  }

  ops::Decision decide() {
    if (const auto refused = check()) return *refused;
    for (std::size_t i = 0; i < c_.to.size(); ++i) to_person(c_.to[i], persons_[i + 1]);
    for (const auto& name : c_.channels) to_group(name);
    if (!missing_.empty()) {
      return ops::reject("notification.param_missing", "the template needs {" + missing_ + "}");
    }
    return decision_;
  }

 private:
  std::optional<ops::Decision> check() const {
    if (c_.to.empty() && c_.channels.empty()) {
      return ops::reject("notification.no_recipient", "name persons or group channels");
    }
    if (c_.to.size() > kRecipientsMax || channels_.size() > kChannelsMax) {
      return ops::reject("notification.too_many", "at most 20 persons and 32 channels at once");
    }
    for (const auto& name : c_.channels) {
      if (!channels_.at(name).open) return not_found("channel " + name);
      if (channels_.at(name).defined.kind == Kind::email) {
        return ops::reject("notification.no_group", name + " is mail: it reaches persons only");
      }
    }
    if (c_.template_name) {
      if (!templates_[0].known) return not_found("template " + *c_.template_name);
    } else if (c_.subject.value_or("").empty()) {
      return ops::reject("notification.subject", "a notification needs a subject or a template");
    }
    if (c_.subject.value_or("").size() > kSubjectBytesMax ||
        c_.text.value_or("").size() > kTextBytesMax) {
      return ops::reject("notification.too_long", "a subject has at most 400 bytes, a text 4,000");
    }
    return {};
  }

  Message message(bool zh) {
    Message m;
    m.notification = std::string(envelope_.id()) + "." + std::to_string(++count_);
    m.template_name = c_.template_name.value_or("");
    m.subject = c_.subject.value_or("");
    m.text = c_.text.value_or("");
    if (c_.template_name) {
      const auto& t = templates_[0].defined;
      m.subject = rendered(zh ? t.subject_zh : t.subject_en, c_.params, &missing_);
      m.text = rendered(zh ? t.text_zh : t.text_en, c_.params, &missing_);
    }
    m.link = c_.link;
    m.key = c_.key;
    m.important = c_.important;
    return m;
  }

  bool repeated(const Keys& keys) const {
    return c_.key && keys.used_since(*c_.key, envelope_.time() - out_.settings().repeat_within);
  }

  void to_group(const std::string& name) {
    Channel& channel = channels_.at(name);
    Message m = message(out_.settings().locale.starts_with("zh"));
    m.channel = name;
    if (is_bot(channel.defined.kind)) m.lane = name;
    m.mentions = c_.to;
    if (repeated(channel.keys)) return out_.suppress(std::move(m), Why::duplicate);
    out_.deliver(std::move(m), channel, channel.lane, nullptr);
  }

  void to_person(const std::string& name, Person person) {
    const Habits habits(person, persons_[0], out_.settings());
    Message m = message(habits.zh);
    m.person = name;
    m.channel = kInApp;
    if (repeated(person.keys)) return out_.suppress(std::move(m), Why::duplicate);
    Queued inbox;
    static_cast<Message&>(inbox) = m;
    decision_.emit(inbox);
    m.key.reset();
    for (const Step& step : c_.important ? habits.rules.important : habits.rules.normal) {
      ++m.step;
      m.channel = step.channel;
      take_step(m, step, person, habits);
    }
  }

  void take_step(Message m, const Step& step, Person& person, const Habits& habits) {
    if (habits.rules.off && !m.important) return out_.suppress(std::move(m), Why::user_off);
    if (step.after_s > 0 && envelope_.has_timers()) {
      decision_.timer(kStepTimer, m.notification + "/" + std::to_string(m.step),
                      ops::after(std::chrono::seconds(step.after_s)),
                      Escalate{m.notification, m.person, m.step, m.channel});
      return;
    }
    Channel& channel = channels_.at(step.channel);
    const bool shared = is_bot(channel.defined.kind);
    if (shared) {
      m.lane = m.channel;
      m.mentions = {m.person};
    }
    out_.deliver(std::move(m), channel, shared ? channel.lane : person.lanes[step.channel],
                 &habits);
  }

  const Send& c_;
  const ops::Many<Person>& persons_;
  const ops::Many<Template>& templates_;
  const ops::Envelope& envelope_;
  ops::Decision decision_;
  Dispatcher out_;
  std::map<std::string, Channel> channels_;
  std::string missing_;
  unsigned count_ = 0;
};

inline ops::Decision decide_send(const Send& c, const ops::Many<Person>& persons,
                                 const ops::Many<Channel>& channels,
                                 const ops::Many<Template>& templates,
                                 const ops::Envelope& envelope) {
  return Sending(c, persons, channels, templates, envelope).decide();
}

/// A later step of a chain that nobody has acknowledged.
inline ops::Decision decide_escalate(const Escalate& c, const Notification& n,
                                     const ops::Many<Person>& persons, const Channel& channel,
                                     const ops::Envelope& envelope) {
  if (!n.known || n.acknowledged) return {};
  ops::Decision decision;
  Dispatcher out(envelope, decision);
  Person person = persons[1];
  Channel shared_channel = channel;
  const Habits habits(person, persons[0], out.settings());
  Message m = n.first;
  m.step = c.step;
  m.channel = c.channel;
  m.key.reset();
  const bool shared = is_bot(channel.defined.kind);
  if (shared) {
    m.lane = m.channel;
    m.mentions = {m.person};
  }
  out.deliver(std::move(m), channel, shared ? shared_channel.lane : person.lanes[c.channel],
              &habits);
  return decision;
}

/// What was held back goes out as one message; what must wait longer gets its timer again.
inline ops::Decision decide_release(const Release& c, const ops::Many<Person>& persons,
                                    const Channel& channel, const ops::Envelope& envelope) {
  static const Lane kEmpty;
  const Settings settings(envelope);
  const Lane* lane = &channel.lane;
  bool zh = settings.locale.starts_with("zh");
  if (!c.person.empty()) {
    const auto found = persons[1].lanes.find(c.channel);
    lane = found == persons[1].lanes.end() ? &kEmpty : &found->second;
    zh = Habits(persons[1], persons[0], settings).zh;
  }
  ops::Decision decision;
  if (auto digest = digest_of(c, *lane, zh, envelope)) {
    if (c.person.empty()) digest->lane = c.channel;
    decision.emit(*digest);
  }
  std::optional<ops::Time> next;
  for (const auto& held : lane->held) {
    if (held.until > envelope.time() && (!next || held.until < *next)) next = held.until;
  }
  if (next) decision.timer(kReleaseTimer, c.channel + "/" + c.person, ops::at(*next), c);
  return decision;
}

}  // namespace notify
