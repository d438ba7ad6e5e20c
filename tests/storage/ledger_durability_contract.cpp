// Accepted against durable, the bounded queue, failed syncs, subscriptions.
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

/// Collects completions; `wait(n)` blocks until n have come.
class Completions {
 public:
  Ledger::Completion slot() {
    return [this](Result<AppendOutcome> outcome) {
      std::lock_guard lock(mutex_);
      outcomes_.push_back(std::move(outcome));
      changed_.notify_all();
    };
  }
  std::vector<Result<AppendOutcome>> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return outcomes_.size() >= count; });
    return outcomes_;
  }
  std::size_t count() {
    std::lock_guard lock(mutex_);
    return outcomes_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Result<AppendOutcome>> outcomes_;
};

TEST_P(LedgerContract, CompletionComesOnlyWhenDurable) {
  Completions completions;
  harness_->hold_durability(true);
  const auto accepted = ledger().append(one(new_event("task.a")), completions.slot());
  ASSERT_TRUE(accepted.ok());
  EXPECT_EQ(accepted->first.value, 1u);
  EXPECT_EQ(completions.count(), 0u);
  EXPECT_EQ(ledger().durable().position.value, 0u);
  harness_->hold_durability(false);
  const auto outcomes = completions.wait(1);
  ASSERT_TRUE(outcomes[0].ok());
  EXPECT_EQ(outcomes[0]->first, accepted->first);
  EXPECT_EQ(ledger().durable().position.value, 1u);
}

TEST_P(LedgerContract, RefusedAppendIsNotCompleted) {
  Completions completions;
  EXPECT_FALSE(ledger().append(one(new_event("")), completions.slot()).ok());
  must_append("task.a");
  EXPECT_EQ(completions.count(), 0u);
}

TEST_P(LedgerContract, FullQueueIsOverloadedAndRecovers) {
  LedgerSetup setup;
  setup.queue_proposals_max = 4;
  start(setup);
  Completions completions;
  harness_->hold_durability(true);
  std::size_t accepted = 0;
  std::optional<Code> refusal;
  for (int i = 0; i < 20 && !refusal; ++i) {
    refusal = code_of(ledger().append(one(new_event("task.a")), completions.slot()));
    if (!refusal) ++accepted;
  }
  EXPECT_EQ(refusal, Code::kOverloaded);
  EXPECT_GE(accepted, 4u);
  harness_->hold_durability(false);
  completions.wait(accepted);
  EXPECT_EQ(must_append("task.b"), accepted + 1);
}

TEST_P(LedgerContract, FailedSyncFailsEveryPendingAppendAndPoisonsTheLedger) {
  must_append("task.a");
  harness_->hold_durability(true);
  Completions completions;
  ASSERT_TRUE(ledger().append(one(new_event("task.b")), completions.slot()).ok());
  ASSERT_TRUE(ledger().append(one(new_event("task.c")), completions.slot()).ok());
  harness_->fail_next_sync();
  harness_->hold_durability(false);
  for (const auto& outcome : completions.wait(2)) EXPECT_FALSE(outcome.ok());
  const auto later = append(one(new_event("task.d")));
  EXPECT_EQ(code_of(later), Code::kNotReady);
  EXPECT_EQ(reason_of(later), "storage.poisoned");
  // Reading what was durable goes on.
  EXPECT_EQ(positions_of(ledger()), std::vector<std::uint64_t>{1});
  EXPECT_EQ(ledger().durable().position.value, 1u);
}

TEST_P(LedgerContract, SubscriberHearsOfEveryAdvanceUntilItLetsGo) {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t heard = 0;
  auto handle = ledger().subscribe([&](Position position) {
    std::lock_guard lock(mutex);
    EXPECT_GE(position.value, heard);
    heard = position.value;
    changed.notify_all();
  });
  must_append("task.a");
  must_append("task.b");
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return heard == 2; }));
  }
  handle.reset();
  must_append("task.c");
  must_append("task.d");
  EXPECT_EQ(heard, 2u);
}

TEST_P(LedgerContract, CompletionMayReadTheLedger) {
  std::promise<std::uint64_t> durable;
  ASSERT_TRUE(ledger()
                  .append(one(new_event("task.a")),
                          [&](const Result<AppendOutcome>& outcome) {
                            const auto event = ledger().get(outcome->first);
                            durable.set_value(event.ok() ? (*event)->position.value : 0);
                          })
                  .ok());
  EXPECT_EQ(durable.get_future().get(), 1u);
}

TEST_P(LedgerContract, IdentityStaysTheSame) {
  const LedgerId id = ledger().id();
  must_append("task.a");
  EXPECT_EQ(ledger().id(), id);
}

}  // namespace
}  // namespace opsledger::testing_support
