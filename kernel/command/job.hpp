// One command on its way through the phases.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/command/access.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/command/state_cache.hpp"
#include "kernel/command/turns.hpp"
#include "kernel/events/personal_events.hpp"

namespace opsledger {

using TagSet = std::vector<std::string>;  ///< sorted, without repetition

/// One folded boundary: a model over a tag set.
struct FoldedSet {
  std::uint32_t model = 0;
  TagSet tags;
  std::shared_ptr<FoldedState> state;
};

/// An event of the decision, kept to fold it without reading it back.
struct OwnEvent {
  std::uint32_t type = 0;  ///< index into the module's event_types
  Bytes data;
};

/// Belongs to one thread at a time: whoever holds its turn; after the append the committer, which
/// touches `done`, `types` and `warnings` only.
struct Job : Turns::Ticket {
  CommandRequest request;
  CommandService::Completion done;

  // admitted
  CommandRef command;
  Bytes data;               ///< without personal values:
  WithheldValues withheld;  ///< they stay here until the events are sealed
  PersonalData* personal = nullptr;
  std::optional<IdempotencyKey> key;
  std::string series;                             ///< empty = no number wanted
  std::optional<std::vector<TagSet>> first_sets;  ///< of load 0: rests on the command alone
  PluginEnvelope envelope;

  // driven
  bool key_looked_up = false;
  unsigned tries = 0;              ///< appends that met a conflict
  unsigned restarts = 0;           ///< loads begun anew without a decide
  std::vector<Turns::Key> wanted;  ///< turns that the next attempt needs
  std::shared_ptr<Job> keep;       ///< itself, while it waits for its turn

  // this attempt
  Access::Grant grant;
  std::vector<std::vector<FoldedSet>> loads;  ///< per load, per tag set
  PluginInstance::States states;              ///< the same, as decide takes it
  std::shared_ptr<FoldedState> series_state;
  Position rests_on{};  ///< newest event in anything folded
  bool separation_overridden = false;

  // outcome
  std::optional<Error> refusal;    ///< of a triggered command, to be recorded
  bool takes_number = false;       ///< of the series
  std::vector<std::string> types;  ///< of the appended events, in order
  std::vector<Warning> warnings;
  std::vector<OwnEvent> own;                     ///< of the module, in order
  std::vector<TagSet> own_tags;                  ///< of all appended events, in order; sorted
  std::optional<Result<CommandOutcome>> answer;  ///< nothing: the append's completion answers
  Position answer_after{};                       ///< durable before the answer may go out

  const ModuleInfo& module() const { return command.module->info(); }
};

}  // namespace opsledger
