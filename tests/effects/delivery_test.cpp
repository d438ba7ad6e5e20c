// From a command to what arrives at a server, and back to an event.
#include "tests/effects/effect_world.hpp"
#include "tests/effects/local_server.hpp"
#include "tests/effects/python.hpp"

namespace opsledger::testing {
namespace {

namespace json = boost::json;

constexpr const char* kSecret = "SECplanted-signing-secret";
constexpr const char* kToken = "planted/token+1";

std::string text(const json::object& event, const char* name) {
  return std::string(event.at(name).as_string());
}
/// Expected signatures by the vendors' own Python samples.
std::string expected_signature(const std::string& expression, const std::string& timestamp,
                               const std::string& body = "") {
  return python(R"(
import base64, hashlib, hmac, sys, urllib.parse
secret, ts = ")" + std::string(kSecret) +
                    R"(", ")" + timestamp + R"("
body = sys.stdin.buffer.read()
print()" + expression +
                    ")",
                body);
}

class DeliveryTest : public EffectTest {
 protected:
  /// A channel of `kind` at `endpoint`, running.
  void connect(const HttpEndpoint& endpoint, const std::string& kind) {
    world.define_channel({{"channel", "ops"}, {"kind", kind}, {"url", endpoint.url()}});
    world.secrets["ops"] = {kToken, kSecret, ""};
    world.run({}, {{}, {endpoint.place()}});
  }
  void TearDown() override {
    world.stop();
    for (const auto& where : {world.whole_ledger(), world.log()}) {
      EXPECT_EQ(where.find(kSecret), std::string::npos);
      EXPECT_EQ(where.find(kToken), std::string::npos);
      EXPECT_EQ(where.find("planted%2Ftoken%2B1"), std::string::npos);
    }
  }
};

TEST_F(DeliveryTest, DingTalkIsSignedInTheQueryAndMentionsByMobile) {
  HttpEndpoint endpoint(
      [](const auto&) { return HttpEndpoint::ok(R"({"errcode":0,"errmsg":"ok"})"); });
  connect(endpoint, "dingtalk");
  world.person("P-1", {{"mobile", "13800000001"}});
  const auto queued = world.post("ops", "库存不足", {"P-1"});
  const auto sent = world.wait_for("notification.sent", 1);
  EXPECT_EQ(sent[0].at("queued").to_number<std::uint64_t>(), queued);
  EXPECT_EQ(text(sent[0], "provider_code"), "0");
  const auto request = endpoint.seen.wait(1)[0];
  const auto timestamp = std::to_string(clock.now().us / 1'000);
  const auto sign = expected_signature(
      "urllib.parse.quote_plus(base64.b64encode(hmac.new(secret.encode(), "
      "(ts + '\\n' + secret).encode(), digestmod=hashlib.sha256).digest()))",
      timestamp);
  EXPECT_EQ(request.target,
            "/hook?access_token=planted%2Ftoken%2B1&timestamp=" + timestamp + "&sign=" + sign);
  const auto body = json::parse(request.body);
  EXPECT_EQ(body.at("msgtype").as_string(), "text");
  EXPECT_EQ(body.at("text").at("content").as_string(), "库存不足\nSKU 7\nhttps://ops.example/x");
  EXPECT_EQ(body.at("at").at("atMobiles").as_array(), (json::array{"13800000001"}));
}

TEST_F(DeliveryTest, FeishuIsSignedInTheBodyWithKeyAndMessageSwapped) {
  HttpEndpoint endpoint(
      [](const auto&) { return HttpEndpoint::ok(R"({"code":0,"msg":"success"})"); });
  connect(endpoint, "feishu");
  world.post("ops");
  world.wait_for("notification.sent", 1);
  const auto request = endpoint.seen.wait(1)[0];
  EXPECT_EQ(request.target, "/hook/planted%2Ftoken%2B1");
  const auto body = json::parse(request.body).as_object();
  const auto timestamp = std::to_string(clock.now().us / 1'000'000);
  EXPECT_EQ(text(body, "timestamp"), timestamp);
  EXPECT_EQ(text(body, "sign"),
            expected_signature("base64.b64encode(hmac.new((ts + '\\n' + secret).encode(), "
                               "digestmod=hashlib.sha256).digest()).decode()",
                               timestamp));
}

TEST_F(DeliveryTest, FeishuSaysNoWithStatus200) {
  HttpEndpoint endpoint(
      [](const auto&) { return HttpEndpoint::ok(R"({"code":19021,"msg":"sign match fail"})"); });
  connect(endpoint, "feishu");
  world.post("ops");
  const auto failed = world.wait_for("notification.failed", 1);
  EXPECT_NE(text(failed[0], "error").find("19021"), std::string::npos);
  EXPECT_TRUE(failed[0].at("retry_at").is_null());
}

TEST_F(DeliveryTest, WecomTextIsCutToTheVendorsLimit) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok(R"({"errcode":0})"); });
  connect(endpoint, "wecom");
  std::string longer;
  while (longer.size() < 3'900) longer += "长";
  ASSERT_TRUE(world.send("notification.send", {{"channels", {"ops"}},
                                               {"subject", "s"},
                                               {"text", longer},
                                               {"link", "https://x.example/1"}}));
  world.wait_for("notification.sent", 1);
  const auto request = endpoint.seen.wait(1)[0];
  EXPECT_EQ(request.target, "/hook?key=planted%2Ftoken%2B1");
  const auto body = json::parse(request.body);
  const auto& content = body.at("text").at("content").as_string();
  EXPECT_LE(content.size(), 2'048u);
  EXPECT_GT(content.size(), 2'000u);
  EXPECT_TRUE(std::string_view(content).ends_with("…\nhttps://x.example/1"));
}

TEST_F(DeliveryTest, WebhookIsSignedOverTimeAndBodyAndCarriesItsKey) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok("", "204 No Content"); });
  connect(endpoint, "webhook");
  const auto queued = world.post("ops");
  const auto sent = world.wait_for("notification.sent", 1);
  EXPECT_EQ(text(sent[0], "provider_code"), "204");
  const auto request = endpoint.seen.wait(1)[0];
  const auto timestamp = request.headers.at("x-opsledger-timestamp");
  EXPECT_EQ(request.headers.at("x-opsledger-signature"),
            "v1=" + expected_signature("hmac.new(secret.encode(), ts.encode() + b'.' + body, "
                                       "hashlib.sha256).hexdigest()",
                                       timestamp, request.body));
  EXPECT_EQ(request.headers.at("idempotency-key"),
            hex(ledger.id().bytes) + ":notification:" + std::to_string(queued));
}

TEST_F(DeliveryTest, FailureIsRetriedLaterAndLaterWithOneKeyUntilItIsADeadLetter) {
  HttpEndpoint endpoint([](const auto& request) {
    // What a careless receiver echoes must not end up in an event.
    return HttpEndpoint::ok("bad " + request.target + " " + request.headers.at("authorization"),
                            "503 Busy");
  });
  connect(endpoint, "webhook");
  world.run({.workers = 2, .attempts_max = 4}, {{}, {endpoint.place()}});
  const auto queued = world.post("ops");
  std::int64_t waited = 0;
  for (std::size_t attempt = 1; attempt < 4; ++attempt) {
    const auto failed = world.wait_for("notification.failed", attempt);
    ASSERT_EQ(failed.size(), attempt);
    EXPECT_EQ(failed.back().at("attempt").to_number<unsigned>(), attempt);
    ASSERT_TRUE(failed.back().at("retry_at").is_string());
    const auto wait = effect_backoff({}, {queued}, static_cast<unsigned>(attempt));
    EXPECT_GT(wait.count(), waited);
    waited = wait.count();
    clock.advance(wait - std::chrono::milliseconds(1));
    world.runner->wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(endpoint.seen.size(), attempt);
    clock.advance(std::chrono::milliseconds(2));
    world.runner->wake();
  }
  const auto failed = world.wait_for("notification.failed", 4);
  EXPECT_TRUE(failed.back().at("retry_at").is_null());
  for (const auto& request : endpoint.seen.wait(4)) {
    EXPECT_EQ(request.headers.at("idempotency-key"),
              endpoint.seen.wait(1)[0].headers.at("idempotency-key"));
  }
  const auto dead = text(failed.back(), "notification");
  ASSERT_TRUE(world.send("notification.resend", {{"notification", dead}, {"queued", queued}}));
  EXPECT_EQ(endpoint.seen.wait(5).size(), 5u);
}

TEST_F(DeliveryTest, RedirectIsNotFollowed) {
  HttpEndpoint inside([](const auto&) { return HttpEndpoint::ok("secret"); });
  HttpEndpoint endpoint([&](const auto&) {
    return "HTTP/1.1 302 Found\r\nLocation: " + inside.url() + "\r\nContent-Length: 0\r\n\r\n";
  });
  connect(endpoint, "webhook");
  world.run({}, {{}, {endpoint.place(), inside.place()}});
  world.post("ops");
  const auto failed = world.wait_for("notification.failed", 1);
  EXPECT_TRUE(failed[0].at("retry_at").is_null());
  EXPECT_EQ(inside.seen.size(), 0u);
}

TEST_F(DeliveryTest, HostThatIsNotConfiguredIsNeverCalled) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok(""); });
  connect(endpoint, "webhook");
  world.run({}, {{"127.0.0.1"}, {}});
  world.post("ops");
  const auto failed = world.wait_for("notification.failed", 1);
  EXPECT_NE(text(failed[0], "error").find("effect.host_refused"), std::string::npos);
  EXPECT_TRUE(failed[0].at("retry_at").is_null());
  EXPECT_EQ(endpoint.seen.size(), 0u);
}

TEST_F(DeliveryTest, EndlessAnswerIsCutAndCountsByItsStatus) {
  HttpEndpoint endpoint([](const auto&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + std::string(3'000'000, 'x');
  });
  connect(endpoint, "webhook");
  world.post("ops");
  EXPECT_EQ(world.wait_for("notification.sent", 1).size(), 1u);
}

TEST_F(DeliveryTest, ChannelWithoutASecretWaitsForOne) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok(R"({"errcode":0})"); });
  connect(endpoint, "wecom");
  world.secrets.clear();
  world.post("ops");
  const auto failed = world.wait_for("notification.failed", 1);
  EXPECT_NE(text(failed[0], "error").find("effect.no_secret"), std::string::npos);
  EXPECT_TRUE(failed[0].at("retry_at").is_string());
}

TEST_F(DeliveryTest, MailReachesThePersonsAddressOnce) {
  SmtpEndpoint smtp;
  world.define_channel({{"channel", "mail"},
                        {"kind", "email"},
                        {"url", smtp.url()},
                        {"from", "ops@example.com"},
                        {"username", "ops"},
                        {"security", "plain"}});
  world.secrets["mail"] = {"", "", kSecret};
  world.person("P-9", {{"email", "old@example.org"}, {"mobile", "1"}});
  world.person("P-9", {{"email", "p9@example.org"}});
  ASSERT_TRUE(world.send("notify.set_rules", {{"normal", {{{"channel", "mail"}, {"after_s", 0}}}},
                                              {"important", json::array()},
                                              {"quiet", "none"}}));
  world.run({}, {{}, {smtp.place()}});
  ASSERT_TRUE(world.send(
      "notification.send",
      {{"to", {"P-9"}}, {"subject", "库存不足\r\nBcc: e@x.y"}, {"text", "a\r\n.\r\nQUIT"}}));
  const auto sent = world.wait_for("notification.sent", 1);
  EXPECT_EQ(text(sent[0], "provider_code"), "250");
  const auto mail = smtp.seen.wait(1)[0];
  EXPECT_EQ(mail.from, "MAIL FROM:<ops@example.com>");
  EXPECT_EQ(mail.to, "RCPT TO:<p9@example.org>");
  EXPECT_EQ(mail.recipients, 1u);
  EXPECT_EQ(mail.login, python("import base64, sys; print(base64.b64encode("
                               "b'\\0ops\\0' + sys.stdin.buffer.read()).decode())",
                               kSecret));
  EXPECT_EQ(mail.text.find("Bcc"), std::string::npos);
}

TEST_F(DeliveryTest, MailServerThatSaysNeverIsNotAskedAgain) {
  SmtpEndpoint smtp;
  smtp.refuse_with("550 no such user");
  world.define_channel({{"channel", "mail"},
                        {"kind", "email"},
                        {"url", smtp.url()},
                        {"from", "ops@example.com"},
                        {"security", "plain"}});
  world.person("P-9", {{"email", "p9@example.org"}});
  ASSERT_TRUE(world.send("notify.set_rules", {{"normal", {{{"channel", "mail"}, {"after_s", 0}}}},
                                              {"important", json::array()},
                                              {"quiet", "none"}}));
  world.run({}, {{}, {smtp.place()}});
  const json::value message{{"to", {"P-9"}}, {"subject", "x"}};
  ASSERT_TRUE(world.send("notification.send", message));
  EXPECT_TRUE(world.wait_for("notification.failed", 1)[0].at("retry_at").is_null());
  smtp.refuse_with("451 later");
  ASSERT_TRUE(world.send("notification.send", message));
  EXPECT_TRUE(world.wait_for("notification.failed", 2)[1].at("retry_at").is_string());
}

TEST_F(DeliveryTest, RestartDoesNotRepeatWhatIsSettled) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok(""); });
  connect(endpoint, "webhook");
  for (int i = 0; i < 3; ++i) world.post("ops");
  world.wait_for("notification.sent", 3);
  world.run({}, {{}, {endpoint.place()}});
  EXPECT_EQ(world.events("effect.progressed").size(), 1u);
  world.post("ops");
  world.wait_for("notification.sent", 4);
  EXPECT_EQ(endpoint.seen.size(), 4u);
}

TEST_F(DeliveryTest, BacklogOfABotIsSpreadOverMinutes) {
  HttpEndpoint endpoint([](const auto&) { return HttpEndpoint::ok(R"({"errcode":0})"); });
  connect(endpoint, "wecom");
  world.stop();
  for (int minute = 0; minute < 2; ++minute) {
    for (int i = 0; i < 15; ++i) world.post("ops");
    clock.advance(std::chrono::seconds(61));
  }
  world.run({}, {{}, {endpoint.place()}});
  world.wait_for("notification.sent", 18);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(endpoint.seen.size(), 18u);
  clock.advance(std::chrono::seconds(61));
  world.runner->wake();
  EXPECT_EQ(world.wait_for("notification.sent", 30).size(), 30u);
}

}  // namespace
}  // namespace opsledger::testing
