// Accounts and logging in, and attacks on both.
#include "tests/identity/identity_fixture.hpp"

namespace opsledger::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Events = std::vector<std::string>;

class AccountsTest : public IdentityTest {};

TEST_F(AccountsTest, TheFirstAccountEndsSetUpForEverAndIsTheAdministrator) {
  EXPECT_TRUE(identities->in_set_up());
  make("A-1");
  EXPECT_FALSE(identities->in_set_up());
  EXPECT_EQ(events(), (Events{"account.created A-1 admin-1", "grant.given A-1 admin-1"}));
  ASSERT_TRUE(accounts().set_enabled("A-1", false, "x").ok());
  restart();
  EXPECT_FALSE(identities->in_set_up());
  make("A-2");
  EXPECT_EQ(events().back(), "account.created A-2 admin-1") << "only the first one is given a role";
}

TEST_F(AccountsTest, LogsInByItsNameWithoutRegardToCaseAlsoAfterARestart) {
  make("P-0001", "Wang@Example.com");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(log_in("wang@example.COM ", "P-0001-password"), "P-0001");
    EXPECT_EQ(log_in("P-0001", "P-0001-password"), "access.unauthenticated") << "that is no name";
    restart();
  }
}

TEST_F(AccountsTest, AnswersTheSameForUnknownNamesWrongPasswordsAndDisabledAccounts) {
  make("P-1");
  make("P-2");
  ASSERT_TRUE(accounts().create({"svc", AccountKind::kService, "", ""}, "x").ok());
  ASSERT_TRUE(accounts().set_enabled("P-2", false, "x").ok());
  const auto wrong = accounts().log_in("P-1", "P-1-passwore", "a");
  for (const auto& [login, password] :
       std::vector<std::pair<std::string, std::string>>{{"nobody", "P-1-password"},
                                                        {"P-2", "P-2-password"},
                                                        {"svc", ""},
                                                        {"svc", "anything at all"},
                                                        {"", ""},
                                                        {std::string(300, 'x'), "y"},
                                                        {"P-1", std::string(2000, 'x')}}) {
    const auto other = accounts().log_in(login, password, "a");
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().reason, "access.unauthenticated");
    EXPECT_EQ(other.error().message, wrong.error().message);
  }
}

TEST_F(AccountsTest, BruteForceMeetsGrowingWaitsThatARestartDoesNotEnd) {
  make("P-1");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in("P-1", "guess"), "access.unauthenticated");
  EXPECT_EQ(log_in("P-1", "P-1-password"), "access.too_many_attempts") << "even the right one";
  EXPECT_EQ(events().back(), "account.locked P-1 opsledger");
  restart();
  EXPECT_EQ(log_in("P-1", "P-1-password"), "access.too_many_attempts");
  EXPECT_TRUE(accounts().list()[0].locked_until);
  clock.advance(seconds(31));
  EXPECT_EQ(log_in("P-1", "guess"), "access.unauthenticated");
  clock.advance(seconds(31));
  EXPECT_EQ(log_in("P-1", "P-1-password"), "access.too_many_attempts") << "twice as long";
  clock.advance(seconds(31));
  EXPECT_EQ(log_in("P-1", "P-1-password"), "P-1");
  EXPECT_EQ(log_in("P-1", "guess"), "access.unauthenticated") << "success forgot the failures";
}

TEST_F(AccountsTest, UnknownNamesWaitLikeKnownOnesAndLeaveNoEvents) {
  make("P-1");
  const auto before = events().size();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in("nobody", "guess"), "access.unauthenticated");
  EXPECT_EQ(log_in("nobody", "guess"), "access.too_many_attempts");
  EXPECT_EQ(events().size(), before);
}

TEST_F(AccountsTest, AnAddressThatTriesManyNamesWaits) {
  limits.address_failures_max = 8;
  restart();
  make("P-1");
  for (int i = 0; i < 8; ++i) log_in("name-" + std::to_string(i), "guess", "6.6.6.6");
  EXPECT_EQ(log_in("P-1", "P-1-password", "6.6.6.6"), "access.too_many_attempts");
  EXPECT_EQ(log_in("P-1", "P-1-password", "10.0.0.1"), "P-1") << "others are not punished";
}

TEST_F(AccountsTest, OwnSuccessesDoNotHideFailuresOfOneAddress) {
  limits.address_failures_max = 6;
  restart();
  make("P-1");
  int guesses = 0;
  while (guesses < 50 &&
         log_in("name-" + std::to_string(guesses), "x", "6.6.6.6") == "access.unauthenticated") {
    ++guesses;
    log_in("P-1", "P-1-password", "6.6.6.6");
  }
  EXPECT_LT(guesses, 7);
}

TEST_F(AccountsTest, AnAdministratorUnlocks) {
  make("P-1");
  for (int i = 0; i < 5; ++i) log_in("P-1", "guess");
  ASSERT_TRUE(accounts().unlock("P-1", "admin-1").ok());
  EXPECT_EQ(events().back(), "account.unlocked P-1 admin-1");
  restart();
  EXPECT_EQ(log_in("P-1", "P-1-password"), "P-1");
}

TEST_F(AccountsTest, ANewPasswordReplacesTheOldOne) {
  make("P-1");
  ASSERT_TRUE(accounts().set_password("P-1", "a better password", "P-1").ok());
  EXPECT_EQ(events().back(), "account.password_changed P-1 P-1");
  EXPECT_EQ(log_in("P-1", "P-1-password"), "access.unauthenticated");
  EXPECT_EQ(log_in("P-1", "a better password"), "P-1");
}

TEST_F(AccountsTest, WeakPasswordsAreRefused) {
  make("P-1");
  for (const std::string& weak :
       {std::string(), std::string("short"), std::string(12, 'a'), std::string(2000, 'x')}) {
    const auto status = accounts().set_password("P-1", weak, "P-1");
    ASSERT_FALSE(status.ok()) << weak;
    EXPECT_EQ(status.error().reason, "access.password_weak");
  }
  EXPECT_EQ(accounts()
                .create({"abcdefghijk", AccountKind::kPerson, "", "ABCDEFGHIJK"}, "x")
                .error()
                .reason,
            "access.password_weak");
}

TEST_F(AccountsTest, CraftedIdsAndLoginsAreRefused) {
  for (const std::string& id : {std::string(), std::string("a,b"), std::string("a b"),
                                std::string("../x"), std::string("-a"), std::string("a\nb"),
                                std::string("王"), std::string(65, 'a'), std::string("a:b")}) {
    EXPECT_EQ(accounts().create({id, AccountKind::kPerson, "login", ""}, "x").error().reason,
              "account.invalid")
        << id;
  }
  for (const std::string& login :
       {std::string("a b"), std::string("a\r\nSet-Cookie: x"), std::string(255, 'a')}) {
    EXPECT_EQ(accounts().create({"ok", AccountKind::kPerson, login, ""}, "x").error().reason,
              "account.invalid");
  }
  EXPECT_TRUE(identities->in_set_up());
}

TEST_F(AccountsTest, IdsAndLoginNamesAreUnique) {
  make("P-1", "wang");
  EXPECT_EQ(accounts().create({"P-1", AccountKind::kPerson, "li", ""}, "x").error().reason,
            "account.exists");
  EXPECT_EQ(accounts().create({"P-2", AccountKind::kPerson, "WANG", ""}, "x").error().reason,
            "account.login_taken");
  EXPECT_EQ(accounts().set_enabled("P-9", false, "x").error().reason, "account.unknown");
}

TEST_F(AccountsTest, AServiceHasNoPassword) {
  EXPECT_EQ(
      accounts().create({"svc", AccountKind::kService, "", "a long password"}, "x").error().reason,
      "account.invalid");
  ASSERT_TRUE(accounts().create({"svc", AccountKind::kService, "", ""}, "x").ok());
  EXPECT_EQ(accounts().set_password("svc", "a long password", "x").error().reason,
            "account.invalid");
}

TEST_F(AccountsTest, ALostKeyStoreLocksOutButTheHostCanRecover) {
  make("P-1", "wang");
  for (const char* kind : {"login", "password"}) {
    std::vector<KeyStore::Write> writes{{{kind, kind[0] == 'l' ? "wang" : "P-1"}, std::nullopt}};
    ASSERT_TRUE(secrets->write(writes).ok());
  }
  restart();
  EXPECT_EQ(log_in("wang", "P-1-password"), "access.unauthenticated");
  ASSERT_TRUE(accounts().set_password("P-1", "after the loss", "operator").ok());
  EXPECT_EQ(log_in("p-1", "after the loss"), "P-1");
}

TEST_F(AccountsTest, AnAccountThatWasNotRecordedLeavesItsNameFree) {
  ASSERT_TRUE(secrets->put({kLoginSecret, "wang"}, "P-7").ok());  // a crash before the event
  restart();
  make("P-1", "wang");
  EXPECT_EQ(log_in("wang", "P-1-password"), "P-1");
}

TEST_F(AccountsTest, WhenTheLedgerRefusesNoAccountIsMade) {
  ledger.fail_next_sync();
  EXPECT_FALSE(accounts().create({"P-1", AccountKind::kPerson, "", "a long password"}, "x").ok());
  EXPECT_TRUE(identities->in_set_up());
  EXPECT_EQ(log_in("P-1", "a long password"), "access.unauthenticated");
}

TEST_F(AccountsTest, TheLedgerHoldsNeitherPasswordsNorLoginNames) {
  make("P-1", "wang@example.com");
  const auto session = session_of("P-1"), token = token_for("P-1");
  for (int i = 0; i < 6; ++i) log_in("wang@example.com", "a planted guess");
  const auto bytes = ledger_bytes();
  for (const std::string& secret : {std::string("P-1-password"), std::string("wang"),
                                    std::string("planted"), session.substr(17), token.substr(21)}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(bytes.find("account.locked"), std::string::npos);
}

}  // namespace
}  // namespace opsledger::testing
