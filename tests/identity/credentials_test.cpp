// Tokens, sessions, the set-up link: what proves who asks, and what must not.
#include "tests/identity/identity_fixture.hpp"

namespace opsledger::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class CredentialsTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    make("P-1");
    make("P-2");
  }
};

TEST_F(CredentialsTest, ATokenProvesItsAccountAndScopesAlsoAfterARestart) {
  const auto text = token_for("P-1", {"order.*", "task.read"});
  ASSERT_TRUE(text.starts_with("ops_"));
  restart();
  const auto token = identities->check_token(text);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ((*token)->account->id, "P-1");
  EXPECT_EQ((*token)->scopes, (std::vector<std::string>{"order.*", "task.read"}));
  EXPECT_EQ(events().back(), "token.issued P-1 P-1");
}

TEST_F(CredentialsTest, ForgedAndTruncatedTokensProveNothing) {
  const auto text = token_for("P-1"), other = token_for("P-2");
  auto flipped = text;
  flipped.back() = flipped.back() == '0' ? '1' : '0';
  auto upper = text;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string id = text.substr(4, 16);
  std::vector<std::string> forged{"",
                                  "ops_",
                                  flipped,
                                  upper,
                                  text + "0",
                                  text + " ",
                                  " " + text,
                                  text.substr(4),
                                  "ops_" + id + "_" + std::string(64, '0'),
                                  text.substr(0, 21) + other.substr(21),  // another's secret
                                  std::string(1 << 20, 'a'),
                                  std::string(text).replace(10, 1, std::string(1, '\0'))};
  for (std::size_t size = 0; size < text.size(); ++size) forged.push_back(text.substr(0, size));
  for (const auto& each : forged) EXPECT_FALSE(token_good(each)) << each.substr(0, 100);
  EXPECT_TRUE(token_good(text));
  EXPECT_FALSE(session_good(text)) << "a token is no session";
  EXPECT_FALSE(session_good(text.substr(4)));
  EXPECT_FALSE(token_good("ops_" + session_of("P-1"))) << "nor the reverse";
}

TEST_F(CredentialsTest, ATokenEndsWhenItExpires) {
  const Time end{clock.now().us + 3'600'000'000};
  const auto issued = identities->issue_token({"P-1", "", {}, end}, "P-1");
  ASSERT_TRUE(issued.ok());
  clock.advance(minutes(59));
  EXPECT_TRUE(token_good(issued->text));
  clock.advance(minutes(1));
  EXPECT_FALSE(token_good(issued->text));
  ASSERT_TRUE(identities->tidy().ok());
  EXPECT_TRUE(identities->tokens("P-1").empty());
}

TEST_F(CredentialsTest, ATokenEndsAtOnceWhenRevokedOrItsAccountIsDisabled) {
  const auto first = token_for("P-1"), second = token_for("P-1"), session = session_of("P-1");
  const auto held = identities->check_token(first).value();
  EXPECT_TRUE(identities->holds(*held));
  ASSERT_TRUE(identities->revoke_token(first.substr(4, 16), "admin-1").ok());
  EXPECT_EQ(events().back(), "token.revoked P-1 admin-1");
  EXPECT_FALSE(token_good(first));
  EXPECT_FALSE(identities->holds(*held));
  EXPECT_TRUE(token_good(second));
  ASSERT_TRUE(accounts().set_enabled("P-1", false, "admin-1").ok());
  EXPECT_FALSE(token_good(second));
  EXPECT_FALSE(session_good(session));
  restart();
  EXPECT_FALSE(token_good(first));
  EXPECT_FALSE(token_good(second));
  EXPECT_FALSE(session_good(session));
  EXPECT_EQ(identities->revoke_token("0123456789abcdef", "x").error().reason, "token.unknown");
}

TEST_F(CredentialsTest, TokensAreBoundedInNumberLifetimeAndForm) {
  limits.tokens_per_account_max = 2;
  restart();
  const Time now = clock.now();
  const auto reason = [&](NewToken token) {
    const auto issued = identities->issue_token(std::move(token), "x");
    return issued ? "" : issued.error().reason;
  };
  EXPECT_EQ(reason({"P-1", "", {}, Time{now.us}}), "token.invalid");
  EXPECT_EQ(reason({"P-1", "", {}, Time{now.us + 400LL * 86'400'000'000}}), "token.invalid");
  EXPECT_EQ(reason({"P-1", "", {"order hold"}, {}}), "token.invalid");
  EXPECT_EQ(reason({"P-1", "", {""}, {}}), "token.invalid");
  EXPECT_EQ(reason({"P-1", "", std::vector<std::string>(65, "a.b"), {}}), "token.invalid");
  EXPECT_EQ(reason({"P-1", std::string(201, 'x'), {}, {}}), "token.invalid");
  EXPECT_EQ(reason({"P-9", "", {}, {}}), "account.unknown");
  EXPECT_EQ(reason({"P-1", "", {}, {}}), "");
  EXPECT_EQ(reason({"P-1", "", {}, {}}), "");
  EXPECT_EQ(reason({"P-1", "", {}, {}}), "token.too_many");
}

TEST_F(CredentialsTest, ASessionEndsWhenIdleAndInAnyCase) {
  const auto idle = session_of("P-1"), busy = session_of("P-1");
  for (int hour = 0; hour < 7 * 24; ++hour) {
    EXPECT_TRUE(session_good(busy)) << hour;
    clock.advance(hours(1));
  }
  EXPECT_FALSE(session_good(busy)) << "a week is all";
  EXPECT_FALSE(session_good(idle));
  ASSERT_TRUE(identities->tidy().ok());
  EXPECT_TRUE(identities->sessions("P-1").empty());
  EXPECT_EQ(events().back(), "session.closed P-1 opsledger");
}

TEST_F(CredentialsTest, EverySessionHasItsOwnIdAndCsrfToken) {
  const auto one = session_of("P-1"), two = session_of("P-1");
  EXPECT_NE(one, two);
  const auto csrf = [](const std::string& text) {
    return csrf_token(*parse_secret(kSessionPrefix, text));
  };
  EXPECT_NE(csrf(one), csrf(two));
  EXPECT_EQ(one.find(csrf(one)), std::string::npos);
  EXPECT_FALSE(session_good(one.substr(0, 17) + csrf(one))) << "it does not stand for the session";
}

TEST_F(CredentialsTest, LogoutEndsOneSessionAndLogoutEverywhereTheOthers) {
  const auto one = session_of("P-1"), two = session_of("P-1"), three = session_of("P-1"),
             stranger = session_of("P-2");
  ASSERT_TRUE(identities->close_session(one.substr(0, 16), "P-1").ok());
  EXPECT_EQ(events().back(), "session.closed P-1 P-1");
  EXPECT_FALSE(session_good(one));
  ASSERT_TRUE(identities->close_sessions("P-1", two.substr(0, 16), "P-1").ok());
  EXPECT_TRUE(session_good(two));
  EXPECT_FALSE(session_good(three));
  EXPECT_TRUE(session_good(stranger));
  ASSERT_TRUE(identities->close_session("0123456789abcdef", "P-1").ok());
}

TEST_F(CredentialsTest, TheLongestUnusedSessionMakesRoom) {
  limits.sessions_per_account_max = 3;
  restart();
  std::vector<std::string> texts;
  for (int i = 0; i < 3; ++i) {
    texts.push_back(session_of("P-1"));
    clock.advance(minutes(1));
  }
  EXPECT_TRUE(session_good(texts[0]));  // now the second one is the longest unused
  texts.push_back(session_of("P-1"));
  EXPECT_TRUE(session_good(texts[0]));
  EXPECT_FALSE(session_good(texts[1]));
  EXPECT_TRUE(session_good(texts[3]));
}

TEST_F(CredentialsTest, WhenTheyWereUsedLastIsKeptOutsideTheLog) {
  const auto text = token_for("P-1");
  clock.advance(hours(1));
  ASSERT_TRUE(token_good(text));
  const auto used = clock.now();
  const auto count = events().size();
  ASSERT_TRUE(identities->tidy().ok());
  restart();
  EXPECT_EQ(identities->tokens("P-1").at(0)->used_at(), used);
  EXPECT_EQ(events().size(), count);
}

TEST_F(CredentialsTest, WhenTheLedgerRefusesNoCredentialIsGiven) {
  ledger.fail_next_sync();
  EXPECT_FALSE(identities->issue_token({"P-1", "", {}, {}}, "P-1").ok());
  EXPECT_FALSE(identities->open_session(accounts().find("P-1"), "a").ok());
  EXPECT_TRUE(identities->tokens("").empty());
  EXPECT_TRUE(identities->sessions("P-1").empty());
}

TEST(SetupLinkTest, IsUsedOnceExpiresAndIsReplaced) {
  ManualClock clock;
  SetupLink link(clock, 3'600'000'000);
  EXPECT_FALSE(link.begin("").ok()) << "none was issued";
  const auto first = link.issue();
  const auto second = link.issue();
  EXPECT_FALSE(link.begin(first).ok());
  EXPECT_FALSE(link.begin(second.substr(1)).ok());
  EXPECT_TRUE(link.begin(second).ok()) << "a failed attempt leaves it";
  link.begin(second).value().spend();
  const auto spent = link.begin(second);
  ASSERT_FALSE(spent.ok());
  EXPECT_EQ(spent.error().reason, "access.setup_refused");
  const auto third = link.issue();
  clock.advance(hours(1));
  EXPECT_FALSE(link.begin(third).ok());
}

}  // namespace
}  // namespace opsledger::testing
