#include "tests/model/model_run.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::size_t kFollowersMax = 4;
constexpr std::uint64_t kHeldOperationsMax = 60;

/// Empty when both texts are the same.
std::string difference(const std::string& what, const std::string& oracle,
                       const std::string& other) {
  return oracle == other ? "" : what + ":\n  oracle " + oracle + "\n  other  " + other;
}

template <class T>
std::string text_of(const Result<T>& result, BytesView (*bytes)(const T&)) {
  return result.ok() ? hex(bytes(*result)) : "error " + result.error().reason;
}

std::string describe(const Result<std::optional<AppendOutcome>>& result) {
  if (result.ok() && !*result) return "unknown";
  return result.ok() ? testing_support::describe(Result<AppendOutcome>(**result))
                     : "error " + result.error().reason;
}

std::string describe_head(const Subject& subject) {
  const TreeHead head = subject.ledger->durable();
  return std::to_string(head.position.value) + ' ' + hex(head.root.bytes) + ' ' +
         std::to_string(head.recorded_at.us);
}

}  // namespace

SequenceRules model_rules() {
  return {120, 400};
}

ModelRun::ModelRun(ManualClock& clock, Subject oracle, Subject other, ModelOptions options)
    : clock_(clock),
      oracle_(std::move(oracle)),
      other_(std::move(other)),
      options_(std::move(options)),
      draw_(options_.seed, options_.shape) {}

std::string ModelRun::run() {
  for (std::uint64_t i = 0; i < options_.operations; ++i) {
    const auto found = step();
    if (found.empty()) continue;
    hold(false);
    const auto left = drain();
    return "OPSLEDGER_SEED=" + std::to_string(options_.seed) + " operation " + std::to_string(i) +
           ", " + found + (left.empty() ? "" : "\n" + left);
  }
  hold(false);
  if (auto found = drain(); !found.empty()) return found;
  for (const auto& follower : followers_) {
    auto found = follower->catch_up(*oracle_.ledger, *other_.ledger);
    if (!found.empty()) return found;
  }
  return compare_whole_logs();
}

std::string ModelRun::step() {
  if (held_ && held_operations_left_-- == 0) {
    if (auto found = change_hold(); !found.empty()) return found;
  }
  if (options_.maintain && draw_.below(options_.maintain_interval) == 0) return maintain();
  const std::uint64_t kind = draw_.below(1'000);
  if (kind < 700) return append();
  if (kind < 860) return read();
  if (kind < 920) return look_up();
  if (kind < 950) return compare_trees();
  if (kind < 995) return follow();
  return held_ ? "" : change_hold();
}

std::string ModelRun::append() {
  clock_.advance(static_cast<std::int64_t>(draw_.below(7)) - 2);
  const Proposal proposal = draw_.proposal(oracle_.ledger->accepted().position.value);
  const auto expected = in_oracle_.append(*oracle_.ledger, proposal);
  const auto found = in_other_.append(*other_.ledger, proposal);
  const auto wrong =
      difference("append", testing_support::describe(expected), testing_support::describe(found));
  if (!wrong.empty() || held_ || in_other_.under_way() < options_.shape.in_flight_max) return wrong;
  return drain();
}

std::string ModelRun::read() {
  Query query = draw_.query();
  const auto options = draw_.options(oracle_.ledger->accepted().position.value, &query);
  if (!options.accepted) {
    if (auto found = settle(); !found.empty()) return found;
  }
  return compare_reads(*oracle_.ledger, *other_.ledger, query, options, options);
}

std::string ModelRun::look_up() {
  if (auto found = settle(); !found.empty()) return found;
  const Position position{draw_.below(oracle_.ledger->accepted().position.value + 2)};
  const auto key = draw_.key();
  const auto text = [&](const Subject& subject) {
    return text_of<OwnedEvent>(subject.ledger->get(position),
                               [](const OwnedEvent& event) { return event->encoded; }) +
           ' ' + describe(subject.ledger->find(key));
  };
  return difference("event " + std::to_string(position.value), text(oracle_), text(other_));
}

std::string ModelRun::compare_trees() {
  if (auto found = settle(); !found.empty()) return found;
  const std::uint64_t head = oracle_.ledger->durable().position.value;
  const std::uint64_t size = draw_.below(head + 2);
  const auto level = static_cast<unsigned>(draw_.below(3));
  const std::uint64_t index = draw_.below((head >> (8 * (level + 1))) + 2);
  const auto width = static_cast<unsigned>(draw_.below(258));
  const auto text = [&](const Subject& subject) {
    return describe_head(subject) + "\n  " +
           text_of<Hash>(subject.tree->root(size), [](const Hash& hash) { return hash.view(); }) +
           "\n  " + text_of<Bytes>(subject.tree->tile(level, index, width), [](const Bytes& bytes) {
             return BytesView(bytes);
           });
  };
  return difference("tree " + std::to_string(size) + " tile " + std::to_string(level) + '/' +
                        std::to_string(index) + '/' + std::to_string(width),
                    text(oracle_), text(other_));
}

std::string ModelRun::follow() {
  if (followers_.size() < kFollowersMax && draw_.chance(5)) {
    if (auto found = settle(); !found.empty()) return found;
    const Position after{draw_.below(other_.ledger->durable().position.value + 1)};
    followers_.push_back(std::make_unique<Follower>(*other_.ledger, draw_.query(), after));
  }
  if (followers_.empty()) return "";
  const std::size_t which = draw_.below(followers_.size());
  if (draw_.chance(2)) {
    followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(which));
    return "";
  }
  return followers_[which]->catch_up(*oracle_.ledger, *other_.ledger);
}

/// Held back, what is accepted stays undurable on both sides, so that accepted and durable reads
/// differ and both can be compared.
std::string ModelRun::change_hold() {
  if (auto found = drain(); !found.empty()) return found;
  hold(!held_);
  held_operations_left_ = 1 + draw_.below(kHeldOperationsMax);
  return held_ ? "" : drain();
}

std::string ModelRun::maintain() {
  hold(false);
  if (auto found = drain(); !found.empty()) return found;
  for (const auto& follower : followers_) follower->unsubscribe();
  other_ = options_.maintain();
  for (const auto& follower : followers_) follower->subscribe_again(*other_.ledger);
  return difference("head", describe_head(oracle_), describe_head(other_));
}

std::string ModelRun::settle() {
  return held_ || in_other_.under_way() + in_oracle_.under_way() == 0 ? "" : drain();
}

std::string ModelRun::drain() {
  if (held_) return "";
  const auto wrong_oracle = in_oracle_.drain(options_.patience);
  const auto wrong = in_other_.drain(options_.patience);
  if (!wrong.empty() || !wrong_oracle.empty()) {
    return "completions:\n  oracle " + wrong_oracle + "\n  other  " + wrong;
  }
  const Position head = other_.ledger->durable().position;
  for (const auto& follower : followers_) {
    if (auto found = follower->await(head, options_.patience); !found.empty()) {
      return found;
    }
  }
  return "";
}

void ModelRun::hold(bool held) {
  if (held == held_) return;
  held_ = held;
  oracle_.hold(held);
  other_.hold(held);
}

std::string ModelRun::compare_whole_logs() {
  const auto found = compare_reads(*oracle_.ledger, *other_.ledger, {}, {}, {});
  if (!found.empty()) return "whole log, " + found;
  return difference("head", describe_head(oracle_), describe_head(other_));
}

}  // namespace opsledger::testing_support
