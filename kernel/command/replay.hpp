// The outcome of a command that was accepted earlier under the same idempotency key.
#pragma once

#include "kernel/command/command_service.hpp"

namespace opsledger {

/// Reads the events' types and the warnings back from the log. Errors: those of the ledger.
Result<CommandOutcome> read_outcome(const Ledger& ledger, const AppendOutcome& accepted);

}  // namespace opsledger
