// The honest half of the sample: what goes in and out through the C ABI.
#include "tests/plugin/sample_fixture.hpp"

namespace opsledger {
namespace {

using testing::command_bytes;
using testing::MapRows;
using testing::put_bytes;
using testing::row_bytes;

using SampleModule = testing::SampleTest;

TEST_F(SampleModule, DescribesItself) {
  const ModuleInfo& info = sample_->info();
  EXPECT_EQ(info.version, "1.2.3");
  EXPECT_EQ(info.label.zh, "样例");
  EXPECT_EQ(info.sdk, "c99 test");
  EXPECT_EQ(info.event_types[0].upcasts[0].from_version, 1u);
  EXPECT_TRUE(info.event_types[1].wants_tags);
  EXPECT_EQ(info.event_types[2].type, "misc.*");
  const CommandInfo& command = info.commands[0];
  EXPECT_TRUE(command.reason_required);
  EXPECT_EQ(command.grants, "[\"clerk\"]");
  EXPECT_EQ(command.id_count, 2u);
  EXPECT_FALSE(command.number_series.empty());
  EXPECT_EQ(info.tables[0].indexes, std::vector<std::string>{"n"});
  EXPECT_EQ(info.tables[0].key_column, "id");
}

TEST_F(SampleModule, NamesTagSetsAndSeries) {
  const auto sets = sample_->load_tags(0, 0, command_bytes("a", 1), {});
  ASSERT_TRUE(sets.ok()) << sets.error().message;
  EXPECT_EQ(*sets, (std::vector<std::vector<std::string>>{{"sample:a"}}));
  EXPECT_TRUE(sample_->load_tags(0, 0, command_bytes("a", 1, "load none"), {})->empty());
  PluginEnvelope envelope;
  envelope.department = "north";
  EXPECT_EQ(*sample_->series(0, command_bytes("a", 1), envelope), "north");
  EXPECT_EQ(*sample_->series(0, command_bytes("a", 1, "series none"), envelope), "");
}

TEST_F(SampleModule, DecidesOnFoldedStates) {
  auto state = sample_->create_state(0);
  ASSERT_TRUE(state.ok());
  ASSERT_TRUE(sample_->fold(0, **state, events({{"a", 40}, {"a", 5}})).ok());
  const auto decision = decide(command_bytes("a", 20), {{state->get()}});
  ASSERT_TRUE(decision.ok()) << decision.error().message;
  ASSERT_EQ(decision->events.size(), 2u);
  EXPECT_EQ(decision->events[0].type, 0u);
  EXPECT_EQ(decision->events[0].data, put_bytes("a", 20));
  EXPECT_EQ(decision->events[0].tags, std::vector<std::string>{"sample:a"});
  EXPECT_EQ(decision->events[0].time, (Time{4'999}));
  EXPECT_EQ(decision->events[1].data, put_bytes("S-0042", 2));
  EXPECT_EQ(decision->events[1].time, std::nullopt);
  ASSERT_EQ(decision->warnings.size(), 1u);
  EXPECT_EQ(decision->warnings[0].code, "sample.half");
}

TEST_F(SampleModule, RejectsWithItsOwnCode) {
  auto state = sample_->create_state(0);
  ASSERT_TRUE(sample_->fold(0, **state, events({{"a", 90}})).ok());
  const auto decision = decide(command_bytes("a", 20), {{state->get()}});
  ASSERT_FALSE(decision.ok());
  EXPECT_EQ(decision.error().code, Code::kRejected);
  EXPECT_EQ(decision.error().reason, "sample.full");
  EXPECT_EQ(decision.error().message, "at most 100");
}

TEST_F(SampleModule, AppliesEventsToRows) {
  MapRows rows;
  ASSERT_TRUE(
      sample_->table_apply(0, events({{"a", 3}, {"b", 1}, {"a", 4}, {"b", -1}, {"c", -5}}), rows)
          .ok());
  EXPECT_EQ(rows.rows, (std::map<std::string, std::string>{
                           {"a", row_bytes(7)}, {std::string("\0note", 5), "anything"}}));
  EXPECT_EQ(rows.positions, (std::vector<std::uint64_t>{2, 3, 4, 5, 6}));
  const auto keys = sample_->table_keys(0, events({{"x", 1}, {"y", 1}}));
  EXPECT_EQ(*keys, (std::vector<Bytes>{"x", "y"}));
  EXPECT_TRUE(sample_->table_keys(1, {})->empty());
}

TEST_F(SampleModule, SeesTagsAndMetadataOnlyWhereItAskedForThem) {
  NewEvent event;
  event.type = "other.noted";
  event.tags = {"b:2", "a:1"};
  event.metadata = {{"reason", "why"}};
  event.data = "{}";
  NewEvent plain = event;
  plain.type = "misc.seen";
  MapRows rows;
  const std::vector seen{stored(1, event), stored(2, plain)};
  const Status applied = sample_->table_apply(1, seen, rows);
  ASSERT_TRUE(applied.ok()) << applied.error().message;
  const std::string all = std::string("\3a:1\3b:2") + R"({"reason":"why"}{})";
  EXPECT_EQ(rows.rows["other.noted"], "\2" + std::string(1, static_cast<char>(all.size())) + all);
  EXPECT_EQ(rows.rows["misc.seen"], std::string("\0\2{}", 4));
}

}  // namespace
}  // namespace opsledger
