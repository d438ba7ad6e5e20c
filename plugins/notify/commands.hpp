// The commands' fields. How they are decided is in decisions.hpp and delivery.hpp.
#pragma once

#include <map>

#include "events.hpp"

namespace notify {

struct DefineChannel {
  static constexpr auto type = "notify.define_channel";
  std::string channel;
  Kind kind{};
  std::optional<std::string> url, from, username;
  std::optional<Security> security;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(channel, "Channel", "渠道"), OPS_FIELD(kind, "Kind", "类型"),
       OPS_FIELD(url, "URL", "地址").doc("without query and user; the bots' own when absent"),
       OPS_FIELD(from, "Sender", "发件人"), OPS_FIELD(username, "Log-in name", "登录名"),
       OPS_FIELD(security, "Security", "加密方式"));
  }
};

struct RetireChannel {
  static constexpr auto type = "notify.retire_channel";
  std::string channel;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(channel, "Channel", "渠道"));
  }
};

struct DefineTemplate {
  static constexpr auto type = "notify.define_template";
  std::string name, subject_en, subject_zh, text_en, text_zh;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(name, "Template", "模板"), OPS_FIELD(subject_en, "Subject (en)", "标题(英)"),
       OPS_FIELD(subject_zh, "Subject (zh)", "标题(中)"),
       OPS_FIELD(text_en, "Text (en)", "正文(英)").doc("{name} stands for a parameter"),
       OPS_FIELD(text_zh, "Text (zh)", "正文(中)"));
  }
};

struct Rules {
  std::vector<Step> normal, important;
  bool off = false;
  std::optional<std::string> quiet, zone, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(normal, "Normal", "普通通知"), OPS_FIELD(important, "Important", "重要通知"),
       OPS_FIELD(off, "Nothing but the inbox", "仅站内").defaulted(),
       OPS_FIELD(quiet, "Quiet hours", "免打扰时段").doc("HH:MM-HH:MM, `none`, or the default"),
       OPS_FIELD(zone, "Time zone", "时区"), OPS_FIELD(locale, "Language", "语言"));
  }
};
/// The sender's own.
struct SetRules : Rules {
  static constexpr auto type = "notify.set_rules";
};
/// For everybody without own ones.
struct SetDefaultRules : Rules {
  static constexpr auto type = "notify.set_default_rules";
};

struct Send {
  static constexpr auto type = "notification.send";
  std::vector<std::string> to, channels;
  std::optional<std::string> template_name, subject, text, link, key;
  std::map<std::string, std::string> params;
  bool important = false;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(to, "To", "接收人").defaulted(),
       OPS_FIELD(channels, "Group channels", "群渠道").defaulted(),
       ops::field("template", template_name).label("Template", "模板"),
       OPS_FIELD(subject, "Subject", "标题"), OPS_FIELD(text, "Text", "正文"),
       OPS_FIELD(link, "Link", "链接"),
       OPS_FIELD(key, "Same again", "去重键").doc("the same key within ten minutes is sent once"),
       OPS_FIELD(params, "Parameters", "参数").defaulted(),
       OPS_FIELD(important, "Important", "重要").defaulted());
  }
};

struct OfNotification {
  std::string notification;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"));
  }
};
struct MarkRead : OfNotification {
  static constexpr auto type = "notification.mark_read";
};
struct Acknowledge : OfNotification {
  static constexpr auto type = "notification.acknowledge";
};

struct Resend {
  static constexpr auto type = "notification.resend";
  std::string notification;
  std::uint64_t queued = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"),
       OPS_FIELD(queued, "Queued at position", "排队位置"));
  }
};

/// Sent by the timer `step`.
struct Escalate {
  static constexpr auto type = "notification.escalate";
  std::string notification, person;
  std::uint32_t step = 0;
  std::string channel;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"), OPS_FIELD(person, "To", "接收人"),
       OPS_FIELD(step, "Step", "步骤"), OPS_FIELD(channel, "Channel", "渠道"));
  }
};

/// Sent by the timer `release`: what was held on a channel (for a person) goes out as a digest.
struct Release {
  static constexpr auto type = "notification.release";
  std::string person, channel;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "To", "接收人"), OPS_FIELD(channel, "Channel", "渠道"));
  }
};

/// Sent by the kernel after an attempt.
struct RecordSent {
  static constexpr auto type = "notification.record_sent";
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
};
struct RecordFailed {
  static constexpr auto type = "notification.record_failed";
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
};

}  // namespace notify
