// What is refused: sizes, grammar, schemas.
#include "storage/base/limits.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

TEST_P(LedgerContract, ProposalWithoutEventsIsRefused) {
  const auto empty = append({});
  EXPECT_EQ(code_of(empty), Code::kInvalid);
  EXPECT_EQ(empty.error().fields.at(0).pointer, "/events");
}

TEST_P(LedgerContract, BadFieldIsNamedByPointer) {
  Proposal proposal;
  proposal.events = {new_event("task.a", {"x:1"}), new_event("task.a", {"x:1", "nocolon"})};
  const auto bad_tag = append(proposal);
  EXPECT_EQ(reason_of(bad_tag), "event.invalid");
  EXPECT_EQ(bad_tag.error().fields.at(0).pointer, "/events/1/tags/1");
  EXPECT_EQ(append(one(new_event(" outer space"))).error().fields.at(0).pointer, "/events/0/type");
  EXPECT_EQ(ledger().accepted().position.value, 0u);
}

TEST_P(LedgerContract, EventOfTheLargestSizeIsStoredAndOneByteMoreIsRefused) {
  NewEvent event = new_event("task.a", {}, Bytes(limits::kEventBytesMax, 'x'));
  event.data.resize(60'000);
  ASSERT_TRUE(append(one(event)).ok());
  const std::size_t overhead = (*ledger().get({1}))->encoded.size() - event.data.size();
  event.data = Bytes(limits::kEventBytesMax - overhead, 'y');
  ASSERT_TRUE(append(one(event)).ok());
  const auto largest = ledger().get({2});
  EXPECT_EQ((*largest)->encoded.size(), limits::kEventBytesMax);
  EXPECT_EQ((*largest)->data, event.data);
  event.data += 'y';
  EXPECT_EQ(reason_of(append(one(event))), "event.too_large");
}

TEST_P(LedgerContract, ProposalBeyondTheSizeLimitsIsRefusedWhole) {
  Proposal bytes;
  bytes.events.assign(18, new_event("task.a", {}, Bytes(60'000, 'x')));
  EXPECT_EQ(reason_of(append(bytes)), "proposal.too_large");
  Proposal count;
  count.events.assign(limits::kProposalEventsMax + 1, new_event("task.a"));
  EXPECT_EQ(code_of(append(count)), Code::kTooLarge);
  EXPECT_EQ(ledger().accepted().position.value, 0u);
}

TEST_P(LedgerContract, LargestNumberOfEventsIsAcceptedInOneAppend) {
  Proposal proposal;
  proposal.events.assign(limits::kProposalEventsMax, new_event("task.a", {"x:1"}));
  const auto outcome = append(proposal);
  ASSERT_TRUE(outcome.ok()) << reason_of(outcome);
  EXPECT_EQ(outcome->last.value, limits::kProposalEventsMax);
  EXPECT_EQ(positions_of(ledger(), query_of({{{}, {"x:1"}}})).size(), limits::kProposalEventsMax);
}

NewEvent registration(const SchemaId& schema) {
  return new_event("schema.registered", {"schema:" + hex(schema.bytes)});
}

TEST_P(LedgerContract, UnknownSchemaIsRefusedUntilItIsRegistered) {
  const SchemaId schema{{1, 2, 3}};
  NewEvent event = new_event("task.a", {}, Bytes("\xff\x00\x80", 3));
  event.schema = schema;
  EXPECT_EQ(reason_of(append(one(event))), "schema.unknown");
  ASSERT_TRUE(append(one(registration(schema))).ok());
  ASSERT_TRUE(append(one(event)).ok());
  EXPECT_EQ((*ledger().get({2}))->schema, schema);
  EXPECT_EQ((*ledger().get({2}))->data, event.data);
}

TEST_P(LedgerContract, SchemaMayBeRegisteredAndUsedInOneAppendInThisOrderOnly) {
  const SchemaId schema{{9}};
  NewEvent event = new_event("task.a");
  event.schema = schema;
  Proposal wrong;
  wrong.events = {event, registration(schema)};
  EXPECT_EQ(reason_of(append(wrong)), "schema.unknown");
  Proposal right;
  right.events = {registration(schema), event};
  EXPECT_TRUE(append(right).ok());
  EXPECT_TRUE(append(one(event)).ok());
}

TEST_P(LedgerContract, SchemaTagOnAnotherTypeRegistersNothing) {
  const SchemaId schema{{5}};
  must_append("task.a", {"schema:" + hex(schema.bytes)});
  NewEvent event = new_event("task.a");
  event.schema = schema;
  EXPECT_EQ(reason_of(append(one(event))), "schema.unknown");
}

}  // namespace
}  // namespace opsledger::testing_support
