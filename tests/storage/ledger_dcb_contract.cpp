// The example cases of dcb.events, each as its commands would decide them.
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

struct Folded {
  std::vector<std::string> types;
  std::vector<std::string> data;
  Position last{};
};

Folded fold(const Ledger& ledger, const Query& query) {
  Folded folded;
  auto cursor = ledger.read(query, {.accepted = true});
  for (auto events = (*cursor)->next(); !events->empty(); events = (*cursor)->next()) {
    for (const auto& event : *events) {
      folded.types.emplace_back(event.type);
      folded.data.emplace_back(event.data);
      folded.last = event.position;
    }
  }
  return folded;
}

std::size_t count(const Folded& folded, const std::string& type) {
  return static_cast<std::size_t>(std::count(folded.types.begin(), folded.types.end(), type));
}

TEST_P(LedgerContract, DcbCourseSubscriptionsKeepCapacityAndLimitAcrossEntities) {
  constexpr std::size_t kCapacity = 2;
  constexpr std::size_t kCoursesPerStudent = 2;
  const std::string subscribed = "course.student_subscribed";
  const auto subscribe = [&](const std::string& student, const std::string& course) {
    const QueryItem of_course{{"course.defined", subscribed}, {"course:" + course}};
    const QueryItem of_student{{subscribed}, {"student:" + student}};
    const Folded in_course = fold(ledger(), query_of({of_course}));
    const Folded of_them = fold(ledger(), query_of({of_student}));
    if (count(in_course, "course.defined") == 0 || count(in_course, subscribed) >= kCapacity ||
        count(of_them, subscribed) >= kCoursesPerStudent) {
      return false;
    }
    return append_if(new_event(subscribed, {"course:" + course, "student:" + student}),
                     unless({of_course, of_student}, std::max(in_course.last, of_them.last).value))
        .ok();
  };
  for (const char* course : {"c1", "c2", "c3"}) {
    must_append("course.defined", {std::string("course:") + course});
  }
  EXPECT_TRUE(subscribe("s1", "c1"));
  EXPECT_TRUE(subscribe("s2", "c1"));
  EXPECT_FALSE(subscribe("s3", "c1"));  // full
  EXPECT_TRUE(subscribe("s1", "c2"));
  EXPECT_FALSE(subscribe("s1", "c3"));  // at the student's limit
  EXPECT_FALSE(subscribe("s3", "c9"));  // no such course
  // A decision made before another subscription to the same course is refused.
  EXPECT_EQ(code_of(append_if(new_event(subscribed, {"course:c2", "student:s4"}),
                              unless({{{subscribed}, {"course:c2"}}}, 3))),
            Code::kConflict);
}

TEST_P(LedgerContract, DcbUsernameIsUniqueAndReusableAfterRelease) {
  const auto claim = [&](const std::string& name) {
    const Query query =
        query_of({{{"account.registered", "account.closed"}, {"username:" + name}}});
    const Folded seen = fold(ledger(), query);
    if (count(seen, "account.registered") > count(seen, "account.closed")) return false;
    return append_if(new_event("account.registered", {"username:" + name}), {query, seen.last})
        .ok();
  };
  EXPECT_TRUE(claim("wang"));
  EXPECT_FALSE(claim("wang"));
  EXPECT_TRUE(claim("li"));
  must_append("account.closed", {"username:wang"});
  EXPECT_TRUE(claim("wang"));
  EXPECT_EQ(code_of(append_if(new_event("account.registered", {"username:li"}),
                              unless({{{"account.registered"}, {"username:li"}}}))),
            Code::kConflict);
}

TEST_P(LedgerContract, DcbInvoiceNumbersHaveNoGapsFromTheLastEventOfAType) {
  const Query query = query_of({{{"invoice.created"}, {}}});
  const auto create = [&](std::optional<Position> stale = std::nullopt) {
    const Folded seen = fold(ledger(), query);
    NewEvent event = new_event("invoice.created");
    event.data = std::to_string(seen.data.empty() ? 1 : std::stoi(seen.data.back()) + 1);
    return append_if(event, {query, stale.value_or(seen.last)}).ok();
  };
  EXPECT_TRUE(create());
  EXPECT_TRUE(create());
  EXPECT_FALSE(create(Position{1}));
  EXPECT_TRUE(create());
  EXPECT_EQ(fold(ledger(), query).data, (std::vector<std::string>{"1", "2", "3"}));
}

TEST_P(LedgerContract, DcbOptInTokenIsUsedOnce) {
  must_append("signup.initiated", {"otp:111", "email_ref:a"});
  const auto confirm = [&](const std::string& token) {
    const Query query = query_of({{{"signup.initiated", "signup.confirmed"}, {"otp:" + token}}});
    const Folded seen = fold(ledger(), query);
    if (count(seen, "signup.initiated") != 1 || count(seen, "signup.confirmed") != 0) return false;
    return append_if(new_event("signup.confirmed", {"otp:" + token}), {query, seen.last}).ok();
  };
  EXPECT_FALSE(confirm("222"));
  EXPECT_TRUE(confirm("111"));
  EXPECT_FALSE(confirm("111"));
}

TEST_P(LedgerContract, DcbPriceChangeBetweenShowAndOrderIsNoticed) {
  const auto priced = [](const std::string& sku, const std::string& price) {
    NewEvent event = new_event("product.price_changed", {"product:" + sku});
    event.data = price;
    return event;
  };
  ASSERT_TRUE(append(one(priced("p1", "10"))).ok());
  ASSERT_TRUE(append(one(priced("p2", "20"))).ok());
  const std::vector<QueryItem> cart = {{{"product.price_changed"}, {"product:p1"}},
                                       {{"product.price_changed"}, {"product:p2"}}};
  const Position shown = fold(ledger(), query_of(cart)).last;
  ASSERT_TRUE(append(one(priced("p3", "5"))).ok());  // not in the cart
  EXPECT_TRUE(
      append_if(new_event("order.placed", {"product:p1", "product:p2"}), unless(cart, shown.value))
          .ok());
  ASSERT_TRUE(append(one(priced("p2", "21"))).ok());
  EXPECT_EQ(code_of(append_if(new_event("order.placed", {"product:p1", "product:p2"}),
                              unless(cart, shown.value))),
            Code::kConflict);
}

TEST_P(LedgerContract, DcbRecordedRequestIsNotExecutedTwice) {
  const auto place = [&](const std::string& request) {
    return append_if(new_event("order.placed", {"request:" + request}),
                     unless({{{"order.placed"}, {"request:" + request}}}));
  };
  EXPECT_TRUE(place("11111").ok());
  EXPECT_EQ(code_of(place("11111")), Code::kConflict);
  EXPECT_TRUE(place("22222").ok());
}

}  // namespace
}  // namespace opsledger::testing_support
