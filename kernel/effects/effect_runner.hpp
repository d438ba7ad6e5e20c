// Makes the calls to the outside that committed events ask for: at least once each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/effects/effect.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// One thread follows the ledger, `workers` threads make calls. A call is made after its event is
/// durable, and its outcome is recorded by a command before it counts as made: a process that dies
/// in between makes it again, under the same key. How far everything is settled stands in the
/// ledger as `effect.progressed`, now and then, so that a start reads only what follows.
class EffectRunner {
 public:
  struct Options {
    unsigned workers = 4;                       ///< calls at the same time
    unsigned attempts_max = 8;                  ///< then it is given up: a dead letter
    std::chrono::milliseconds backoff{30'000};  ///< before the second attempt; doubled for each
    std::chrono::milliseconds backoff_max{3'600'000};
    std::uint64_t seed = 0;                          ///< of the jitter, a fifth up or down
    std::function<void(std::string_view)> log = {};  ///< any thread
  };

  /// Everything given must outlive it.
  EffectRunner(Ledger& ledger, CommandService& commands, const Clock& clock, const Effect& effect,
               Options options);
  ~EffectRunner();

  /// Reads what is not settled and begins; once. Errors: the ledger's.
  Status start();
  /// Ends running calls as far as `stopping` of their transport lets it, and joins. Idempotent.
  void stop();
  /// Looks at the clock and the ledger now.
  void wake();

  struct Metrics {
    std::size_t pending = 0, running = 0;
    std::uint64_t done = 0, failed = 0, given_up = 0;  ///< attempts by outcome
    Position position{};                               ///< the ledger is read up to here
  };
  Metrics metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// When attempt `number` has failed and another one is to follow: exponential, with jitter that
/// rests on (seed, trigger, number) alone.
std::chrono::milliseconds effect_backoff(const EffectRunner::Options& options, Position trigger,
                                         unsigned number);

}  // namespace opsledger
