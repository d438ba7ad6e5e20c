#include "storage/api/ledger.hpp"

#include <future>

namespace opsledger {

std::optional<Result<AppendOutcome>> Ledger::append_from_memory(const Proposal& proposal,
                                                                const Completion& done,
                                                                bool /*may_commit*/) {
  return append(proposal, done);
}

Result<AppendOutcome> Ledger::append_and_wait(const Proposal& proposal) {
  // The promise is shared with the completion: the committer may still be inside set_value when
  // get() returns here.
  auto promise = std::make_shared<std::promise<Result<AppendOutcome>>>();
  auto future = promise->get_future();
  const auto accepted = append(proposal, [promise](Result<AppendOutcome> outcome) {
    promise->set_value(std::move(outcome));
  });
  if (!accepted) return accepted.error();
  return future.get();
}

Result<AppendOutcome> append_and_wait(Ledger& ledger, Proposal proposal) {
  return ledger.append_and_wait(proposal);
}

Result<Position> position_at(const Ledger& ledger, Time time) {
  std::uint64_t low = 0;  // recorded_at(low) <= time, where low = 0 stands for "before everything"
  std::uint64_t high = ledger.durable().position.value;
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    OPS_TRY_ASSIGN(const OwnedEvent event, ledger.get({middle}));
    if (event->recorded_at <= time) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Position{low};
}

}  // namespace opsledger
