#include "kernel/query/plan.hpp"

#include "tests/query/table_fixture.hpp"

namespace opsledger::testing {
namespace {

class PlanTest : public TableTest {
 protected:
  Plan plan(const QueryParameters& parameters, bool at_head = true) const {
    return make_plan(bind_query(parse_query(parameters).value(), shape_).value(), at_head);
  }
};

using Kind = Plan::Kind;

TEST_F(PlanTest, KeysAreLookedUp) {
  const auto eq = plan({{"id", "eq.a"}, {"age", "eq.1"}});
  EXPECT_EQ(eq.kind, Kind::kKeys);
  EXPECT_EQ(eq.keys, std::vector<Bytes>{"a"});
  const auto in = plan({{"id", "in.(c,a,c)"}, {"order", "id.desc"}});
  EXPECT_EQ(in.keys, (std::vector<Bytes>{"c", "a"}));
  EXPECT_TRUE(in.ordered);
  EXPECT_EQ(plan({{"and", "(id.eq.a,age.gt.1)"}}).kind, Kind::kKeys);
  EXPECT_EQ(plan({{"or", "(id.eq.a,age.gt.1)"}}).kind, Kind::kScan);
  EXPECT_EQ(plan({{"id", "not.eq.a"}}).kind, Kind::kScan);
}

TEST_F(PlanTest, KeyRangesAndPrefixesBoundTheScan) {
  const auto range = plan({{"id", "gte.b"}, {"id", "lt.f"}});
  ASSERT_EQ(range.ranges.size(), 1u);
  EXPECT_EQ(range.ranges[0].begin, "b");
  EXPECT_EQ(range.ranges[0].end, "f");
  const auto prefix = plan({{"id", "like.ab%"}, {"order", "id.desc"}});
  EXPECT_EQ(prefix.ranges[0].begin, "ab");
  EXPECT_EQ(prefix.ranges[0].end, "ac");
  EXPECT_TRUE(prefix.ordered && prefix.backward);
  EXPECT_TRUE(plan({{"id", "gt.b"}, {"id", "lt.a"}}).ranges.empty()) << "nothing can pass";
}

TEST_F(PlanTest, HeadIndexesServeValuesRangesAndOrders) {
  const auto eq = plan({{"state", "eq.held"}});
  EXPECT_EQ(eq.kind, Kind::kIndex);
  EXPECT_EQ(eq.index, 1u);
  EXPECT_TRUE(eq.ordered) << "equal values come in key order";
  EXPECT_EQ(plan({{"age", "in.(1,2,3)"}}).ranges.size(), 3u);
  EXPECT_EQ(plan({{"age", "is.null"}}).ranges.size(), 1u);
  EXPECT_EQ(plan({{"age", "gt.3"}}).kind, Kind::kIndex);
  const auto order = plan({{"order", "age.desc"}});
  EXPECT_TRUE(order.kind == Kind::kIndex && order.ordered && order.backward);
  EXPECT_EQ(order.ranges.size(), 2u) << "nulls are a range of their own";
  EXPECT_EQ(plan({{"order", "age"}, {"age", "gt.1"}}).ranges.size(), 1u);
  EXPECT_EQ(plan({{"order", "score"}}).kind, Kind::kScan) << "no index";
}

TEST_F(PlanTest, ThePastHasNoIndexes) {
  EXPECT_EQ(plan({{"state", "eq.held"}}, false).kind, Kind::kScan);
  EXPECT_EQ(plan({{"id", "eq.a"}}, false).kind, Kind::kKeys);
}

}  // namespace
}  // namespace opsledger::testing
