// Mails as text, beside Python's reader; and attempts to smuggle headers in.
#include "kernel/effects/mail_text.hpp"

#include <gtest/gtest.h>

#include "kernel/effects/secrets.hpp"
#include "kernel/effects/text.hpp"
#include "tests/effects/python.hpp"

namespace opsledger {
namespace {

Mail mail() {
  return {"ops@example.com", "p1@example.org",    "库存不足",
          "SKU 7",           "ab:notification:9", {1'794'398'400'000'000}};
}

TEST(MailText, IsReadBackByAnotherReader) {
  auto m = mail();
  for (int i = 0; i < 20; ++i) m.subject += " 很长的标题";
  m.text = std::string(3'000, 'x') + "\n.\n..\n结束";
  const auto text = mail_text(m);
  ASSERT_TRUE(text.ok());
  const auto read = testing::python(R"(
import sys, email, email.policy, json
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(json.dumps([m['subject'], m.get_content(), m['from'], m['to'], m['message-id'], m['date']]))
)",
                                    *text);
  const auto fields = boost::json::parse(read).as_array();
  EXPECT_EQ(fields[0].as_string(), m.subject);
  EXPECT_EQ(fields[1].as_string(), m.text);
  EXPECT_EQ(fields[2].as_string(), "ops@example.com");
  EXPECT_EQ(fields[3].as_string(), "p1@example.org");
  EXPECT_EQ(fields[4].as_string(), "<ab-notification-9@example.com>");
  EXPECT_EQ(fields[5].as_string(), "Wed, 11 Nov 2026 12:00:00 +0000");
  for (std::size_t begin = 0; begin < text->size();) {
    const auto end = text->find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 78u);
    begin = end + 2;
  }
}

TEST(MailText, SubjectCannotAddAHeaderOrARecipient) {
  auto m = mail();
  m.subject = "hello\r\nBcc: evil@example.org\r\n\r\nbody";
  m.text = "x\r\n.\r\nMAIL FROM:<evil@example.org>";
  const auto text = mail_text(m).value();
  EXPECT_EQ(text.find("Bcc"), std::string::npos);
  EXPECT_EQ(text.find("evil"), std::string::npos);
}

TEST(MailText, AddressesThatCouldBreakALineAreNone) {
  for (const auto* text :
       {"", "a", "@b.c", "a@", "a b@c.d", "a@b.c\r\nBcc: x@y.z", "a@b.c,x@y.z", "a@b.c>", "<a@b.c",
        "\"a b\"@c.d", "a@b..c", ".a@b.c", "a@b.c\n", "a@b@c", "a;b@c.d", "-oQ/tmp@c.d"}) {
    EXPECT_FALSE(is_mail_address(text)) << text;
    auto m = mail();
    m.to = text;
    const auto made = mail_text(m);
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().reason, "effect.mail_address");
  }
  EXPECT_FALSE(is_mail_address(std::string(251, 'a') + "@b.c"));
  EXPECT_TRUE(is_mail_address("zhang.wei+ops@mail-1.example.com"));
}

TEST(Secrets, AreHiddenInAnyFormAndTextsAreBounded) {
  const ChannelSecret secret{"tok/en+1", "SEC42", "p w"};
  const auto text =
      without_secrets("at tok/en+1 and tok%2Fen%2B1, SEC42SEC42, p w, p%20w\r\n\x01", secret, 300);
  EXPECT_EQ(text, "at *** and ***, ******, ***, ***   ");
  EXPECT_LE(without_secrets(std::string(1'000, 'x'), secret, 300).size(), 300u);
  EXPECT_EQ(without_secrets("a\xff", secret, 300), "a?");
}

TEST(Secrets, MalformedOnesAreRefusedWithoutBeingShown) {
  EXPECT_EQ(parse_channel_secret(R"({"token":"t","password":"p"})")->token, "t");
  for (const auto* text : {"hunter2", "[]", R"({"hunter2":"x"})", R"({"token":["hunter2"]})",
                           "{\"token\":\"hunter2\\r\\nX: 1\"}"}) {
    const auto parsed = parse_channel_secret(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().message.find("hunter2"), std::string::npos);
  }
}

TEST(Text, IsClippedBetweenCharacters) {
  EXPECT_EQ(clipped("库存不足", 12), "库存不足");
  EXPECT_EQ(clipped("库存不足", 11), "库存…");
  EXPECT_EQ(clipped("abc", 2), "");
}

}  // namespace
}  // namespace opsledger
