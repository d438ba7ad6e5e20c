// A plugin that breaks the rules becomes an error that names module and callback; nothing it did
// in that call is used.
#include "tests/plugin/sample_fixture.hpp"

namespace opsledger {
namespace {

using ::testing::AllOf;
using testing::command_bytes;
using ::testing::HasSubstr;
using testing::MapRows;

struct Mode {
  const char* mode;
  const char* reason;
  const char* text;
};

class DecideMisbehaves : public testing::SampleTest, public ::testing::WithParamInterface<Mode> {};

TEST_P(DecideMisbehaves, BecomesAnError) {
  const auto decision = decide(command_bytes("a", 1, GetParam().mode));
  ASSERT_FALSE(decision.ok());
  EXPECT_EQ(decision.error().code, Code::kInternal);
  EXPECT_EQ(decision.error().reason, GetParam().reason);
  EXPECT_THAT(decision.error().message,
              AllOf(HasSubstr("module sample, decide"), HasSubstr(GetParam().text)));
}

constexpr const char* kMisbehaved = "plugin.misbehaved";

INSTANTIATE_TEST_SUITE_P(
    Modes, DecideMisbehaves,
    ::testing::Values(Mode{"throw", kMisbehaved, "threw boom"},
                      Mode{"status", kMisbehaved, "unknown status 77"},
                      Mode{"rejected silently", kMisbehaved, "REJECTED without calling reject"},
                      Mode{"reject and go on", kMisbehaved, "called reject and then returned OK"},
                      Mode{"bad code", kMisbehaved, "REJECTED without calling reject"},
                      Mode{"fail silently", "plugin.failed", "gave no reason"},
                      Mode{"fail", "plugin.failed", "no luck"},
                      Mode{"foreign", kMisbehaved, "other.noted, which the module does not own"},
                      Mode{"unknown type", kMisbehaved, "event type number 99 of 3"},
                      Mode{"garbage", kMisbehaved, "bytes do not fit their schema"},
                      Mode{"tag first", kMisbehaved, "tag before any event"},
                      Mode{"time first", kMisbehaved, "time before any event"},
                      Mode{"many events", kMisbehaved, "more than 1000 events"},
                      Mode{"many warnings", kMisbehaved, "more than 100 warnings"},
                      Mode{"bad tag", kMisbehaved, "\"sample:\" on an event"},
                      Mode{"many tags", kMisbehaved, "more than 16 tags"}));

class LoadMisbehaves : public testing::SampleTest, public ::testing::WithParamInterface<Mode> {};

TEST_P(LoadMisbehaves, BecomesAnError) {
  const auto sets = sample_->load_tags(0, 0, command_bytes("a", 1, GetParam().mode), {});
  ASSERT_FALSE(sets.ok());
  EXPECT_EQ(sets.error().code, Code::kInternal);
  EXPECT_EQ(sets.error().reason, GetParam().reason);
  EXPECT_THAT(sets.error().message,
              AllOf(HasSubstr("module sample, load tags"), HasSubstr(GetParam().text)));
}

INSTANTIATE_TEST_SUITE_P(
    Modes, LoadMisbehaves,
    ::testing::Values(Mode{"load empty", kMisbehaved, "empty tag set"},
                      Mode{"load tag first", kMisbehaved, "before any tag set"},
                      Mode{"load bad tag", kMisbehaved, "\"no colon\" as a tag"},
                      Mode{"load many", kMisbehaved, "more than 64 tag sets"},
                      Mode{"load long", kMisbehaved, "more than 16 tags"}));

using Misbehaviour = testing::SampleTest;

TEST_F(Misbehaviour, ALoadMayRejectWhatMakesNoTag) {
  const auto sets = sample_->load_tags(0, 0, command_bytes("a", 1, "load reject"), {});
  ASSERT_FALSE(sets.ok());
  EXPECT_EQ(sets.error().code, Code::kRejected);
  EXPECT_EQ(sets.error().reason, "sample.id_invalid");
}

TEST_F(Misbehaviour, ASeriesThatMakesNoTagIsRefused) {
  const auto series = sample_->series(0, command_bytes("a", 1, "series comma"), {});
  ASSERT_FALSE(series.ok());
  EXPECT_EQ(series.error().reason, kMisbehaved);
}

TEST_F(Misbehaviour, AFailedFoldNamesThePosition) {
  auto state = sample_->create_state(0);
  const Status folded = sample_->fold(0, **state, events({{"a", 1}, {"a", -999}, {"a", 1}}));
  ASSERT_FALSE(folded.ok());
  EXPECT_EQ(folded.error().reason, "plugin.failed");
  ASSERT_EQ(folded.error().fields.size(), 1u);
  EXPECT_EQ(folded.error().fields[0].pointer, "/position");
  EXPECT_EQ(folded.error().fields[0].detail, "3");
}

class RowsMisbehave : public testing::SampleTest,
                      public ::testing::WithParamInterface<std::pair<int, const char*>> {};

TEST_P(RowsMisbehave, BecomesAnError) {
  MapRows rows;
  const Status applied = sample_->table_apply(0, events({{"a", 1}, {"b", GetParam().first}}), rows);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, Code::kInternal);
  EXPECT_THAT(applied.error().message,
              AllOf(HasSubstr("module sample, table apply"), HasSubstr(GetParam().second)));
  EXPECT_FALSE(rows.rows.contains("b"));
}

INSTANTIATE_TEST_SUITE_P(Numbers, RowsMisbehave,
                         ::testing::Values(std::pair{-2, "put a row whose bytes do not fit"},
                                           std::pair{-3, "position 1003"},
                                           std::pair{-4, "row key that is not 1 to 512"},
                                           std::pair{-6, "n is -6 (at position 3)"},
                                           std::pair{-7, "threw boom"}));

TEST_F(Misbehaviour, AnErrorOfTheRowsThemselvesIsPassedOn) {
  MapRows rows;
  rows.broken = true;
  const Status applied = sample_->table_apply(0, events({{"a", 1}}), rows);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, Code::kIo);
  EXPECT_EQ(applied.error().reason, "disk.lost");
}

TEST_F(Misbehaviour, AnUpcastThatRepliesGarbageIsRefused) {
  Bytes older;
  append_sized("a", &older);
  append_sized("four", &older);
  const auto newer = sample_->upcast(0, 0, older);
  ASSERT_TRUE(newer.ok()) << newer.error().message;
  EXPECT_EQ(*newer, testing::put_bytes("a", 4));
  older.clear();
  append_sized("a", &older);
  append_sized("lost", &older);
  EXPECT_EQ(sample_->upcast(0, 0, older).error().reason, kMisbehaved);
}

}  // namespace
}  // namespace opsledger
