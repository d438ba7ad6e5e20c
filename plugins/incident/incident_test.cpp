#include <opsledger/testing.hpp>

#include "decisions.hpp"
#include "tables.hpp"

namespace incident {
namespace {

using ops::operator""h;
using ops::operator""min;
using ops::operator""s;
using ops::spec;

Raised raised(std::string id, std::uint8_t level = 3) {
  Raised e;
  e.incident = id;
  e.title = "site down";
  e.category = "system";
  e.level = level;
  return e;
}
template <class E>
E change(std::string id) {
  E e;
  e.incident = id;
  return e;
}
/// As decided for an incident made by raised().
template <class E>
E decided(std::string id) {
  E e = change<E>(id);
  e.category = "system";
  return e;
}
Raise raise_of(std::string title, std::uint8_t level = 1) {
  return {std::nullopt, title, "system", level, {}, {}};
}

TEST(Raise, NumberComesFromTheSeriesOfTheDay) {
  auto s = spec();
  s.when(raise_of("site down", 3)).then(raised("IN-20261111-01"));
  s.when(raise_of("site slow", 3));
  EXPECT_TRUE(s.table("incidents").row<Incidents::Row>("IN-20261111-02"));
}

TEST(Raise, OwnIdIsTakenOnce) {
  auto c = raise_of("site down", 3);
  c.incident = "INC7";
  auto s = spec();
  s.when(c).then(raised("INC7"));
  s.when(c).then_rejected("incident.exists").then_nothing();
}

TEST(Raise, SameTitleInCategoryWarnsWhileTheFirstIsOpen) {
  spec().given(raised("A")).when(raise_of("site down")).then_warned("incident.possible_duplicate");
  auto s = spec();
  s.given(raised("A"), decided<Resolved>("A"))
      .when(raise_of("site down", 3))
      .then(raised("IN-20261111-01"));
}

TEST(Raise, LevelAndTitleAreChecked) {
  spec().when(raise_of("site down", 0)).then_rejected("incident.level");
  spec().when(raise_of("site down", 5)).then_rejected("incident.level");
  spec().when(raise_of("")).then_rejected("incident.title");
}

TEST(Acknowledge, BeforeTheLimitNothingIsMissed) {
  auto s = spec();
  s.when(raise_of("site down", 1)).after(4min + 59s).then_nothing();
  auto acknowledged = decided<Acknowledged>("IN-20261111-01");
  acknowledged.latency_ms = 299'000;
  s.when(Acknowledge{"IN-20261111-01"}).then(acknowledged);
  s.after(1h).then_nothing();
}

TEST(Acknowledge, AtTheLimitTheBreachIsWrittenOnce) {
  auto s = spec();
  s.when(raise_of("site down", 1)).after(5min).then(SlaBreached{"IN-20261111-01", "ack", 300'000});
  s.after(24h).then_nothing();
  EXPECT_EQ(s.table("incidents").row<Incidents::Row>("IN-20261111-01")->sla_breaches, 1);
}

TEST(Acknowledge, LimitIsASetting) {
  auto s = spec();
  s.configured(R"({"ack_minutes_1":1})").when(raise_of("site down", 1));
  s.after(1min).then(SlaBreached{"IN-20261111-01", "ack", 60'000});
}

TEST(Acknowledge, TwiceOrUnknownOrSettledIsRefused) {
  spec().when(Acknowledge{"A"}).then_rejected("entity.not_found");
  spec()
      .given(raised("A"), change<Acknowledged>("A"))
      .when(Acknowledge{"A"})
      .then_rejected("incident.already_acknowledged");
  spec()
      .given(raised("A"), change<Resolved>("A"))
      .when(Acknowledge{"A"})
      .then_rejected("command.wrong_state");
}

TEST(Level, RaisingIsFreeAndLoweringNeedsAReason) {
  auto s = spec();
  s.given(raised("A", 3)).when(SetLevel{"A", 2}).then(LevelRaised{{"A", 3, 2, ""}});
  s.when(SetLevel{"A", 4}).then_rejected("command.reason_required");
  s.because("only one page")
      .when(SetLevel{"A", 4})
      .then(LevelLowered{{"A", 2, 4, "only one page"}});
  s.when(SetLevel{"A", 4}).then_rejected("incident.same_level");
  s.when(SetLevel{"A", 9}).then_rejected("incident.level");
  EXPECT_EQ(s.table("open").row<Open::Row>("A")->level, 4);
}

TEST(Resolve, ThenCloseThenReopen) {
  auto s = spec();
  auto resolved = decided<Resolved>("A");
  resolved.cause = "cable";
  s.given(raised("A")).when(Close{"A"}).then_rejected("incident.not_resolved");
  s.when(Resolve{"A", "cable"}).then(resolved);
  s.when(Resolve{"A", "cable"}).then_rejected("incident.already_resolved");
  s.table("open").lacks("A");
  s.when(Close{"A"}).then(decided<Closed>("A"));
  s.when(Mitigate{"A", "restart"}).then_rejected("command.wrong_state");
  s.because("again").when(Reopen{"A"}).then(decided<Reopened>("A"));
  EXPECT_EQ(s.table("open").row<Open::Row>("A")->state, State::reopened);
  EXPECT_EQ(s.table("incidents").row<Incidents::Row>("A")->closed_at, std::nullopt);
}

TEST(Note, NeedsAnIncidentAndAText) {
  spec().when(AddNote{"A", "x", {}}).then_rejected("entity.not_found");
  spec().given(raised("A")).when(AddNote{"A", "", {}}).then_rejected("incident.text");
}

TEST(Tables, ImportedStatesAndNotesAreFollowed) {
  auto active = change<Activated>("7");
  active.priority = 3;
  active.reassignments = 2;
  active.made_sla = true;
  auto note = change<NoteAdded>("7");
  note.priority = 2;
  auto s = spec();
  s.given(change<Raised>("7"), change<Registered>("7"), active, note, change<AwaitingVendor>("7"));
  const auto row = s.table("incidents").row<Incidents::Row>("7");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->state, State::awaiting_vendor);
  EXPECT_EQ(row->priority, 2);
  EXPECT_EQ(row->reassignments, 2);
  EXPECT_EQ(row->notes, 1);
  EXPECT_EQ(row->changes, 5);
  EXPECT_EQ(s.table("open").count(), 1u);
  s.given(change<Resolved>("7"), change<Closed>("7"), change<NoteAdded>("7"));
  EXPECT_EQ(s.table("open").count(), 0u);
  EXPECT_FALSE(s.table("incidents").row<Incidents::Row>("7")->open);
}

}  // namespace
}  // namespace incident
