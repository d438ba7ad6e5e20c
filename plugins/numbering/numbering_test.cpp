#include "numbering.hpp"

#include <opsledger/testing.hpp>

namespace numbering {
namespace {

TEST(Numbering, ShowsSeriesAndNumbers) {
  auto s = ops::spec();
  s.given(Issued{"T-202611", "T-202611-0001", 1}, Issued{"T-202611", "T-202611-0002", 2});
  const auto row = s.table("series").row<SeriesTable::Row>("T-202611");
  EXPECT_EQ(row->issued, 2u);
  EXPECT_EQ(row->last_number, "T-202611-0002");
  EXPECT_EQ(s.table("numbers").row<Numbers::Row>("T-202611-0001")->issued_to, "tester");
}

TEST(Numbering, VoidsAnIssuedNumberOnce) {
  auto s = ops::spec();
  s.given(Issued{"T-202611", "T-202611-0001", 1});
  s.because("entered twice").when(Void{"T-202611-0001", "T-202611"});
  s.then(Voided{"T-202611-0001", "T-202611", "entered twice"});
  s.when(Void{"T-202611-0001", "T-202611"}).then_rejected("numbering.voided");
  s.when(Void{"T-202611-0009", "T-202611"}).then_rejected("entity.not_found");
  EXPECT_TRUE(s.table("numbers").row<Numbers::Row>("T-202611-0001")->is_void);
  EXPECT_EQ(s.table("series").row<SeriesTable::Row>("T-202611")->voided, 1u);
}

}  // namespace
}  // namespace numbering
