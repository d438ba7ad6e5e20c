// The command path: load -> fold -> decide -> append under the condition derived from exactly what
// was folded.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/command/access.hpp"
#include "kernel/command/trigger.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/modules/registry.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

struct CommandRequest {
  std::string type;
  boost::json::value data;
  RequestContext context;
  Position causation{};   ///< event that caused the command; 0 = none (a person sent it)
  bool internal = false;  ///< sent by a timer or a reaction
  bool dry_run = false;   ///< decided, checked, and then not appended
  std::shared_ptr<const Trigger> trigger = {};  ///< null: somebody outside sent it
};

struct CommandOutcome {
  Position position{};  ///< last event's position; 0 events: the position decided at
  std::vector<std::pair<std::string, Position>> events;
  std::vector<Warning> warnings;
  bool replayed = false;
  std::optional<Error> refusal = {};  ///< of a triggered command: the rejection that was recorded
};

/// Decides commands. Thread safe. What it is given must outlive it; no `execute` may be running
/// when it is destroyed.
///
/// Commands whose tag sets overlap take turns in arrival order and are decided against the accepted
/// tail, one decide each. A command that has to wait does not block its thread: whoever ends its
/// turn before it runs it. A conflict that remains (a raw append came between) folds on and
/// decides again, `tries_max` times at most, then kConflict `append.conflict`.
class CommandService {
 public:
  struct Limits {
    unsigned tries_max = 8;
    std::size_t cached_states_max = 100'000;
    std::size_t queued_commands_max = 4'096;  ///< waiting for a turn; beyond it kOverloaded
  };
  using Completion = std::function<void(Result<CommandOutcome>)>;

  CommandService(Ledger& ledger, const Registry& registry, const SchemaCatalog& schemas,
                 const Clock& clock, Limits limits, const Access* access = nullptr,
                 const HostServices* services = nullptr, PersonalData* personal = nullptr);
  ~CommandService();

  /// Personal fields of a command stay with the host while the module decides and are sealed in
  /// the events it emits; without `personal` such events are refused (`personal.no_store`).
  /// Runs on the calling worker thread up to acceptance, and goes on with commands that waited for
  /// this one's turn. `done` is called exactly once, on any thread, when the outcome is durable
  /// or refused; a rejection that rests on events not yet synced is reported when they are.
  /// A retry with the same idempotency key gets the first accepted outcome; an accepted decision
  /// without events leaves nothing behind, so its retry is decided again.
  /// A triggered command records a rejection by its module and then succeeds, with `refusal`;
  /// other refusals are the caller's to record. kConflict `trigger.done`: it was sent before.
  /// Errors: kNotFound `command.unknown`; kForbidden `command.internal`; kInvalid `schema.invalid`
  /// | `command.reason_required` | `command.invalid` (a header or a tag out of bounds) |
  /// `command.too_broad`; kRejected (the module's own code); kConflict `append.conflict`;
  /// kKeyMismatch; kTooLarge; kOverloaded `command.overloaded`; kNotReady; kInternal `plugin.…`
  /// (the module misbehaved); what Access says.
  void execute(CommandRequest request, Completion done);

  struct Metrics {
    std::uint64_t accepted = 0, rejected = 0, failed = 0, replayed = 0;  ///< outcomes
    std::uint64_t conflicts = 0, decides = 0, folded_events = 0, cache_hits = 0, cache_misses = 0;
    std::size_t waiting = 0, cached_states = 0;  ///< now
  };
  Metrics metrics() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace opsledger
