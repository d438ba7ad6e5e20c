// Two ledgers given the same random operations must tell the same story: outcomes, error reasons,
// completions, reads in both directions, key look-ups, subscriptions, roots and tiles; with appends
// under way, with durability held back, over restarts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/core/apply.hpp"
#include "tests/model/operations.hpp"
#include "tests/model/subject.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {

/// Rules with small limits, so that random operations reach them.
SequenceRules model_rules();

struct ModelOptions {
  std::uint64_t operations = 20'000;
  std::uint64_t seed = 1;
  Shape shape = {};
  /// Called now and then with nothing under way, e.g. to wait for a packer or to reopen `other`;
  /// returns the ledger to go on with.
  std::function<Subject()> maintain = {};
  std::uint64_t maintain_interval = 5'000;  ///< operations between two calls, on average
  std::chrono::milliseconds patience{
      120'000};  ///< with completions; a paused machine is no finding
};

/// One run over one pair of ledgers, which must be empty, have the same rules and read `clock`.
class ModelRun {
 public:
  ModelRun(ManualClock& clock, Subject oracle, Subject other, ModelOptions options);

  /// Does all operations, then compares the whole logs. Returns the first difference, with seed
  /// and operation; empty = none. Nothing is under way or held back afterwards.
  std::string run();

 private:
  std::string step();
  std::string append();
  std::string read();
  std::string look_up();
  std::string compare_trees();
  std::string follow();
  std::string change_hold();
  std::string maintain();

  /// Nothing under way (or, held back, nothing that becomes durable).
  std::string settle();
  std::string drain();
  void hold(bool held);
  std::string compare_whole_logs();

  ManualClock& clock_;
  Subject oracle_;
  Subject other_;
  const ModelOptions options_;
  Operations draw_;
  InFlight in_oracle_;
  InFlight in_other_;
  std::vector<std::unique_ptr<Follower>> followers_;
  bool held_ = false;
  std::uint64_t held_operations_left_ = 0;
};

}  // namespace opsledger::testing_support
