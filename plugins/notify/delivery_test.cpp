// Chains, quiet hours, limits, digests, and what the kernel reports back.
#include <opsledger/testing.hpp>

#include "sending.hpp"
#include "tables.hpp"

namespace notify {
namespace {

using ops::operator""h;
using ops::operator""min;
using ops::operator""s;
using ops::Date;
using ops::spec;
using ops::Time;

/// 09:00 UTC is 17:00 in Shanghai.
const Time kAfternoon = Time::of(Date::of(2026, 11, 11), 9h);
const Time kNight = Time::of(Date::of(2026, 11, 11), 15h + 10min);  // 23:10

RulesSet rules(std::string person, std::vector<Step> steps) {
  RulesSet e;
  e.person = person;
  e.normal = e.important = steps;
  return e;
}
ChannelDefined channel(std::string id, Kind kind) {
  return {id, kind, "https://example.com/x", {}, {}, {}};
}
Send to(std::string person, bool important = false) {
  Send c;
  c.to = {person};
  c.subject = "stock is low";
  c.text = "SKU 7";
  c.important = important;
  return c;
}
std::size_t count(ops::Spec& s, std::string_view type, std::string_view channel = "") {
  std::size_t n = 0;
  for (const auto& e : s.world().history()) {
    if (e.type != type) continue;
    n += channel.empty() || ops::from_bytes<Queued>(e.data).channel == channel ? 1 : 0;
  }
  return n;
}
std::uint64_t last_position(ops::Spec& s) {
  return s.world().history().back().position;
}
template <class E>
E last(ops::Spec& s) {
  return ops::from_bytes<E>(s.world().history().back().data);
}

TEST(Chain, LaterStepsComeUnlessItIsAcknowledged) {
  auto s = spec();
  s.at(kAfternoon)
      .given(channel("mail", Kind::email), channel("bot", Kind::dingtalk),
             rules("P-1", {{"mail", 0}, {"bot", 300}}))
      .when(to("P-1"));
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
  EXPECT_EQ(count(s, Queued::type, "bot"), 0u);
  s.after(5min);
  EXPECT_EQ(count(s, Queued::type, "bot"), 1u);
  EXPECT_EQ(last<Queued>(s).mentions, std::vector<std::string>{"P-1"});

  auto quick = spec();
  quick.at(kAfternoon)
      .given(channel("mail", Kind::email), channel("bot", Kind::dingtalk),
             rules("P-1", {{"mail", 0}, {"bot", 300}}))
      .when(to("P-1"));
  const auto mail = last_position(quick);
  quick.as("P-1").when(Acknowledge{{"id-1.1"}});
  EXPECT_EQ(last<Suppressed>(quick).why, Why::acknowledged);
  EXPECT_EQ(last<Suppressed>(quick).queued, mail);
  quick.after(1h).then_nothing();
  EXPECT_TRUE(quick.table("messages").row<Inbox::Row>("id-1.1")->acknowledged_at);
  EXPECT_EQ(quick.table("deliveries").row<DeliveryRow>(std::to_string(mail))->state,
            DeliveryState::stopped);
  quick.when(Acknowledge{{"id-1.1"}}).then_nothing();
}

TEST(Chain, OnlyTheAddresseeMayStopIt) {
  auto s = spec();
  s.when(to("P-1")).as("P-2").when(Acknowledge{{"id-1.1"}}).then_rejected("notification.not_yours");
}

TEST(QuietHours, HoldUntilTheMorningOfThePerson) {
  auto s = spec();
  s.at(kNight).given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}})).when(to("P-1"));
  EXPECT_EQ(count(s, Queued::type, "mail"), 0u);
  EXPECT_EQ(last<Suppressed>(s).why, Why::quiet_hours);
  EXPECT_EQ(last<Suppressed>(s).until, Time::of(Date::of(2026, 11, 11), 23h + 30min));
  s.after(8h + 19min);
  EXPECT_EQ(count(s, Queued::type, "mail"), 0u);
  s.after(1min);
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
  EXPECT_EQ(last<Queued>(s).subject, "stock is low");
  EXPECT_EQ(last<Queued>(s).text, "SKU 7");
}

TEST(QuietHours, AreThoseOfWhereThePersonIs) {
  auto s = spec();
  s.at(kNight)
      .given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}}),
             ops::ForeignEvent{"person.registered",
                               ops::Json(ops::Json::Object{{"tz", "Europe/Berlin"}}),
                               {{"person", "P-1"}}})
      .when(to("P-1"));
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);  // 16:10 there
}

TEST(QuietHours, DoNotHoldWhatIsImportantUnlessSaidSo) {
  auto s = spec();
  s.at(kNight).given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}}));
  s.when(to("P-1", true));
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
  s.configured(R"({"important_ignores_quiet":false})").when(to("P-1", true));
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
  s.configured(R"({"quiet":"none"})").when(to("P-1"));
  EXPECT_EQ(count(s, Queued::type, "mail"), 2u);
}

TEST(Off, LeavesTheInboxAndWhatIsImportant) {
  auto off = rules("P-1", {{"mail", 0}});
  off.off = true;
  auto s = spec();
  s.at(kAfternoon).given(channel("mail", Kind::email), off).when(to("P-1"));
  EXPECT_EQ(last<Suppressed>(s).why, Why::user_off);
  EXPECT_EQ(s.table("messages").count(), 1u);
  s.when(to("P-1", true));
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
}

TEST(Limit, SixteenthOfAMinuteWaitsForTheDigest) {
  auto s = spec();
  Send c;
  c.channels = {"bot"};
  c.subject = "price differs";
  s.at(kAfternoon).given(channel("bot", Kind::wecom));
  for (int i = 0; i < 24; ++i) s.when(c);
  EXPECT_EQ(count(s, Queued::type), 15u);
  EXPECT_EQ(count(s, Suppressed::type), 9u);
  EXPECT_EQ(last<Suppressed>(s).why, Why::rate_limit);
  s.after(1min);
  EXPECT_EQ(count(s, Queued::type), 16u);
  const auto digest = last<Queued>(s);
  EXPECT_EQ(digest.subject, "9 条通知汇总");
  EXPECT_EQ(digest.template_name, kDigest);
  EXPECT_EQ(std::count(digest.text.begin(), digest.text.end(), '\n'), 9);
  s.after(1h).then_nothing();
}

TEST(Limit, LongDigestFitsABotAndSaysHowManyAreMissing) {
  auto s = spec();
  Send c;
  c.channels = {"bot"};
  c.subject = std::string(300, 'x');
  s.at(kAfternoon).given(channel("bot", Kind::wecom)).configured(R"({"digest_over":1})");
  for (int i = 0; i < 11; ++i) s.when(c);
  s.after(1min);
  EXPECT_LT(last<Queued>(s).text.size(), 2'048u);
  EXPECT_NE(last<Queued>(s).text.find("另有 6 条"), std::string::npos) << last<Queued>(s).text;
}

TEST(Limit, QuietHoursAndAFullMinuteOnOneChannelAreReleasedEachInTime) {
  auto s = spec();
  s.at(kNight).given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}}));
  s.configured(R"({"digest_over":1})").when(to("P-1"));
  s.when(to("P-1", true)).when(to("P-1", true));  // the second one waits a minute
  EXPECT_EQ(count(s, Queued::type, "mail"), 1u);
  s.after(1min);
  EXPECT_EQ(count(s, Queued::type, "mail"), 2u);
  s.after(9h);
  EXPECT_EQ(count(s, Queued::type, "mail"), 3u);
}

TEST(Limit, ProgramsGetEveryMessage) {
  auto s = spec();
  Send c;
  c.channels = {"hook"};
  c.subject = "price differs";
  s.at(kAfternoon).given(channel("hook", Kind::webhook));
  for (int i = 0; i < 40; ++i) s.when(c);
  EXPECT_EQ(count(s, Queued::type), 40u);
}

TEST(Channel, MailHasNoGroup) {
  Send c;
  c.channels = {"mail"};
  c.subject = "x";
  spec().given(channel("mail", Kind::email)).when(c).then_rejected("notification.no_group");
}

TEST(Channel, ThatIsGoneSuppresses) {
  auto s = spec();
  s.at(kAfternoon).given(rules("P-1", {{"mail", 0}})).when(to("P-1"));
  EXPECT_EQ(last<Suppressed>(s).why, Why::channel_gone);
}

TEST(Record, SentOnceHoweverOftenItIsReported) {
  auto s = spec();
  s.at(kAfternoon).given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}})).when(to("P-1"));
  const auto queued = last_position(s);
  s.when(RecordSent{"id-1.1", queued, 1, "250"}).then(Sent{"id-1.1", queued, 1, "250"});
  s.when(RecordSent{"id-1.1", queued, 1, "250"}).then_nothing();
  s.when(RecordFailed{"id-1.1", queued, 2, "late", {}}).then_nothing();
  s.when(RecordSent{"id-1.1", 77, 1, "250"}).then_rejected("entity.not_found");
  s.when(RecordFailed{"id-1.1", 77, 1, "", {}}).then_rejected("entity.not_found");
  EXPECT_EQ(s.table("deliveries").row<DeliveryRow>(std::to_string(queued))->state,
            DeliveryState::sent);
}

TEST(Record, DeadLetterIsSentAgainByHandOnly) {
  auto s = spec();
  s.at(kAfternoon).given(channel("mail", Kind::email), rules("P-1", {{"mail", 0}})).when(to("P-1"));
  const auto queued = last_position(s);
  s.because("why not").when(Resend{"id-1.1", queued}).then_rejected("notification.not_dead");
  s.when(RecordFailed{"id-1.1", queued, 1, "refused", kAfternoon + 30s})
      .then(Failed{"id-1.1", queued, 1, "refused", kAfternoon + 30s});
  s.when(RecordFailed{"id-1.1", queued, 1, "refused", kAfternoon + 30s}).then_nothing();
  s.when(RecordFailed{"id-1.1", queued, 2, "refused", {}});
  EXPECT_EQ(s.table("dead_letters").row<DeadLetters::Row>(std::to_string(queued))->attempts, 2u);
  s.when(Resend{"id-1.1", queued});
  EXPECT_EQ(last<Queued>(s).channel, "mail");
  s.when(Resend{"id-1.1", 99}).then_rejected("entity.not_found");
}

}  // namespace
}  // namespace notify
