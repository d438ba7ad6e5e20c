#include "kernel/command/replay.hpp"

#include "kernel/command/proposal.hpp"

namespace opsledger {

Result<CommandOutcome> read_outcome(const Ledger& ledger, const AppendOutcome& accepted) {
  CommandOutcome outcome;
  outcome.position = accepted.last;
  outcome.replayed = true;
  ReadOptions options;
  options.after = {accepted.first.value - 1};
  options.upto = accepted.last;
  options.limit = accepted.last.value - accepted.first.value + 1;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read({}, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return outcome;
    for (const auto& event : events) {
      outcome.events.emplace_back(event.type, event.position);
      if (const auto text = event.metadata("warnings")) {
        outcome.warnings = warnings_from_text(*text);
      }
    }
  }
}

}  // namespace opsledger
