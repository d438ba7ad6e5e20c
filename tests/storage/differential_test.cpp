// The differential test itself: it finds nothing where there is nothing, and finds what is there.
#include "tests/storage/differential.hpp"

#include "tests/storage/memory_backend.hpp"

namespace opsledger::testing_support {
namespace {

MemoryLedgerOptions options() {
  return {{{42}}, 4'096, differential_rules()};
}

/// Forgets the last tag of every item of a condition: the kind of bug that must be found.
class ForgetfulLedger final : public Ledger {
 public:
  explicit ForgetfulLedger(Ledger& ledger) : ledger_(ledger) {}
  const LedgerId& id() const override { return ledger_.id(); }
  Result<AppendOutcome> append(Proposal proposal, Completion done) override {
    if (proposal.condition) {
      for (auto& item : proposal.condition->query.items) {
        if (item.tags.size() > 1) item.tags.pop_back();
      }
    }
    return ledger_.append(std::move(proposal), std::move(done));
  }
  Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const override {
    return ledger_.find(key);
  }
  Result<std::unique_ptr<EventCursor>> read(const Query& query,
                                            const ReadOptions& options) const override {
    return ledger_.read(query, options);
  }
  Result<OwnedEvent> get(Position position) const override { return ledger_.get(position); }
  TreeHead durable() const override { return ledger_.durable(); }
  TreeHead accepted() const override { return ledger_.accepted(); }
  std::shared_ptr<void> subscribe(std::function<void(Position)> on_advance) override {
    return ledger_.subscribe(std::move(on_advance));
  }

 private:
  Ledger& ledger_;
};

TEST(Differential, TwoOraclesTellTheSameStory) {
  ManualClock clock;
  MemoryLedger first(clock, options());
  MemoryLedger second(clock, options());
  auto run = differential_options_from_environment();
  run.operations = std::min<std::uint64_t>(run.operations, 3'000);
  EXPECT_EQ(run_differential(clock, first, first, second, second, run), "");
  EXPECT_GT(first.durable().position.value, run.operations / 10);
}

TEST(Differential, ForgottenTagInConditionsIsFound) {
  ManualClock clock;
  MemoryLedger first(clock, options());
  MemoryLedger second(clock, options());
  ForgetfulLedger forgetful(second);
  EXPECT_NE(run_differential(clock, first, first, forgetful, second, {20'000, 1}), "");
}

}  // namespace
}  // namespace opsledger::testing_support
