#include "story.hpp"

namespace org {
namespace {

TEST(Person, IsNumberedOrNamed) {
  auto s = spec();
  s.when(RegisterPerson{"1001", Private("王芳"), {}, Private("138"), Private("w@x"), {}, {}})
      .then(PersonRegistered{"P-0001", "1001", Private("王芳"), Private("138"), Private("w@x"),
                             "Asia/Shanghai", "zh-CN"});
  s.when(RegisterPerson{"1002", Private("Li"), "li", {}, {}, "Europe/Berlin", "en"})
      .then(PersonRegistered{"li", "1002", Private("Li"), {}, {}, "Europe/Berlin", "en"});
  s.when(RegisterPerson{"1001", Private("Again"), "again", {}, {}, {}, {}})
      .then_rejected("person.employee_no_taken");
  s.when(RegisterPerson{"1003", Private("Li"), "li", {}, {}, {}, {}})
      .then_rejected("person.exists");
  s.when(RegisterPerson{"1003", Private("Li"), "a b", {}, {}, {}, {}}).then_rejected("person.id");
  s.when(RegisterPerson{"1003", {}, "x", {}, {}, {}, {}}).then_rejected("person.name");
  s.when(RegisterPerson{"", Private("No number"), "x", {}, {}, {}, {}})
      .then_rejected("command.invalid");
}

TEST(Person, IsEnteredFromAListWithPositionAtOnce) {
  auto s = office();
  const EnterPerson line{"1001", Private("钱"), "OPS", "EDT", Private("138"), {}, kDay};
  s.when(line).then(
      PersonRegistered{
          "P-0001", "1001", Private("钱"), Private("138"), {}, "Asia/Shanghai", "zh-CN"},
      PersonAppointed{"P-0001", "EDT", "OPS", kDay, true});
  s.when(line).then_rejected("person.employee_no_taken");
  s.when(EnterPerson{"1002", Private("x"), "NET", "EDT", {}, {}, {}})
      .then_rejected("position.elsewhere");
  s.when(EnterPerson{"1002", Private("x"), "OPS", "NO", {}, {}, {}})
      .then_rejected("entity.not_found");
  s.when(EnterPerson{"1002", {}, "OPS", "EDT", {}, {}, {}}).then_rejected("person.name");
  s.when(EnterPerson{"1002", Private("x"), "OPS", "MGR", {}, {}, {}});
  s.then_rejected("position.headcount_exceeded").then_nothing();
}

TEST(Person, ProfileChangesNameOnlyWhatChanged) {
  auto s = office();
  s.when(UpdatePerson{"li", {}, Private("139"), {}, {}, {}})
      .then(ProfileChanged{"li", {}, Private("139"), {}, {}, {}});
  EXPECT_EQ(s.table("contacts").row<Persons::Row>("li")->mobile.token(), "139");
  EXPECT_EQ(s.table("contacts").row<Persons::Row>("li")->name.token(), "li名");
  s.when(UpdatePerson{"li", {}, {}, {}, {}, {}}).then_rejected("person.unchanged");
  s.when(UpdatePerson{"li", Private(), {}, {}, {}, {}}).then_rejected("person.name");
  s.when(UpdatePerson{"none", Private("a"), {}, {}, {}, {}}).then_rejected("entity.not_found");
}

TEST(Person, DeactivationTakesEveryPositionAway) {
  auto s = office();
  s.given(appointed("wang", "EDT", false));
  s.when(DeactivatePerson{"wang"})
      .then(PersonRelieved{"wang", "EDT", "OPS", kDay}, PersonRelieved{"wang", "MGR", "OPS", kDay},
            PersonDeactivated{"wang"});
  s.table("contacts").lacks("wang");
  EXPECT_EQ(s.table("persons").row<Persons::Row>("wang")->status, PersonStatus::left);
  s.when(DeactivatePerson{"wang"}).then_rejected("entity.not_found");
  s.when(AppointPerson{"wang", "EDT", {}, {}}).then_rejected("entity.not_found");
}

TEST(Appointment, FirstIsPrimaryAndTheSecondIsNot) {
  auto s = office();
  s.when(AppointPerson{"zhao", "EDT", {}, {}}).then(appointed("zhao", "EDT"));
  s.when(AppointPerson{"wang", "EDT", {}, true}).then_rejected("person.primary_exists");
  s.when(AppointPerson{"li", "EDT", {}, {}}).then(appointed("li", "EDT", false));
  EXPECT_EQ(s.table("persons").row<Persons::Row>("li")->primary_position, "DIR");
  const auto chart = s.table("chart").row<ChartTable::Row>("EDT");
  EXPECT_EQ(chart->vacant, 0);
  EXPECT_EQ(chart->holders, (std::vector<std::string>{"zhao", "li"}));
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("MGR")->span_people, 2);
}

TEST(Appointment, HeadcountIsExceededOnlyWithAReason) {
  auto s = office();
  s.when(AppointPerson{"zhao", "MGR", {}, {}}).then_rejected("position.headcount_exceeded");
  s.because("handover").when(AppointPerson{"zhao", "MGR", {}, {}}).then(appointed("zhao", "MGR"));
}

TEST(Appointment, IsCheckedAgainstPersonPositionAndDay) {
  auto s = office();
  const auto tomorrow = ops::Date{kDay.days + 1};
  s.when(AppointPerson{"li", "DIR", {}, {}}).then_rejected("person.holds_position");
  s.when(AppointPerson{"none", "EDT", {}, {}}).then_rejected("entity.not_found");
  s.when(AppointPerson{"zhao", "none", {}, {}}).then_rejected("entity.not_found");
  s.when(AppointPerson{"zhao", "EDT", tomorrow, {}}).then_rejected("person.in_future");
  s.as("zhao").when(AppointPerson{"zhao", "EDT", {}, {}}).then_rejected("person.self_appointment");
}

TEST(Appointment, TransferMovesThePrimaryPosition) {
  auto s = office();
  s.given(department("NET"), position("NET-EDT", "editor", {}, 1, "NET"));
  s.when(TransferPerson{"wang", "EDT", "NET-EDT", {}}).then_rejected("entity.not_found");
  s.when(TransferPerson{"wang", "MGR", "NET-EDT", {}})
      .then(PersonTransferred{"wang", "MGR", "NET-EDT", "OPS", "NET", kDay, true});
  EXPECT_EQ(s.table("persons").row<Persons::Row>("wang")->department, "NET");
  EXPECT_FALSE(s.table("appointments").row<Appointments::Row>("wang/MGR")->current);
  EXPECT_EQ(s.table("departments").row<Departments::Row>("NET")->people, 1);
  EXPECT_EQ(s.table("departments").row<Departments::Row>("OPS")->people, 1);
  s.as("wang").when(TransferPerson{"wang", "NET-EDT", "MGR", {}});
  s.then_rejected("person.self_appointment");
}

TEST(Appointment, RelievingFreesThePlace) {
  auto s = office();
  const auto before = ops::Date{kDay.days - 1}, tomorrow = ops::Date{kDay.days + 1};
  s.when(RelievePerson{"wang", "EDT", {}}).then_rejected("entity.not_found");
  s.when(RelievePerson{"wang", "MGR", tomorrow}).then_rejected("person.in_future");
  s.when(RelievePerson{"wang", "MGR", before}).then_rejected("person.before_appointment");
  s.as("wang").when(RelievePerson{"wang", "MGR", {}}).then_rejected("person.self_appointment");
  s.as("hr").when(RelievePerson{"wang", "MGR", {}});
  s.then(PersonRelieved{"wang", "MGR", "OPS", kDay});
  EXPECT_EQ(s.table("chart").row<ChartTable::Row>("MGR")->vacant, 1);
  EXPECT_EQ(s.table("appointments").row<Appointments::Row>("wang/MGR")->to, kDay);
  s.when(AppointPerson{"zhao", "MGR", {}, {}}).then(appointed("zhao", "MGR"));
}

RegisterAbsence leave(const std::string& person, int from_h, int to_h,
                      std::optional<std::string> deputy = {}) {
  return {person, kNow + std::chrono::hours(from_h), kNow + std::chrono::hours(to_h),
          AbsenceKind::annual, deputy};
}

TEST(Absence, IsNumberedAndDoesNotOverlap) {
  auto s = office();
  s.when(leave("wang", 24, 48, "li"))
      .then(AbsenceRegistered{"AB-202611-0001", "wang", kNow + 24h, kNow + 48h, AbsenceKind::annual,
                              "li"});
  s.when(leave("wang", 47, 72)).then_rejected("absence.overlap");
  s.when(leave("wang", 48, 72));
  EXPECT_EQ(s.table("absences").count(), 2u);
}

TEST(Absence, DeputyHoldsTheSameOrAHigherRole) {
  auto s = office();
  s.given(appointed("zhao", "EDT"), person("qian"), appointed("qian", "EDT"));
  s.when(leave("wang", 1, 2, "zhao")).then_rejected("absence.deputy_role");
  s.when(leave("wang", 1, 2, "wang")).then_rejected("absence.deputy");
  s.when(leave("wang", 1, 2, "none")).then_rejected("entity.not_found");
  s.when(leave("zhao", 1, 2, "qian"));
  s.when(leave("qian", 1, 2, "zhao")).then_rejected("absence.deputy_absent");
  s.when(leave("qian", 1, 2, "wang"));
  EXPECT_EQ(s.table("absences").count(), 2u);
  s.when(leave("li", 2, 1)).then_rejected("absence.period");
  s.when(leave("none", 1, 2)).then_rejected("entity.not_found");
}

TEST(Absence, IsCancelledWhileItLasts) {
  auto s = office();
  s.when(leave("wang", 1, 2));
  s.when(CancelAbsence{"wang", "AB-202611-0001"}).then(AbsenceCancelled{"AB-202611-0001", "wang"});
  EXPECT_TRUE(s.table("absences").row<Absences::Row>("AB-202611-0001")->cancelled);
  s.when(CancelAbsence{"wang", "AB-202611-0001"}).then_rejected("entity.not_found");
  s.when(leave("wang", 1, 2)).after(2h);
  s.when(CancelAbsence{"wang", "AB-202611-0002"}).then_rejected("absence.over");
}

TEST(Absence, RightReachesOneselfTheTeamOrTheDepartment) {
  auto s = office();
  s.given(appointed("zhao", "EDT"), department("NET"));
  s.reaching("own").as("zhao").when(leave("wang", 1, 2)).then_rejected("absence.out_of_reach");
  s.when(leave("zhao", 1, 2));
  s.as("wang").when(CancelAbsence{"zhao", "AB-202611-0002"}).then_rejected("absence.out_of_reach");
  s.reaching("team").when(leave("li", 1, 2)).then_rejected("absence.out_of_reach");
  s.when(leave("zhao", 3, 4)).as("li").when(leave("zhao", 5, 6));
  s.reaching("department").in("NET").when(leave("zhao", 7, 8));
  s.then_rejected("absence.out_of_reach");
  s.in("OPS").when(leave("zhao", 7, 8)).reaching("subtree").when(leave("zhao", 9, 10));
  EXPECT_EQ(s.table("absences").count(), 5u);
}

}  // namespace
}  // namespace org
