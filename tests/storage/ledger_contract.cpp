#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {

NewEvent new_event(std::string type, std::vector<std::string> tags, Bytes data) {
  NewEvent event;
  event.type = std::move(type);
  event.tags = std::move(tags);
  event.data = std::move(data);
  return event;
}

Proposal one(NewEvent event) {
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  return proposal;
}

Query query_of(std::vector<QueryItem> items) {
  return {std::move(items)};
}

AppendCondition unless(std::vector<QueryItem> items, std::uint64_t after) {
  return {{std::move(items)}, {after}};
}

IdempotencyKey key_of(std::string scope, std::string key, std::uint8_t request, bool permanent) {
  IdempotencyKey result{std::move(scope), std::move(key), {}, permanent};
  result.request.bytes[0] = request;
  return result;
}

std::vector<std::uint64_t> positions_of(const Ledger& ledger, const Query& query,
                                        const ReadOptions& options) {
  std::vector<std::uint64_t> positions;
  auto cursor = ledger.read(query, options);
  EXPECT_TRUE(cursor.ok()) << reason_of(cursor);
  while (cursor.ok()) {
    const auto events = (*cursor)->next();
    EXPECT_TRUE(events.ok()) << reason_of(events);
    if (!events.ok() || events->empty()) break;
    for (const EventView& event : *events) positions.push_back(event.position.value);
  }
  return positions;
}

std::uint64_t LedgerContract::must_append(std::string type, std::vector<std::string> tags) {
  const auto outcome = append(one(new_event(std::move(type), std::move(tags))));
  EXPECT_TRUE(outcome.ok()) << reason_of(outcome);
  return outcome.ok() ? outcome->first.value : 0;
}

Result<AppendOutcome> LedgerContract::append_if(NewEvent event, AppendCondition condition) {
  Proposal proposal = one(std::move(event));
  proposal.condition = std::move(condition);
  return append(std::move(proposal));
}

}  // namespace opsledger::testing_support
