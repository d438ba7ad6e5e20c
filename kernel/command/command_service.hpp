// The command path: load -> fold -> decide -> append under the condition derived from exactly what
// was folded.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/events/raw_append.hpp"
#include "kernel/modules/registry.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

struct CommandRequest {
  std::string type;
  boost::json::value data;
  RequestContext context;
};

struct CommandOutcome {
  Position position{};  ///< last event's position; 0 events: the position decided at
  std::vector<std::pair<std::string, Position>> events;
  std::vector<Warning> warnings;
  bool replayed = false;
};

/// Thread safe. Commands whose tag sets overlap queue in arrival order and are decided against the
/// accepted tail, one decide each; a conflict that remains (a raw append came between) folds on
/// and decides again, a bounded number of times, then 409 `append.conflict`.
class CommandService {
 public:
  struct Limits {
    unsigned tries_max = 8;
    std::size_t cached_states_max = 100'000;
    std::size_t queued_commands_max = 4'096;
  };
  using Completion = std::function<void(Result<CommandOutcome>)>;

  CommandService(Ledger& ledger, const Registry& registry, const Clock& clock, Limits limits);
  ~CommandService();

  /// Runs on the calling worker thread up to acceptance (may wait for its turn on a hot tag);
  /// `done` is called exactly once, on any thread, when the outcome is durable or refused.
  /// Errors: kNotFound `command.unknown`, kInvalid `schema.invalid` | `command.reason_required`,
  /// kRejected (the module's own code), kConflict, kOverloaded, kInternal, kKeyMismatch.
  void execute(CommandRequest request, Completion done);

  struct Metrics {
    std::uint64_t accepted = 0, rejected = 0, conflicts = 0, decides = 0, folded_events = 0,
                  cache_hits = 0;
  };
  Metrics metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
