// What happens to channels, people's rules and notifications.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>
#include <vector>

namespace notify {

/// The inbox inside OpsLedger: always there, delivered as soon as it is written.
inline constexpr const char* kInApp = "in_app";
/// Whose rules count for everybody without own ones.
inline constexpr const char* kEverybody = "default";
inline constexpr const char* kDigest = "digest";  ///< template of a digest

enum class Kind { email, webhook, dingtalk, feishu, wecom };
OPS_ENUM(Kind, email, webhook, dingtalk, feishu, wecom)

enum class Security { plain, starttls, tls };
OPS_ENUM(Security, plain, starttls, tls)

enum class Why {
  quiet_hours,
  rate_limit,
  duplicate,
  user_off,
  acknowledged,
  channel_gone,
};
OPS_ENUM(Why, quiet_hours, rate_limit, duplicate, user_off, acknowledged, channel_gone)

/// Of a group chat: many share it, so it has one limit and one digest for all.
constexpr bool is_bot(Kind kind) {
  return kind == Kind::dingtalk || kind == Kind::feishu || kind == Kind::wecom;
}

struct ChannelDefined {
  static constexpr auto type = "notify.channel_defined";
  static constexpr ops::Label label{"Channel defined", "通知渠道已定义"};
  std::string channel;
  Kind kind{};
  std::string url;
  std::optional<std::string> from, username;
  std::optional<Security> security;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(channel, "Channel", "渠道"), OPS_FIELD(kind, "Kind", "类型"),
       OPS_FIELD(url, "URL without secrets", "地址(不含密钥)"), OPS_FIELD(from, "Sender", "发件人"),
       OPS_FIELD(username, "Log-in name", "登录名"), OPS_FIELD(security, "Security", "加密方式"));
  }
  ops::Tags tags() const { return {{"channel", channel}}; }
};

struct ChannelRetired {
  static constexpr auto type = "notify.channel_retired";
  static constexpr ops::Label label{"Channel retired", "通知渠道已停用"};
  std::string channel;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(channel, "Channel", "渠道"));
  }
  ops::Tags tags() const { return {{"channel", channel}}; }
};

struct TemplateDefined {
  static constexpr auto type = "notify.template_defined";
  static constexpr ops::Label label{"Template defined", "通知模板已定义"};
  std::string name, subject_en, subject_zh, text_en, text_zh;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(name, "Template", "模板"), OPS_FIELD(subject_en, "Subject (en)", "标题(英)"),
       OPS_FIELD(subject_zh, "Subject (zh)", "标题(中)"),
       OPS_FIELD(text_en, "Text (en)", "正文(英)"), OPS_FIELD(text_zh, "Text (zh)", "正文(中)"));
  }
  ops::Tags tags() const { return {{"template", name}}; }
};

/// One step of a personal chain; the inbox comes before all of them.
struct Step {
  std::string channel;
  std::uint32_t after_s = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(channel, "Channel", "渠道"), OPS_FIELD(after_s, "After (s)", "延迟(秒)"));
  }
};

struct RulesSet {
  static constexpr auto type = "notify.rules_set";
  static constexpr ops::Label label{"Notification rules set", "通知规则已设置"};
  std::string person;
  std::vector<Step> normal, important;
  bool off = false;
  std::optional<std::string> quiet, zone, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(normal, "Normal", "普通通知"),
       OPS_FIELD(important, "Important", "重要通知"),
       OPS_FIELD(off, "Nothing but the inbox", "仅站内").defaulted(),
       OPS_FIELD(quiet, "Quiet hours", "免打扰时段")
           .doc("HH:MM-HH:MM in the person's zone, or none"),
       OPS_FIELD(zone, "Time zone", "时区"), OPS_FIELD(locale, "Language", "语言"));
  }
  ops::Tags tags() const { return {{"person", person}}; }
};

/// What is said, to whom and where: common to everything that becomes of a delivery.
struct Message {
  std::string notification;
  std::uint32_t step = 0;
  std::string channel, person, lane, template_name, subject, text;
  std::optional<std::string> link, key;
  bool important = false;
  std::vector<std::string> mentions;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(channel, "Channel", "渠道"), OPS_FIELD(person, "To", "接收人"),
       OPS_FIELD(lane, "Shared limit", "共享限额"),
       ops::field("template", template_name).label("Template", "模板"),
       OPS_FIELD(subject, "Subject", "标题"), OPS_FIELD(text, "Text", "正文"),
       OPS_FIELD(link, "Link", "链接"), OPS_FIELD(key, "Same again", "去重键"),
       OPS_FIELD(important, "Important", "重要"), OPS_FIELD(mentions, "Mentions", "提及"));
  }
  ops::Tags tags() const {
    ops::Tags tags{{"notification", notification}};
    if (!person.empty()) tags.add("person", person);
    if (person.empty() || !lane.empty()) tags.add("channel", channel);
    return tags;
  }
};

/// To be delivered: the kernel sends it after commit.
struct Queued : Message {
  static constexpr auto type = "notification.queued";
  static constexpr ops::Label label{"Notification queued", "通知已排队"};
  /// A digest: what was held on its channel until then goes out with it.
  std::optional<ops::Time> releases_until;
  template <class A>
  void serialize(A& ar) {
    Message::serialize(ar);
    ar(OPS_FIELD(releases_until, "Held until", "汇总截至"));
  }
};

/// Not delivered (now): with `until` it goes into the next digest, else never.
struct Suppressed : Message {
  static constexpr auto type = "notification.suppressed";
  static constexpr ops::Label label{"Notification suppressed", "通知已抑制"};
  Why why{};
  std::optional<ops::Time> until;
  std::optional<std::uint64_t> queued;
  template <class A>
  void serialize(A& ar) {
    Message::serialize(ar);
    ar(OPS_FIELD(why, "Why", "原因"), OPS_FIELD(until, "Held until", "暂缓至"),
       OPS_FIELD(queued, "Queued at position", "排队位置"));
  }
};

struct Sent {
  static constexpr auto type = "notification.sent";
  static constexpr ops::Label label{"Notification sent", "通知已发送"};
  std::string notification;
  std::uint64_t queued = 0;
  std::uint32_t attempt = 0;
  std::string provider_code;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"),
       OPS_FIELD(queued, "Queued at position", "排队位置"), OPS_FIELD(attempt, "Attempt", "次数"),
       OPS_FIELD(provider_code, "Provider's answer", "服务商返回"));
  }
  ops::Tags tags() const { return {{"notification", notification}}; }
};

/// Without `retry_at` it is a dead letter.
struct Failed {
  static constexpr auto type = "notification.failed";
  static constexpr ops::Label label{"Notification failed", "通知发送失败"};
  std::string notification;
  std::uint64_t queued = 0;
  std::uint32_t attempt = 0;
  std::string error;
  std::optional<ops::Time> retry_at;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"),
       OPS_FIELD(queued, "Queued at position", "排队位置"), OPS_FIELD(attempt, "Attempt", "次数"),
       OPS_FIELD(error, "Error", "错误"), OPS_FIELD(retry_at, "Next attempt", "下次重试"));
  }
  ops::Tags tags() const { return {{"notification", notification}}; }
};

struct Read {
  static constexpr auto type = "notification.read";
  static constexpr ops::Label label{"Notification read", "通知已读"};
  std::string notification;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"));
  }
  ops::Tags tags() const { return {{"notification", notification}}; }
};

struct Acknowledged {
  static constexpr auto type = "notification.acknowledged";
  static constexpr ops::Label label{"Notification acknowledged", "通知已确认"};
  std::string notification;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"));
  }
  ops::Tags tags() const { return {{"notification", notification}}; }
};

/// Of the organisation: where a person lives and what they read.
struct PersonRegistered : ops::JsonEvent {
  static constexpr auto type = "person.registered";
};
struct PersonChanged : ops::JsonEvent {
  static constexpr auto type = "person.profile_changed";
};

}  // namespace notify
