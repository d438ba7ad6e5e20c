// One ledger as a model run holds it: appends under way, durability held back, subscribers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "storage/api/ledger.hpp"

namespace opsledger::testing_support {

/// A ledger under test. `hold` keeps appends undurable while true.
struct Subject {
  Ledger* ledger;
  MerkleLog* tree;
  std::function<void(bool)> hold;
};

/// What a caller can see of one append, as text.
std::string describe(const Result<AppendOutcome>& result);

/// Appends under way on one ledger. Each completion must come exactly once and say what was
/// accepted. The calls are one thread's; completions come on the committer's. Must outlive the
/// ledger or be drained before.
class InFlight {
 public:
  /// Appends without waiting; the outcome is the accepted one.
  Result<AppendOutcome> append(Ledger& ledger, Proposal proposal);
  std::uint64_t under_way() const;
  /// Waits for all completions, at most `patience`; empty, or what was wrong with one of them.
  std::string drain(std::chrono::milliseconds patience);

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::uint64_t appended = 0;
    std::uint64_t completed = 0;
    std::string wrong;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// Follows a query on a ledger from signal to signal; what it reads must be what the oracle has
/// there, once and in order. Owned and used by one thread; signals come on the committer's.
class Follower {
 public:
  /// Precondition: nothing is under way, so that every later commit is told.
  Follower(Ledger& ledger, Query query, Position after);
  /// Reads on to the last signal; empty, or the difference.
  std::string catch_up(const Ledger& oracle, const Ledger& ledger);
  /// Waits until it was told of `head`, if it came after the subscription; empty, or what is
  /// missing.
  std::string await(Position head, std::chrono::milliseconds patience) const;
  /// A restart: the same reader, a new subscription.
  void subscribe_again(Ledger& ledger);
  void unsubscribe() { handle_.reset(); }

 private:
  struct Signal {
    std::mutex mutex;
    std::condition_variable changed;
    Position told{};
    bool went_back = false;
  };

  const Query query_;
  Position seen_;
  Position subscribed_at_{};
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  std::shared_ptr<void> handle_;
};

/// Reads both to the end, event by event; empty, or the first difference.
std::string compare_reads(const Ledger& oracle, const Ledger& other, const Query& query,
                          const ReadOptions& of_oracle, const ReadOptions& of_other);

}  // namespace opsledger::testing_support
