#include "kernel/access/organisation.hpp"

#include <gtest/gtest.h>

namespace opsledger {
namespace {

namespace json = boost::json;

class OrganisationTest : public ::testing::Test {
 protected:
  void department(const char* id, const char* parent) {
    org_.apply("department.created", {{"department", id}, {"parent", parent}});
  }
  void position(const char* id, const char* reports_to) {
    org_.apply("position.defined",
               {{"position", id}, {"department", "d"}, {"role", "r"}, {"reports_to", reports_to}});
  }
  void appoint(const char* person, const char* position, const char* from) {
    org_.apply("person.appointed", {{"person", person}, {"position", position}, {"from", from}});
  }
  std::vector<std::string> held(const char* person, std::int32_t day) {
    std::vector<std::string> positions;
    org_.each_held(person, day,
                   [&](const auto& held, const auto&) { positions.push_back(held.position); });
    return positions;
  }
  Organisation org_;
};

using Names = std::vector<std::string>;

TEST_F(OrganisationTest, SubtreeFollowsMoves) {
  department("company", "");
  department("ops", "company");
  department("shop", "ops");
  department("it", "company");
  EXPECT_EQ(org_.subtree("ops"), (Names{"ops", "shop"}));
  EXPECT_TRUE(org_.within("shop", "company"));
  org_.apply("department.moved", {{"department", "shop"}, {"parent", "it"}});
  EXPECT_EQ(org_.subtree("ops"), (Names{"ops"}));
  EXPECT_EQ(org_.subtree("it"), (Names{"it", "shop"}));
  EXPECT_FALSE(org_.within("shop", "ops"));
  org_.apply("department.closed", {{"department", "shop"}});
  EXPECT_FALSE(org_.is_department("shop"));
}

TEST_F(OrganisationTest, CycleEndsInsteadOfGoingOnForEver) {
  department("a", "b");
  department("b", "a");
  EXPECT_FALSE(org_.within("a", "c"));
  EXPECT_EQ(org_.subtree("a"), (Names{"a", "b"}));
  position("p", "q");
  position("q", "p");
  appoint("x", "q", "2020-01-01");
  EXPECT_EQ(org_.team("p", 20'000), (Names{"x"}));
}

TEST_F(OrganisationTest, TeamIsEverybodyWhosePositionReportsTransitively) {
  position("chief", "");
  position("boss", "chief");
  position("clerk", "boss");
  position("other", "chief");
  appoint("ada", "chief", "2020-01-01");
  appoint("ben", "boss", "2020-01-01");
  appoint("cara", "clerk", "2020-01-01");
  appoint("dan", "other", "2020-01-01");
  EXPECT_EQ(org_.team("chief", 20'000), (Names{"ben", "cara", "dan"}));
  EXPECT_EQ(org_.team("boss", 20'000), (Names{"cara"}));
  EXPECT_EQ(org_.team("clerk", 20'000), Names{});
  org_.apply("position.revised", {{"position", "clerk"}, {"reports_to", "other"}});
  EXPECT_EQ(org_.team("boss", 20'000), Names{});
  EXPECT_EQ(org_.team("other", 20'000), (Names{"cara"}));
}

TEST_F(OrganisationTest, PositionIsHeldFromItsFirstDayUntilTheDayOfRelief) {
  position("clerk", "");
  appoint("ada", "clerk", "2026-03-01");  // day 20513
  const json::object relief{
      {"person", "ada"}, {"position", "clerk"}, {"effective_on", "2026-04-01"}};
  EXPECT_EQ(held("ada", 20'512), Names{});
  EXPECT_EQ(held("ada", 20'513), (Names{"clerk"}));
  org_.apply("person.relieved", relief);
  EXPECT_EQ(held("ada", 20'543), (Names{"clerk"}));
  EXPECT_EQ(held("ada", 20'544), Names{});
}

TEST_F(OrganisationTest, TransferEndsOnePositionAndBeginsAnother) {
  position("clerk", "");
  position("boss", "");
  appoint("ada", "clerk", "2020-01-01");
  org_.apply("person.transferred",
             {{"person", "ada"}, {"from_position", "clerk"}, {"to_position", "boss"}});
  EXPECT_EQ(held("ada", 20'000), (Names{"boss"}));
}

TEST_F(OrganisationTest, WhoLeftOrWhoseWasRetiredHoldsNothing) {
  position("clerk", "");
  appoint("ada", "clerk", "2020-01-01");
  org_.apply("person.deactivated", {{"person", "ada"}});
  EXPECT_EQ(held("ada", 20'000), Names{});
  org_.apply("person.registered", {{"person", "ada"}});
  EXPECT_EQ(held("ada", 20'000), (Names{"clerk"}));
  org_.apply("position.retired", {{"position", "clerk"}});
  EXPECT_EQ(held("ada", 20'000), Names{});
}

}  // namespace
}  // namespace opsledger
