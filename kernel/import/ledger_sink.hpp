// Imports into a ledger of this process, or only checks.
#pragma once

#include "kernel/events/raw_append.hpp"
#include "kernel/import/csv_import.hpp"

namespace opsledger {

/// Appends batches as POST /v1/events would. Several may be on their way to the disk at once. What
/// it is given must outlive it.
class LedgerSink : public ImportSink {
 public:
  /// `context`: who imports; its idempotency key is replaced by each batch's own.
  LedgerSink(Ledger& ledger, const RawAppend& raw_append, RequestContext context)
      : ledger_(ledger), raw_append_(raw_append), context_(std::move(context)) {}
  void submit(const ImportBatch& batch, Completion done) override;

 private:
  Ledger& ledger_;
  const RawAppend& raw_append_;
  const RequestContext context_;
};

/// For dry runs: checks batches against the modules' schemas and stores nothing.
class CheckSink : public ImportSink {
 public:
  explicit CheckSink(const RawAppend& raw_append) : raw_append_(raw_append) {}
  void submit(const ImportBatch& batch, Completion done) override;

 private:
  const RawAppend& raw_append_;
};

}  // namespace opsledger
