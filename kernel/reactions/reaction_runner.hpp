// Events become commands, exactly once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/command/command_service.hpp"
#include "kernel/modules/registry.hpp"
#include "kernel/reactions/rule_events.hpp"

namespace opsledger {

/// Runs the rules of all its sources over the durable log, in order. What a rule sends is appended
/// atomically with `rule.fired` (or the rejection with it), under the condition that nothing says
/// that it was sent before; so a crash anywhere neither loses nor repeats a command. An event for
/// which a rule sends nothing leaves nothing behind; `rule.progressed` says now and then how far
/// the rule has got.
///
/// A rule runs as its mode in the trigger's department says: off; shadow (`rule.would_have_fired`);
/// on. Not where its module is disabled. Guarded against loops: beyond kDepthMax rules in a row, or
/// kCommandsMax commands for one event, it is halted for that event (`rule.halted`).
///
/// One thread of its own between `start` and `stop`; or `run_until_idle` on the caller's. What it
/// is given must outlive it.
class ReactionRunner {
 public:
  struct Options {
    RuleMode default_mode = RuleMode::kShadow;
    /// Whether the module runs in the department.
    std::function<bool(std::string_view module, std::string_view department)> enabled = {};
    std::function<void(const std::string&)> log = {};
  };
  ReactionRunner(Ledger& ledger, const Registry& registry, CommandService& commands,
                 std::vector<ReactionSource*> sources, Options options);
  ~ReactionRunner();

  /// Once. Rules that are new are published before it returns: what is appended from then on are
  /// their triggers.
  void start();
  /// Waits for what is on its way and records progress. Idempotent.
  void stop();
  /// Without `start`: until every rule has looked at everything and its commands are durable.
  /// Errors: the ledger's; kInternal never.
  Status run_until_idle();

  struct Metrics {
    std::uint64_t triggers = 0;  ///< events that a rule looked at
    std::uint64_t fired = 0, rejected = 0, failed = 0, shadowed = 0, halted = 0;
    std::uint64_t repeated = 0;  ///< found to be sent already, after a restart
  };
  Metrics metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace opsledger
