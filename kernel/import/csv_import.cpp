#include "kernel/import/csv_import.hpp"

#include <unistd.h>

#include <mutex>

#include "kernel/import/batch_builder.hpp"
#include "kernel/import/batch_sender.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kStandardInput = "-";

Error row_error(const RejectedRow& row) {
  Error error{Code::kInvalid, "import.row_invalid",
              "row " + std::to_string(row.row) + " (line " + std::to_string(row.line) + ")"};
  if (!row.column.empty()) error.message += ", column " + row.column;
  error.message += ": " + row.why + "; correct it, or leave bad rows out with --skip-bad-rows";
  error.fields = {{"/" + std::to_string(row.row) + "/" + row.column, row.why}};
  return error;
}

/// One import: the parsing side. Lives on the calling thread.
class CsvImport {
 public:
  CsvImport(const ImportMap& map, ImportSink& sink, ImportOptions options)
      : map_(map), sink_(sink), options_(std::move(options)) {
    // The sender reports rows from its own thread.
    if (options_.on_rejected) {
      options_.on_rejected = [this, report = options_.on_rejected](const RejectedRow& row) {
        std::lock_guard lock(rejecting_);
        report(row);
      };
    }
  }

  Result<ImportReport> run(const std::string& path) {
    OPS_TRY_ASSIGN(const auto content, check(path));
    OPS_TRY_ASSIGN(const auto source, open_source(path));
    BatchBuilder builder(*source, map_, content);
    OPS_TRY(builder.start());
    BatchSender sender(sink_, options_);
    const Status parsed = parse(builder, sender, *source);
    OPS_TRY(sender.finish());
    OPS_TRY(parsed);
    ImportReport report = sender.report();
    report.rows = rows_;
    report.rejected += rejected_;
    return report;
  }

 private:
  /// First pass: hashes the content, and finds a damaged file before anything is sent.
  Result<Hash> check(const std::string& path) {
    OPS_TRY_ASSIGN(const auto source, open_source(path));
    return hash_content(*source, [&] { progress(ImportProgress::Stage::kChecking, *source, {}); });
  }

  Status parse(BatchBuilder& builder, BatchSender& sender, const ByteSource& source) {
    for (;;) {
      OPS_TRY_ASSIGN(auto batch,
                     builder.next([this](const RejectedRow& row) { return reject(row); }));
      if (!batch) return {};
      rows_ = batch->last_row;
      if (!batch->rows.empty() && !sender.push(std::move(*batch))) return {};
      progress(ImportProgress::Stage::kImporting, source, sender.report());
    }
  }

  Status reject(const RejectedRow& row) {
    ++rejected_;
    if (options_.on_rejected) options_.on_rejected(row);
    if (options_.on_error == ImportOptions::OnError::kStop) return row_error(row);
    return {};
  }

  void progress(ImportProgress::Stage stage, const ByteSource& source, const ImportReport& sent) {
    if (!options_.on_progress) return;
    options_.on_progress({stage, source.bytes_read(), source.bytes_total(), rows_, sent.events,
                          rejected_ + sent.rejected});
  }

  const ImportMap& map_;
  ImportSink& sink_;
  ImportOptions options_;
  std::mutex rejecting_;
  std::uint64_t rows_ = 0, rejected_ = 0;
};

}  // namespace

Result<ImportReport> import_csv(const std::string& path, const ImportMap& map, ImportSink& sink,
                                const ImportOptions& options) {
  if (path != kStandardInput) return CsvImport(map, sink, options).run(path);
  OPS_TRY_ASSIGN(const auto spool, Spool::make(STDIN_FILENO));
  return CsvImport(map, sink, options).run(spool->path());
}

}  // namespace opsledger
