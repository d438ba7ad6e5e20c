// The module `notify`: what it declares, nothing else.
#include "sending.hpp"
#include "tables.hpp"

namespace notify {
namespace {

using ops::tags;

template <class C>
ops::Tags of_channel(const C& c) {
  return {{"channel", c.channel}};
}
template <class C>
ops::Tags of_notification(const C& c) {
  return {{"notification", c.notification}};
}
/// Everybody's rules, and the person's where there is one.
template <class C>
ops::TagSets of_person(const C& c) {
  ops::TagSets sets{{{"person", kEverybody}}};
  if (!c.person.empty()) sets.push_back({{"person", c.person}});
  return sets;
}

void declare_setup(ops::Module& m) {
  m.command<DefineChannel>("Define channel", "定义通知渠道")
      .permission(ops::Permission::kManage)
      .granted_to({"admin"})
      .reads<Channel>(of_channel<DefineChannel>)
      .decide(decide_define_channel);
  m.command<RetireChannel>("Retire channel", "停用通知渠道")
      .permission(ops::Permission::kManage)
      .granted_to({"admin"})
      .reads<Channel>(of_channel<RetireChannel>)
      .decide(decide_retire_channel);
  m.command<DefineTemplate>("Define template", "定义通知模板")
      .permission(ops::Permission::kManage)
      .granted_to({"admin"})
      .decide(decide_define_template);
  m.command<SetDefaultRules>("Set default rules", "设置默认通知规则")
      .permission(ops::Permission::kManage)
      .granted_to({"admin"})
      .decide(decide_set_default_rules);
  m.command<SetRules>("Set my rules", "设置我的通知规则").decide(decide_set_rules);
}

void declare_sending(ops::Module& m) {
  m.command<Send>("Send notification", "发送通知")
      .ids(1)
      .reads_each<Person>(persons_of)
      .reads_each<Channel>([](const Send& c, const ops::Many<Person>& persons) {
        ops::TagSets sets;
        for (const auto& name : channels_of(c, persons)) sets.push_back({{"channel", name}});
        return sets;
      })
      .reads_each<Template>([](const Send& c) {
        return c.template_name ? ops::TagSets{{{"template", *c.template_name}}} : ops::TagSets();
      })
      .decide(decide_send);
  m.command<Escalate>("Next step", "升级通知")
      .internal()
      .reads<Notification>(of_notification<Escalate>)
      .reads_each<Person>(of_person<Escalate>)
      .reads<Channel>(of_channel<Escalate>)
      .decide(decide_escalate);
  m.command<Release>("Send digest", "发送汇总")
      .internal()
      .ids(1)
      .reads_each<Person>(of_person<Release>)
      .reads<Channel>(of_channel<Release>)
      .decide(decide_release);
  m.timer<Escalate>(kStepTimer, "Next step of a chain", "下一步通知");
  m.timer<Release>(kReleaseTimer, "End of quiet hours or of a full minute", "免打扰或限流结束");
}

void declare_handling(ops::Module& m) {
  m.command<MarkRead>("Mark as read", "标为已读")
      .reads<Notification>(of_notification<MarkRead>)
      .decide(decide_mark_read);
  m.command<Acknowledge>("Acknowledge", "确认")
      .reads<Notification>(of_notification<Acknowledge>)
      .decide(decide_acknowledge);
  m.command<Resend>("Send again", "重新发送")
      .permission(ops::Permission::kManage)
      .granted_to({"admin"})
      .needs_reason()
      .reads<Notification>(of_notification<Resend>)
      .decide(decide_resend);
  m.command<RecordSent>("Record as sent", "记录已发送")
      .internal()
      .reads<Notification>(of_notification<RecordSent>)
      .decide(decide_record_sent);
  m.command<RecordFailed>("Record as failed", "记录发送失败")
      .internal()
      .reads<Notification>(of_notification<RecordFailed>)
      .decide(decide_record_failed);
}

}  // namespace
}  // namespace notify

OPS_MODULE("notify", "0.1.0") {
  using namespace notify;
  m.label("Notifications", "通知").owns("notify", "notification");
  m.events<ChannelDefined, ChannelRetired, TemplateDefined, RulesSet, Queued, Suppressed, Sent,
           Failed, Read, Acknowledged>();
  declare_setup(m);
  declare_sending(m);
  declare_handling(m);
  m.table<Inbox>("messages")
      .label("Inbox", "站内通知")
      .key("notification")
      .owner("person")
      .index("person");
  m.table<Deliveries>("deliveries")
      .label("Deliveries", "发送记录")
      .key("queued")
      .owner("person")
      .index("state")
      .index("notification");
  m.table<DeadLetters>("dead_letters").label("Dead letters", "死信").key("queued");
  m.table<SuppressedTable>("suppressed")
      .label("Suppressed", "已抑制")
      .key("position")
      .owner("person")
      .index("why");
  m.table<Channels>("channels").label("Channels", "通知渠道").key("channel");
  m.table<Templates>("templates").label("Templates", "通知模板").key("template");
  m.table<RulesTable>("rules").label("Rules", "通知规则").key("who").owner("person");
}
