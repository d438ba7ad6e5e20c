#include "tests/model/subject.hpp"

namespace opsledger::testing_support {
namespace {

bool same(const AppendOutcome& a, const AppendOutcome& b) {
  return a.first == b.first && a.last == b.last && a.recorded_at == b.recorded_at &&
         a.replayed == b.replayed;
}

/// A cursor's events one by one.
class Walk {
 public:
  Walk(const Ledger& ledger, const Query& query, const ReadOptions& options)
      : cursor_(ledger.read(query, options)) {
    if (!cursor_.ok()) end_ = "error " + cursor_.error().reason;
  }
  /// The next event, or null at the end; then `end` says why.
  const EventView* next() {
    if (!end_.empty()) return nullptr;
    if (used_ == span_.size()) {
      const auto events = (*cursor_)->next();
      if (!events.ok() || events->empty()) {
        end_ = events.ok() ? "end" : "error " + events.error().reason;
        return nullptr;
      }
      span_ = *events;
      used_ = 0;
    }
    return &span_[used_++];
  }
  const std::string& end() const { return end_; }

 private:
  Result<std::unique_ptr<EventCursor>> cursor_;
  std::span<const EventView> span_;
  std::size_t used_ = 0;
  std::string end_;
};

std::string text_of(const Walk& walk, const EventView* event) {
  if (event == nullptr) return walk.end();
  return std::to_string(event->position.value) + ' ' + hex(event->encoded);
}

}  // namespace

std::string describe(const Result<AppendOutcome>& result) {
  if (!result.ok()) return "error " + result.error().reason + " " + result.error().message;
  return std::to_string(result->first.value) + ".." + std::to_string(result->last.value) + " at " +
         std::to_string(result->recorded_at.us) + (result->replayed ? " replayed" : "");
}

Result<AppendOutcome> InFlight::append(Ledger& ledger, Proposal proposal) {
  // The completion may come before append returns, so both sides leave their half here.
  struct Halves {
    std::optional<Result<AppendOutcome>> completed;
    std::optional<AppendOutcome> accepted;
  };
  const auto halves = std::make_shared<Halves>();
  const auto compare = [](State& state, const Halves& both) {
    if (!both.completed || !both.accepted) return;
    if (both.completed->ok() && same(**both.completed, *both.accepted)) return;
    state.wrong +=
        "accepted " + describe(*both.accepted) + ", completed " + describe(*both.completed) + "\n";
  };
  auto outcome = ledger.append(std::move(proposal),
                               [state = state_, halves, compare](Result<AppendOutcome> result) {
                                 std::lock_guard lock(state->mutex);
                                 if (halves->completed)
                                   state->wrong += "completed twice: " + describe(result) + "\n";
                                 halves->completed = std::move(result);
                                 compare(*state, *halves);
                                 ++state->completed;
                                 state->changed.notify_all();
                               });
  std::lock_guard lock(state_->mutex);
  if (outcome.ok()) {
    ++state_->appended;
    halves->accepted = *outcome;
    compare(*state_, *halves);
  } else if (halves->completed) {
    state_->wrong += "refused and completed: " + describe(outcome) + "\n";
  }
  return outcome;
}

std::uint64_t InFlight::under_way() const {
  std::lock_guard lock(state_->mutex);
  return state_->appended - state_->completed;
}

std::string InFlight::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  const bool done = state_->changed.wait_for(
      lock, patience, [this] { return state_->completed >= state_->appended; });
  if (!done) state_->wrong += "an append was accepted and never completed\n";
  return std::exchange(state_->wrong, {});
}

Follower::Follower(Ledger& ledger, Query query, Position after)
    : query_(std::move(query)), seen_(after) {
  subscribe_again(ledger);
}

void Follower::subscribe_again(Ledger& ledger) {
  subscribed_at_ = ledger.durable().position;
  handle_ = ledger.subscribe([signal = signal_](Position position) {
    std::lock_guard lock(signal->mutex);
    signal->went_back = signal->went_back || position < signal->told;
    signal->told = position;
    signal->changed.notify_all();
  });
}

std::string Follower::catch_up(const Ledger& oracle, const Ledger& ledger) {
  Position upto;
  {
    std::lock_guard lock(signal_->mutex);
    if (signal_->went_back) return "a subscriber was told a position twice or backwards";
    upto = signal_->told;
  }
  if (upto <= seen_) return "";
  // The oracle may not have taken up yet what the other made durable: its accepted events are it.
  const ReadOptions durable{.after = seen_, .upto = upto};
  ReadOptions accepted = durable;
  accepted.accepted = true;
  seen_ = upto;
  return compare_reads(oracle, ledger, query_, accepted, durable);
}

std::string Follower::await(Position head, std::chrono::milliseconds patience) const {
  if (head <= subscribed_at_) return "";
  std::unique_lock lock(signal_->mutex);
  if (signal_->changed.wait_for(lock, patience, [&] { return signal_->told >= head; })) return "";
  return "subscription: told of " + std::to_string(signal_->told.value) + ", durable are " +
         std::to_string(head.value);
}

std::string compare_reads(const Ledger& oracle, const Ledger& other, const Query& query,
                          const ReadOptions& of_oracle, const ReadOptions& of_other) {
  Walk expected(oracle, query, of_oracle);
  Walk found(other, query, of_other);
  for (;;) {
    const EventView* first = expected.next();
    const EventView* second = found.next();
    const bool both = first != nullptr && second != nullptr;
    if (both && first->position == second->position && first->encoded == second->encoded) continue;
    if (!both && first == second && expected.end() == found.end()) return "";
    return "read:\n  oracle " + text_of(expected, first) + "\n  other  " + text_of(found, second);
  }
}

}  // namespace opsledger::testing_support
