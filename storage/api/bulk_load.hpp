// Filling an empty ledger at once: imports, restores, big histories for measurements.
#pragma once

#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// Takes the whole history of a ledger that is still empty and makes it appear in one step: until
/// `finish` has succeeded the ledger is empty, whatever happens; afterwards it is the ledger that
/// the same events would have made one append after the other. One thread at a time. Destroyed
/// without `finish`, it leaves an empty ledger.
class BulkLoad {
 public:
  virtual ~BulkLoad() = default;
  virtual const LedgerId& id() const = 0;

  /// Checks `events` as an append does and takes them over: they follow what was given before, at
  /// max(`recorded_at`, that of the event before). Nothing is durable yet. Errors: those of
  /// Ledger::append about events (kInvalid, kTooLarge; nothing of `events` is taken then, and one
  /// may go on); kIo when writing failed (the load is over).
  virtual Result<AppendOutcome> append(std::vector<NewEvent> events, Time recorded_at) = 0;

  /// Makes everything durable and visible; the head of the ledger. Call it once, last. A load
  /// without events is fine. Errors: kIo, kCorrupt.
  virtual Result<TreeHead> finish() = 0;
};

}  // namespace opsledger
