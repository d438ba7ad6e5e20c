// What people see: inbox, deliveries, dead letters, what was suppressed, and the set-up.
#pragma once

#include "events.hpp"

namespace notify {

struct Inbox {
  struct Row {
    std::string person, subject, text;
    std::optional<std::string> link;
    bool important = false, read = false;
    ops::Time at;
    std::optional<ops::Time> read_at, acknowledged_at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "To", "接收人"), OPS_FIELD(subject, "Subject", "标题"),
         OPS_FIELD(text, "Text", "正文"), OPS_FIELD(link, "Link", "链接"),
         OPS_FIELD(important, "Important", "重要"), OPS_FIELD(read, "Read", "已读"),
         OPS_FIELD(at, "At", "时间"), OPS_FIELD(read_at, "Read at", "阅读时间"),
         OPS_FIELD(acknowledged_at, "Acknowledged", "确认时间"));
    }
  };
  using Listens = ops::Fold<Queued, Read, Acknowledged>;
  static void on(const Queued& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (e.channel != kInApp) return;
    rows.put(e.notification,
             {e.person, e.subject, e.text, e.link, e.important, false, meta.recorded_at(), {}, {}});
  }
  static void on(const Read& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    seen(e.notification, meta, rows);
  }
  static void on(const Acknowledged& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    seen(e.notification, meta, rows);
    if (rows.get(e.notification) == nullptr) return;
    rows.edit(e.notification, [&](Row& row) { row.acknowledged_at = meta.recorded_at(); });
  }
  template <class E>
  static void keys(const E& e, ops::Keys& keys) {
    keys.add(e.notification);
  }

 private:
  static void seen(const std::string& id, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (rows.get(id) == nullptr) return;
    rows.edit(id, [&](Row& row) {
      row.read = true;
      if (!row.read_at) row.read_at = meta.recorded_at();
    });
  }
};

enum class DeliveryState { queued, retrying, sent, dead, stopped };
OPS_ENUM(DeliveryState, queued, retrying, sent, dead, stopped)

struct DeliveryRow {
  std::string notification;
  std::uint32_t step = 0;
  std::string channel, person, subject;
  DeliveryState state{};
  std::uint32_t attempts = 0;
  std::optional<std::string> error, provider_code;
  ops::Time queued_at;
  std::optional<ops::Time> retry_at, settled_at;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(notification, "Notification", "通知"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(channel, "Channel", "渠道"), OPS_FIELD(person, "To", "接收人"),
       OPS_FIELD(subject, "Subject", "标题"), OPS_FIELD(state, "State", "状态"),
       OPS_FIELD(attempts, "Attempts", "次数"), OPS_FIELD(error, "Error", "错误"),
       OPS_FIELD(provider_code, "Provider's answer", "服务商返回"),
       OPS_FIELD(queued_at, "Queued", "排队时间"), OPS_FIELD(retry_at, "Next attempt", "下次重试"),
       OPS_FIELD(settled_at, "Settled", "完成时间"));
  }
};

/// Key: the position at which the delivery was queued.
struct Deliveries {
  using Row = DeliveryRow;
  using Listens = ops::Fold<Queued, Sent, Failed, Suppressed>;
  static void on(const Queued& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (e.channel == kInApp) return;
    Row row;
    row.notification = e.notification;
    row.step = e.step;
    row.channel = e.channel;
    row.person = e.person;
    row.subject = e.subject;
    row.queued_at = meta.recorded_at();
    rows.put(std::to_string(meta.position()), row);
  }
  static void on(const Sent& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    settle(e.queued, rows, [&](Row& row) {
      row.state = DeliveryState::sent;
      row.attempts = e.attempt;
      row.provider_code = e.provider_code;
      row.settled_at = meta.recorded_at();
      row.retry_at.reset();
    });
  }
  static void on(const Failed& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    settle(e.queued, rows, [&](Row& row) {
      row.state = e.retry_at ? DeliveryState::retrying : DeliveryState::dead;
      row.attempts = e.attempt;
      row.error = e.error;
      row.retry_at = e.retry_at;
      if (!e.retry_at) row.settled_at = meta.recorded_at();
    });
  }
  static void on(const Suppressed& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (!e.queued) return;
    settle(*e.queued, rows, [&](Row& row) {
      row.state = DeliveryState::stopped;
      row.settled_at = meta.recorded_at();
      row.retry_at.reset();
    });
  }

 private:
  template <class Change>
  static void settle(std::uint64_t queued, ops::Rows<Row>& rows, Change change) {
    const auto key = std::to_string(queued);
    if (rows.get(key) != nullptr) rows.edit(key, change);
  }
};

/// Deliveries that were given up and not sent again. Key: as in deliveries.
struct DeadLetters {
  struct Row {
    std::string notification, error;
    std::uint32_t attempts = 0;
    ops::Time since;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(notification, "Notification", "通知"), OPS_FIELD(error, "Error", "错误"),
         OPS_FIELD(attempts, "Attempts", "次数"), OPS_FIELD(since, "Since", "时间"));
    }
  };
  using Listens = ops::Fold<Failed, Sent>;
  static void on(const Failed& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (e.retry_at) return;
    rows.put(std::to_string(e.queued), {e.notification, e.error, e.attempt, meta.recorded_at()});
  }
  static void on(const Sent& e, ops::Rows<Row>& rows) { rows.erase(std::to_string(e.queued)); }
};

/// Key: position of the event.
struct SuppressedTable {
  struct Row {
    std::string notification, channel, person, subject;
    Why why{};
    ops::Time at;
    std::optional<ops::Time> until;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(notification, "Notification", "通知"), OPS_FIELD(channel, "Channel", "渠道"),
         OPS_FIELD(person, "To", "接收人"), OPS_FIELD(subject, "Subject", "标题"),
         OPS_FIELD(why, "Why", "原因"), OPS_FIELD(at, "At", "时间"),
         OPS_FIELD(until, "Held until", "暂缓至"));
    }
  };
  using Listens = ops::Fold<Suppressed>;
  static void on(const Suppressed& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(std::to_string(meta.position()),
             {e.notification, e.channel, e.person, e.subject, e.why, meta.recorded_at(), e.until});
  }
};

struct Channels {
  struct Row {
    Kind kind{};
    std::string url;
    std::optional<std::string> from;
    bool retired = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(url, "URL", "地址"),
         OPS_FIELD(from, "Sender", "发件人"), OPS_FIELD(retired, "Retired", "已停用"));
    }
  };
  using Listens = ops::Fold<ChannelDefined, ChannelRetired>;
  static void on(const ChannelDefined& e, ops::Rows<Row>& rows) {
    rows.put(e.channel, {e.kind, e.url, e.from, false});
  }
  static void on(const ChannelRetired& e, ops::Rows<Row>& rows) {
    rows.edit(e.channel, [](Row& row) { row.retired = true; });
  }
};

struct Templates {
  using Row = TemplateDefined;
  using Listens = ops::Fold<TemplateDefined>;
  static void on(const TemplateDefined& e, ops::Rows<Row>& rows) { rows.put(e.name, e); }
};

struct RulesTable {
  using Row = RulesSet;
  using Listens = ops::Fold<RulesSet>;
  static void on(const RulesSet& e, ops::Rows<Row>& rows) { rows.put(e.person, e); }
};

}  // namespace notify
