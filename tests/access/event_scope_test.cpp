#include "kernel/access/event_scope.hpp"

#include "tests/access/access_fixture.hpp"

namespace opsledger::testing {
namespace {

class EventScopeTest : public AccessFixture {
 protected:
  EventScopeTest() {
    found_company();
    ops_ = open_as(as("cara", "ops"), "a")->position;
    shop_ = open_as(as("ada", "shop"), "b")->position;
  }
  bool sees(const RequestContext& context, Position position) {
    const auto scope = event_scope(model_.get(), *registry_, context);
    return !scope || scope->sees(ledger_.get(position).value().view());
  }
  Position ops_, shop_;
};

TEST_F(EventScopeTest, ShowsTheDepartmentAndOnesOwn) {
  EXPECT_TRUE(sees(as("ben"), ops_));
  EXPECT_FALSE(sees(as("ben"), shop_));
  EXPECT_TRUE(sees(as("ada"), ops_));
  EXPECT_TRUE(sees(as("ada"), shop_));
  EXPECT_TRUE(sees(as("cara"), ops_));
  EXPECT_FALSE(sees(as("cara"), shop_));
  EXPECT_FALSE(sees(as("dan"), ops_));
  EXPECT_FALSE(sees(as("eve"), ops_));
  EXPECT_EQ(event_scope(model_.get(), *registry_, as("aud")), nullptr);
}

TEST_F(EventScopeTest, HidesControlEventsFromWhoHasNothingToDoWithThem) {
  const auto granted = control("grant.given", {{"account", "eve"}, {"role", "viewer"}});
  EXPECT_FALSE(sees(as("ben"), granted));
  EXPECT_TRUE(sees(as("root"), granted));
  EXPECT_TRUE(sees(as("aud"), granted));
}

TEST_F(EventScopeTest, FollowsChangesWhileItIsInUse) {
  const auto scope = event_scope(model_.get(), *registry_, as("ben"));
  EXPECT_TRUE(scope->sees(ledger_.get(ops_).value().view()));
  control("person.relieved", {{"person", "ben"}, {"position", "boss"}});
  const auto later = open_as(as("cara", "ops"), "c")->position;
  EXPECT_FALSE(scope->sees(ledger_.get(later).value().view()));
  EXPECT_FALSE(scope->sees(ledger_.get(ops_).value().view()));
}

TEST_F(EventScopeTest, OfTokensIsNarrowed) {
  auto context = as("ben");
  context.scopes = {"order.*"};
  EXPECT_FALSE(sees(context, ops_));
  context.scopes = {"wallet.*:V"};
  EXPECT_TRUE(sees(context, ops_));
}

}  // namespace
}  // namespace opsledger::testing
