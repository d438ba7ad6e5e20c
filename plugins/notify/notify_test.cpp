// Set-up, rules and what people do with notifications.
#include <opsledger/testing.hpp>

#include "sending.hpp"
#include "tables.hpp"

namespace notify {
namespace {

using ops::operator""h;
using ops::operator""min;
using ops::spec;

DefineChannel wecom(std::string url = "") {
  DefineChannel c{"ops_group", Kind::wecom, {}, {}, {}, {}};
  if (!url.empty()) c.url = url;
  return c;
}
Send to(std::string person, std::string subject = "stock is low") {
  Send c;
  c.to = {person};
  c.subject = subject;
  c.text = "SKU 7";
  return c;
}

TEST(Channel, HasTheVendorsAddressWithoutAnotherOne) {
  spec().when(wecom()).then(ChannelDefined{
      "ops_group", Kind::wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", {}, {}, {}});
}

TEST(Channel, SecretsAndForeignSchemesInItsAddressAreRefused) {
  for (const auto* url : {"https://qyapi.weixin.qq.com/send?key=1", "https://u:p@host/x",
                          "ftp://host/x", "file:///etc", "https://host/#x", "https://ho st/",
                          "https://host/\r\nX: 1", "gopher://127.0.0.1", "host"}) {
    spec().when(wecom(url)).then_rejected("notify.url");
  }
  spec()
      .when(DefineChannel{"mail", Kind::email, "smtp://mail.example.com:587", {}, {}, {}})
      .then_rejected("notify.sender");
  spec()
      .when(DefineChannel{kInApp, Kind::wecom, {}, {}, {}, {}})
      .then_rejected("notify.channel_reserved");
}

TEST(Channel, IsRetiredOnce) {
  auto s = spec();
  s.when(RetireChannel{"ops_group"}).then_rejected("entity.not_found");
  s.when(wecom()).when(RetireChannel{"ops_group"}).then(ChannelRetired{"ops_group"});
  s.when(RetireChannel{"ops_group"}).then_rejected("command.wrong_state");
  EXPECT_TRUE(s.table("channels").row<Channels::Row>("ops_group")->retired);
}

TEST(Rules, AreCheckedAndBelongToTheirSender) {
  SetRules c;
  c.quiet = "22:00-7:30";
  spec().when(c).then_rejected("notify.quiet");
  c.quiet = "none";
  c.zone = "Middle/Earth";
  spec().when(c).then_rejected("notify.zone");
  c.zone = "+08:00";
  c.normal = {{kInApp, 0}};
  spec().when(c).then_rejected("notify.steps");
  c.normal = {{"mail", 86'401}};
  spec().when(c).then_rejected("notify.steps");
  c.normal = std::vector<Step>(9, Step{"mail", 0});
  spec().when(c).then_rejected("notify.steps");
  c.normal = {{"mail", 60}};
  auto s = spec();
  s.as("P-1").when(c);
  EXPECT_EQ(s.table("rules").row<RulesSet>("P-1")->normal.size(), 1u);
  s.when(SetDefaultRules{});
  EXPECT_TRUE(s.table("rules").row<RulesSet>(kEverybody));
}

TEST(Send, WithoutRulesGoesToTheInbox) {
  auto s = spec();
  s.when(to("P-1"));
  const auto row = s.table("messages").row<Inbox::Row>("id-1.1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->person, "P-1");
  EXPECT_EQ(row->subject, "stock is low");
  EXPECT_FALSE(row->read);
  EXPECT_EQ(s.table("deliveries").count(), 0u);
}

TEST(Send, NeedsSomebodyAndASubject) {
  spec().when(Send{}).then_rejected("notification.no_recipient");
  spec().when(to("P-1", "")).then_rejected("notification.subject");
  spec().when(to("P-1", std::string(401, 'x'))).then_rejected("notification.too_long");
  Send c = to("P-1");
  c.to.assign(21, "P-1");
  spec().when(c).then_rejected("notification.too_many");
  c = to("P-1");
  c.channels = {"nowhere"};
  spec().when(c).then_rejected("entity.not_found");
}

TEST(Send, TemplateSpeaksThePersonsLanguage) {
  auto s = spec();
  s.when(DefineTemplate{"low", "Low: {sku}", "库存不足: {sku}", "{sku} has {n}", "{sku} 仅剩 {n}"});
  s.given(ops::ForeignEvent{"person.registered",
                            ops::Json(ops::Json::Object{{"person", "P-2"}, {"locale", "en"}}),
                            {{"person", "P-2"}}});
  Send c;
  c.to = {"P-1", "P-2"};
  c.template_name = "low";
  c.params = {{"sku", "A7"}, {"n", "3"}};
  s.when(c);
  EXPECT_EQ(s.table("messages").row<Inbox::Row>("id-1.1")->text, "A7 仅剩 3");
  EXPECT_EQ(s.table("messages").row<Inbox::Row>("id-1.2")->subject, "Low: A7");
  c.params.erase("n");
  s.when(c).then_rejected("notification.param_missing");
  c.template_name = "none";
  s.when(c).then_rejected("entity.not_found");
  s.when(DefineTemplate{kDigest, "a", "b", "", ""}).then_rejected("notify.template_reserved");
  s.when(DefineTemplate{"x", "", "b", "", ""}).then_rejected("notify.subject");
}

TEST(Send, SameKeyWithinTenMinutesIsSentOnce) {
  auto s = spec();
  Send c = to("P-1");
  c.key = "low:A7";
  s.when(c).when(c);
  EXPECT_EQ(s.table("messages").count(), 1u);
  EXPECT_EQ(s.table("suppressed").count(), 1u);
  s.after(10min).when(c);
  EXPECT_EQ(s.table("messages").count(), 2u);
}

TEST(Inbox, IsReadByItsOwnerOnce) {
  auto s = spec();
  s.when(to("P-1"));
  s.as("P-2").when(MarkRead{{"id-1.1"}}).then_rejected("notification.not_yours");
  s.as("P-1").when(MarkRead{{"id-1.1"}}).then(Read{"id-1.1"});
  s.when(MarkRead{{"id-1.1"}}).then_nothing();
  s.when(MarkRead{{"id-9"}}).then_rejected("entity.not_found");
  EXPECT_TRUE(s.table("messages").row<Inbox::Row>("id-1.1")->read);
}

}  // namespace
}  // namespace notify
