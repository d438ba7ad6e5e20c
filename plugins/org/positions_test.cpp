#include "story.hpp"

namespace org {
namespace {

DefinePosition define(const std::string& code) {
  DefinePosition c;
  c.code = code, c.title_zh = "客服", c.title_en = "Service", c.department = "OPS";
  c.role = "cs_agent", c.duties = {{1, "接待", {}, {}, {}}};
  return c;
}
RevisePosition revise(const std::string& position) {
  RevisePosition c;
  c.position = position;
  return c;
}

TEST(Position, IsDefinedWithItsDuties) {
  auto s = office();
  auto c = define("CS");
  c.reports_to = "MGR";
  s.when(c);
  const auto row = s.table("positions").row<Positions::Row>("CS");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->duties[0].text, "接待");
  EXPECT_EQ(row->card_version, 1);
  EXPECT_EQ(row->established_on, kDay);
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("MGR")->span_positions, 2);
}

TEST(Position, CardIsChecked) {
  auto s = office();
  auto c = define("CS");
  c.title_en = "";
  s.when(c).then_rejected("position.title");
  c = define("CS"), c.role = "Chief";
  s.when(c).then_rejected("position.role");
  c = define("CS"), c.headcount = 0;
  s.when(c).then_rejected("position.headcount");
  c = define("CS"), c.duties = {};
  s.when(c).then_rejected("position.duties");
  c = define("CS"), c.duties = {{1, "a", {}, {}, {}}, {1, "b", {}, {}, {}}};
  s.when(c).then_rejected("position.duties");
  c = define("CS"), c.department = "none";
  s.when(c).then_rejected("entity.not_found");
  c = define("CS"), c.reports_to = "none";
  s.when(c).then_rejected("entity.not_found");
  s.when(define("no id")).then_rejected("position.id");
}

TEST(Position, IdAndCodeAreUnique) {
  auto s = office();
  s.when(define("MGR")).then_rejected("position.exists");
  auto c = define("MGR");
  c.position = "other";
  s.when(c).then_rejected("position.code_taken");
}

TEST(Position, RevisionKeepsWhatItDoesNotNameAndCountsUp) {
  auto s = office();
  auto c = revise("EDT");
  c.duties = std::vector<Duty>{{2, "第二项", {}, {}, {}}, {3, "新", {}, {}, {}}};
  PositionRevised e;
  static_cast<Card&>(e) = position("EDT", "editor", "MGR", 2);
  e.duties = *c.duties;
  e.removed_duties = {1};
  s.when(c).then(e);
  s.table("duties").lacks("EDT/1");
  EXPECT_EQ(s.table("duties").row<Duties::Row>("EDT/3")->text, "新");
  s.when(c).then_rejected("position.unchanged");
  s.when(revise("none")).then_rejected("entity.not_found");
  auto more = revise("EDT");
  more.headcount = 5;
  s.when(more);
  EXPECT_EQ(s.table("positions").row<Positions::Row>("EDT")->card_version, 3);
}

TEST(Position, NeverReportsToItself) {
  auto s = office();
  auto c = revise("DIR");
  c.reports_to = "EDT";
  s.when(c).then_rejected("position.cycle");
  c.reports_to = "DIR";
  s.when(c).then_rejected("position.cycle");
  auto free = revise("MGR");
  free.reports_to = "";
  s.when(free);
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("MGR")->reports_to, std::nullopt);
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("DIR")->span_people, 0);
}

TEST(Position, HeadcountIsNotCutBelowItsHolders) {
  auto s = office();
  s.given(appointed("zhao", "EDT"), person("qian"), appointed("qian", "EDT"));
  auto c = revise("EDT");
  c.headcount = 1;
  s.when(c).then_rejected("position.headcount");
}

TEST(Position, RetiresWhenNobodyHoldsItAndNothingReportsToIt) {
  auto s = office();
  s.given(DepartmentHeadSet{"OPS", "MGR"});
  s.when(RetirePosition{"DIR"}).then_rejected("position.held");
  s.given(PersonRelieved{"wang", "MGR", "OPS", kDay});
  s.when(RetirePosition{"MGR"}).then_rejected("position.has_reports");
  s.when(RetirePosition{"EDT"}).then(PositionRetired{"EDT", "OPS", {1, 2}});
  s.when(RetirePosition{"MGR"})
      .then(PositionRetired{"MGR", "OPS", {1, 2}}, DepartmentHeadSet{"OPS", {}});
  s.when(RetirePosition{"MGR"}).then_rejected("entity.not_found");
  s.table("chart").lacks("MGR");
  s.table("duties").lacks("EDT/1");
  EXPECT_FALSE(s.table("positions").row<Positions::Row>("MGR")->open);
}

TEST(Position, DutyIsLinkedToAModuleAndAnIndicator) {
  auto s = office();
  s.when(LinkDuty{"EDT", 1, "content", "copy_quality"})
      .then(DutyLinked{"EDT", "OPS", 1, "content", "copy_quality"});
  EXPECT_TRUE(s.table("duties").row<Duties::Row>("EDT/1")->covered);
  EXPECT_FALSE(s.table("duties").row<Duties::Row>("EDT/2")->covered);
  s.when(LinkDuty{"EDT", 9, "content", {}}).then_rejected("entity.not_found");
  s.when(LinkDuty{"none", 1, "content", {}}).then_rejected("entity.not_found");
  s.when(LinkDuty{"EDT", 1, "No Module", {}}).then_rejected("duty.module");
}

TEST(StandardPositions, SevenWithNumberedDutiesInBothLanguages) {
  auto s = spec();
  s.given(department("OPS")).when(AdoptStandard{"OPS"});
  EXPECT_EQ(s.table("positions").count(), 7u);
  EXPECT_EQ(s.table("departments").row<Departments::Row>("OPS")->head_position, "OPS-DIR");
  for (const char* id : {"DIR", "MGR", "IT", "EDL", "SPC", "EDT", "DSN"}) {
    const auto card = s.table("positions").row<Positions::Row>(std::string("OPS-") + id);
    ASSERT_TRUE(card) << id;
    EXPECT_GE(card->duties.size(), 5u) << id;
    for (const Duty& duty : card->duties) EXPECT_TRUE(duty.text_en && duty.module) << id;
  }
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("OPS-MGR")->span_positions, 3);
  s.when(AdoptStandard{"OPS"}).then_rejected("position.exists");
  s.when(AdoptStandard{"none"}).then_rejected("entity.not_found");
}

TEST(StandardPositions, WhatIsThereAlreadyStays) {
  auto s = spec();
  s.given(department("OPS"), position("OPS-IT", "it_lead"));
  s.when(AdoptStandard{"OPS"}).then_warned("position.exists");
  EXPECT_EQ(s.table("positions").count(), 7u);
  EXPECT_EQ(s.table("positions").row<Positions::Row>("OPS-IT")->title_en, "OPS-IT title");
}

}  // namespace
}  // namespace org
