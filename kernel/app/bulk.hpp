// Bulk loads into the configured data directory.
#pragma once

#include "kernel/app/configuration.hpp"
#include "storage/api/bulk_load.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// Begins a bulk load into the empty or absent data directory of `config`. Its first events are
/// `ledger.created` and `ledger.backfilled`, at `from`: up to `to`, times of record are those that
/// the load gives. Errors: those of begin_bulk_load (storage/rocksdb/bulk_load.hpp).
Result<std::unique_ptr<BulkLoad>> begin_backfill(const Config& config, const Clock& clock,
                                                 const std::string& source, Time from, Time to);

}  // namespace opsledger
