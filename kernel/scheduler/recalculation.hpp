// A calendar changed: open timers in working time are due at another moment.
#pragma once

#include "kernel/calendar/calendar_book.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

struct RecalculationParts {
  Ledger& ledger;
  const ProjectionEngine& projections;
  const CalendarBook& calendars;
};

/// Whether a calendar changed after the last recalculation that was completed.
Result<bool> recalculation_due(const RecalculationParts& parts);

/// Computes every pending working-time timer anew by the calendars of now; appends
/// `timer.rescheduled` for each whose due time moved, then `timer.recalculated` {calendar, moved}.
/// Waits until durable. A timer that fired or was replaced meanwhile is left alone. Cut off in the
/// middle it is due again. Returns how many moved. Errors: the tables', the ledger's; a department
/// whose calendar has no working time keeps its timers as they are.
Result<std::uint64_t> recalculate(const RecalculationParts& parts);

}  // namespace opsledger
