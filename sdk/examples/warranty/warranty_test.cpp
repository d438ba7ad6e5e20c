#include <opsledger/testing.hpp>

#include "warranty.hpp"

namespace warranty {
namespace {

const Registered w1{"W-2026-00001", "LAMP", Time::of(Date::of(2027, 11, 6), 9h)};

TEST(Register, NumbersComeFromTheYearsSeries) {
  spec().when(Register{"LAMP"}).then(w1);
}

TEST(Register, MonthsAreChecked) {
  spec().when(Register{"LAMP", 0}).then_rejected("warranty.months");
}

TEST(Claim, NeedsAWarrantyThatHasNotEnded) {
  spec().when(Claim{"W-9", "dark"}).then_rejected("entity.not_found");
  spec().given(w1, Expired{w1.id}).when(Claim{w1.id, "dark"}).then_rejected("warranty.expired");
}

TEST(Claim, ThirdClaimWarns) {
  spec()
      .given(w1, Claimed{w1.id, "a"}, Claimed{w1.id, "b"})
      .when(Claim{w1.id, "c"})
      .then(Claimed{w1.id, "c"})
      .then_warned("warranty.many_claims");
}

TEST(Warranty, EndsByItselfAndTheTableShowsIt) {
  auto s = spec();
  s.when(Register{"LAMP", 1}).after(24h * 29).then_nothing();
  s.after(24h).then(Expired{w1.id});
  EXPECT_TRUE(s.table("warranties").row<Warranties::Row>(w1.id)->expired);
}

TEST(Warranties, CountsClaims) {
  spec()
      .given(w1, Claimed{w1.id, "a"})
      .table("warranties")
      .has(w1.id, Warranties::Row{"LAMP", w1.ends_at, 1, false});
}

}  // namespace
}  // namespace warranty
