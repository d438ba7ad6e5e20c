// The sequencing function on its own: pure, and its verdicts in their order.
#include "storage/core/apply.hpp"

#include "storage/core/record.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

/// A prefix whose answers the test sets; counts the questions.
class FakePrefix final : public LogPrefix {
 public:
  Position last() const override { return last_; }
  Time recorded_at() const override { return recorded_at_; }
  Result<bool> has_match(const AppendCondition&) const override {
    ++condition_checks_;
    return matched_;
  }
  Result<std::optional<KeyEntry>> find_key(const ShortHash&) const override { return key_; }
  bool knows_schema(const SchemaId&) const override { return schema_known_; }

  Position last_{10};
  Time recorded_at_{100};
  bool matched_ = false;
  bool schema_known_ = false;
  std::optional<KeyEntry> key_;
  mutable int condition_checks_ = 0;
};

Proposal with_everything() {
  Proposal proposal = one(new_event("task.a", {"x:1"}));
  proposal.events.push_back(new_event("task.b"));
  proposal.condition = unless({{{}, {"x:1"}}});
  proposal.key = key_of("wang", "k", 1);
  return proposal;
}

TEST(Apply, AcceptedEntriesCarryPositionsTimeAndKey) {
  const FakePrefix prefix;
  const auto entries = apply(prefix, with_everything(), {150});
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->outcome.first.value, 11u);
  EXPECT_EQ(entries->outcome.last.value, 12u);
  EXPECT_EQ(entries->outcome.recorded_at.us, 150);
  ASSERT_EQ(entries->size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto event = EventDecoder::decode_strict(entries->record(i));
    ASSERT_TRUE(event.ok());
    EXPECT_EQ(event->position.value, 11 + i);
    EXPECT_EQ(event->recorded_at.us, 150);
    EXPECT_EQ(event->metadata("key"), stamp_text(*entries->key));
  }
  const KeyEntry entry = entries->key_entry();
  EXPECT_EQ(entry.first.value, 11u);
  EXPECT_EQ(entry.last.value, 12u);
}

TEST(Apply, SameInputGivesTheSameBytes) {
  const FakePrefix prefix;
  EXPECT_EQ(apply(prefix, with_everything(), {150})->records,
            apply(prefix, with_everything(), {150})->records);
}

TEST(Apply, RecordedAtIsTheLaterOfPreviousAndNow) {
  const FakePrefix prefix;
  EXPECT_EQ(apply(prefix, with_everything(), {99})->outcome.recorded_at.us, 100);
  EXPECT_EQ(apply(prefix, with_everything(), {101})->outcome.recorded_at.us, 101);
}

TEST(Apply, KnownKeyWinsOverSchemaAndCondition) {
  FakePrefix prefix;
  prefix.matched_ = true;
  prefix.key_ = KeyEntry{stamp_of(key_of("wang", "k", 1)).request, false, {3}, {4}, {50}};
  Proposal proposal = with_everything();
  proposal.events[0].schema.bytes[0] = 1;
  const auto entries = apply(prefix, proposal, {150});
  ASSERT_TRUE(entries.ok());
  EXPECT_TRUE(entries->outcome.replayed);
  EXPECT_EQ(entries->outcome.first.value, 3u);
  EXPECT_EQ(entries->outcome.recorded_at.us, 50);
  EXPECT_EQ(entries->size(), 0u);
  EXPECT_EQ(prefix.condition_checks_, 0);
}

TEST(Apply, SchemaIsCheckedBeforeTheCondition) {
  FakePrefix prefix;
  prefix.matched_ = true;
  Proposal proposal = with_everything();
  proposal.events[0].schema.bytes[0] = 1;
  EXPECT_EQ(reason_of(apply(prefix, proposal, {150})), "schema.unknown");
  prefix.schema_known_ = true;
  EXPECT_EQ(reason_of(apply(prefix, proposal, {150})), "append.conflict");
}

TEST(Apply, ConditionAfterTheHeadAsksNothing) {
  FakePrefix prefix;
  prefix.matched_ = true;
  Proposal proposal = with_everything();
  proposal.condition->after = {10};
  EXPECT_TRUE(apply(prefix, proposal, {150}).ok());
  EXPECT_EQ(prefix.condition_checks_, 0);
}

TEST(Apply, RegisteredSchemaNeedsTheExactTag) {
  const auto registered = [](std::string_view type, std::string tag) {
    const std::string_view tags[] = {tag};
    return registered_schema(type, tags);
  };
  const std::string id = "000102030405060708090a0b0c0d0e0f";
  const auto found = registered("schema.registered", "schema:" + id);
  ASSERT_TRUE(found);
  EXPECT_EQ(hex(found->bytes), id);
  EXPECT_FALSE(registered("task.registered", "schema:" + id));
  EXPECT_FALSE(registered("schema.registered", "scheme:" + id));
  EXPECT_FALSE(registered("schema.registered", "schema:" + id + "00"));
  EXPECT_FALSE(registered("schema.registered", "schema:" + id.substr(2)));
  EXPECT_FALSE(registered("schema.registered", "schema:000102030405060708090A0B0C0D0E0F"));
}

}  // namespace
}  // namespace opsledger::testing_support
