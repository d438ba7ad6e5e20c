// Event cursors over one view of the log.
#pragma once

#include <memory>

#include "storage/api/ledger.hpp"
#include "storage/core/tag_hash.hpp"
#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/log_reader.hpp"

namespace opsledger::rocks {

/// A cursor for a valid query: the whole log chunk by chunk, or an index walk with exact recheck.
/// `db` must outlive it.
std::unique_ptr<EventCursor> make_cursor(const LedgerDb& db, LogView log, const Query& query,
                                         const ReadOptions& options, TagHashFunction hash);

}  // namespace opsledger::rocks
