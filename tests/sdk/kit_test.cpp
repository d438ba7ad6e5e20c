// The test kit must notice: each expectation is shown to fail where it should.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <opsledger/testing.hpp>

#include "tests/abi/contract_module.hpp"

namespace contract {
namespace {

using ops::spec;

Noted after_join(std::string id) {
  return {id, "tester"};
}

TEST(Spec, PassesWhatIsTrue) {
  spec()
      .given(Joined{"a", "g", 99})
      .when(Join{"b", "g", 1})
      .then(Joined{"b", "g", 1}, after_join("b"));
  spec()
      .given(Joined{"a", "g", 99})
      .when(Join{"b", "g", 2})
      .then_rejected("contract.full")
      .then_nothing();
}

TEST(Spec, NoticesAMissingEvent) {
  EXPECT_NONFATAL_FAILURE(spec().when(Join{"b", "g", 1}).then(Joined{"b", "g", 1}),
                          "contract.noted");
}

TEST(Spec, NoticesAWrongField) {
  EXPECT_NONFATAL_FAILURE(spec().when(Join{"b", "g", 1}).then(Joined{"b", "g", 2}, after_join("b")),
                          "expected events");
}

TEST(Spec, NoticesAnAcceptedCommandThatShouldBeRejected) {
  EXPECT_NONFATAL_FAILURE(spec().when(Join{"b", "g", 1}).then_rejected("contract.full"),
                          "expected the rejection");
}

TEST(Spec, NoticesARejectionWithAnotherCode) {
  EXPECT_NONFATAL_FAILURE(spec().when(Join{"b", "g", 101}).then_rejected("contract.other"),
                          "contract.full");
}

TEST(Spec, NoticesAMissingWarning) {
  EXPECT_NONFATAL_FAILURE(spec().when(Join{"b", "g", 1}).then_warned("contract.crowded"),
                          "expected the warning");
}

TEST(Spec, NoticesAFailingPlugin) {
  EXPECT_NONFATAL_FAILURE(spec().when(Misbehave{"throw"}), "thrown on purpose");
}

TEST(Spec, NoticesRows) {
  auto table = spec().given(Joined{"a", "g", 5}).table("totals");
  EXPECT_NONFATAL_FAILURE(table.has("a", Totals::Row{}), "expected");
  EXPECT_NONFATAL_FAILURE(table.lacks("a"), "expected no row");
  table.has("a", Totals::Row{5, 1, 1, "tester", "ops", ""}).lacks("b");
  EXPECT_EQ(table.count(), 1u);  // without the note
}

TEST(Spec, SendsReactions) {
  spec().given(Sold{"s", -3}).then_sends(Refund{"s", 3});
  EXPECT_NONFATAL_FAILURE(spec().given(Sold{"s", 3}).then_sends(Refund{"s", 3}),
                          "expected commands");
  EXPECT_NONFATAL_FAILURE(spec().given(Sold{"s", -3}).then_sends(Refund{"s", 4}),
                          "expected commands");
}

TEST(Spec, FiresTimersOnceAndInTime) {
  auto s = spec();
  s.when(Open{"T"}).after(std::chrono::minutes(119)).then_nothing();
  s.after(std::chrono::minutes(1)).then(Noted{"T", "expired"});
  s.after(std::chrono::hours(99)).then_nothing();
}

TEST(Spec, TakesForeignEventsAsJson) {
  auto s = spec();
  s.given(ops::ForeignEvent{"kpi.scored", ops::Json::Object{{"score", 4}}, {}});
  EXPECT_EQ(s.table("totals").row<Totals::Row>("kpi")->last_kpi, "kpi.scored=4");
}

TEST(Spec, FindsModulesOfALibraryByName) {
  spec("second").when(Misbehave{"throw"}).then_nothing();
}

}  // namespace
}  // namespace contract
