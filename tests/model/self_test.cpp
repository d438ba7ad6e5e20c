// The model run itself: it finds nothing where there is nothing, and finds what is there.
#include "tests/model/model_run.hpp"
#include "tests/storage/memory_backend.hpp"

namespace opsledger::testing_support {
namespace {

enum class Flaw {
  kNone,
  kForgetsATagInConditions,
  kForgetsKeys,
  kShowsUndurable,
  kSkipsAnEvent,
  kTellsSubscribersLess,
  kTellsNoSubscriber,
  kCompletesTwice,
};

/// Leaves out the seventh event of every span.
class SkippingCursor final : public EventCursor {
 public:
  explicit SkippingCursor(std::unique_ptr<EventCursor> cursor) : cursor_(std::move(cursor)) {}
  Result<std::span<const EventView>> next() override {
    OPS_TRY_ASSIGN(const auto span, cursor_->next());
    views_.assign(span.begin(), span.end());
    if (views_.size() > 6) views_.erase(views_.begin() + 6);
    return std::span<const EventView>(views_);
  }

 private:
  std::unique_ptr<EventCursor> cursor_;
  std::vector<EventView> views_;
};

/// A good ledger with one flaw: the kinds of bugs that must be found.
class FlawedLedger final : public Ledger {
 public:
  FlawedLedger(Ledger& ledger, Flaw flaw) : ledger_(ledger), flaw_(flaw) {}
  const LedgerId& id() const override { return ledger_.id(); }

  Result<AppendOutcome> append(Proposal proposal, Completion done) override {
    if (flaw_ == Flaw::kForgetsKeys) proposal.key.reset();
    if (flaw_ == Flaw::kForgetsATagInConditions && proposal.condition) {
      for (auto& item : proposal.condition->query.items) {
        if (item.tags.size() > 1) item.tags.pop_back();
      }
    }
    return ledger_.append(std::move(proposal),
                          [twice = flaw_ == Flaw::kCompletesTwice, done](const auto& result) {
                            done(result);
                            if (twice && result.ok() && result->first.value % 50 == 0) done(result);
                          });
  }
  Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const override {
    return ledger_.find(key);
  }
  Result<std::unique_ptr<EventCursor>> read(const Query& query,
                                            const ReadOptions& options) const override {
    ReadOptions used = options;
    if (flaw_ == Flaw::kShowsUndurable) used.accepted = true;
    OPS_TRY_ASSIGN(auto cursor, ledger_.read(query, used));
    if (flaw_ != Flaw::kSkipsAnEvent) return cursor;
    return std::unique_ptr<EventCursor>(std::make_unique<SkippingCursor>(std::move(cursor)));
  }
  Result<OwnedEvent> get(Position position) const override { return ledger_.get(position); }
  TreeHead durable() const override { return ledger_.durable(); }
  TreeHead accepted() const override { return ledger_.accepted(); }
  std::shared_ptr<void> subscribe(std::function<void(Position)> on_advance) override {
    if (flaw_ == Flaw::kTellsNoSubscriber) on_advance = [](Position) {};
    if (flaw_ == Flaw::kTellsSubscribersLess) {
      on_advance = [on_advance](Position position) { on_advance({position.value / 2}); };
    }
    return ledger_.subscribe(std::move(on_advance));
  }

 private:
  Ledger& ledger_;
  const Flaw flaw_;
};

/// The run's verdict on the oracle beside a flawed copy of it.
std::string verdict_on(Flaw flaw, ModelOptions options) {
  ManualClock clock;
  const MemoryLedgerOptions setup{{{42}}, 4'096, model_rules()};
  MemoryLedger first(clock, setup);
  MemoryLedger second(clock, setup);
  FlawedLedger flawed(second, flaw);
  options.patience = std::chrono::milliseconds(flaw == Flaw::kNone ? 60'000 : 200);
  const auto holder = [](MemoryLedger& ledger) {
    return [&ledger](bool hold) { ledger.hold_durability(hold); };
  };
  ModelRun run(clock, {&first, &first, holder(first)}, {&flawed, &second, holder(second)}, options);
  auto found = run.run();
  if (flaw == Flaw::kNone) {
    EXPECT_GT(first.durable().position.value, options.operations / 10);
  }
  return found;
}

TEST(ModelRun, TwoOraclesTellTheSameStory) {
  EXPECT_EQ(verdict_on(Flaw::kNone, {.operations = 5'000, .seed = 1}), "");
}

class ModelRunFinds : public testing::TestWithParam<Flaw> {};

TEST_P(ModelRunFinds, TheFlaw) {
  const auto found = verdict_on(GetParam(), {.operations = 20'000, .seed = 1});
  EXPECT_NE(found, "");
  std::cout << found.substr(0, 300) << std::endl;
}

INSTANTIATE_TEST_SUITE_P(Every, ModelRunFinds,
                         testing::Values(Flaw::kForgetsATagInConditions, Flaw::kForgetsKeys,
                                         Flaw::kShowsUndurable, Flaw::kSkipsAnEvent,
                                         Flaw::kTellsSubscribersLess, Flaw::kTellsNoSubscriber,
                                         Flaw::kCompletesTwice));

}  // namespace
}  // namespace opsledger::testing_support
