// Importing a CSV file: rows -> batches with fixed borders -> a sink.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernel/import/byte_source.hpp"
#include "kernel/import/import_map.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// One request of `POST /v1/events`.
struct ImportBatch {
  std::uint64_t first_row = 0, last_row = 0;  ///< data rows of the file, from 1
  std::string body;                           ///< `{"events":[…]}`
  /// `import:<SHA-256 of the content>:<map hash>:<first>-<last>`: from the file, the map and the
  /// borders, never from what a row says. The same batch sent twice is stored once.
  std::string key;
  std::vector<std::uint64_t> rows;  ///< per event of `body`: its row
  std::vector<std::size_t> ends;    ///< per event of `body`: where its JSON ends
};

/// Where batches go. The import calls it from one thread, in the order of the file.
class ImportSink {
 public:
  using Completion = std::function<void(Result<AppendOutcome>)>;
  virtual ~ImportSink() = default;
  /// Sends `batch` and keeps the order: events of an earlier call come first in the ledger. `done`
  /// is called once, on any thread, when the batch is durable (or was before) or refused. May wait.
  /// A batch that is refused for what is in it is reported before `submit` returns; errors with
  /// pointers `/events/<n>/…` name the events at fault.
  virtual void submit(const ImportBatch& batch, Completion done) = 0;
};

struct RejectedRow {
  std::uint64_t row = 0;   ///< data row, from 1
  std::uint64_t line = 0;  ///< line of the file, from 1; 0 when the sink refused the row
  std::string column, why;
};

struct ImportProgress {
  enum class Stage { kChecking, kImporting } stage{};
  std::uint64_t bytes_read = 0, bytes_total = 0;  ///< of the file, compressed where it is
  std::uint64_t rows = 0, events = 0, rejected = 0;
};

struct ImportReport {
  std::uint64_t rows = 0, rejected = 0;
  std::uint64_t events = 0;                      ///< in batches that the sink took, new or not
  std::uint64_t batches = 0, batches_known = 0;  ///< known: stored by an earlier import
  Position first{}, last{};                      ///< lowest and highest position; 0 = none
};

struct ImportOptions {
  enum class OnError {
    kStop,  ///< the first bad row ends the import; batches before its own are imported
    kSkip,  ///< bad rows are reported and left out
  } on_error = OnError::kStop;
  std::function<void(const ImportProgress&)> on_progress;  ///< on the calling thread, often
  std::function<void(const RejectedRow&)> on_rejected;     ///< on any one thread at a time
};

/// Imports `path` (`.csv`, gzip, zstd; `-` = standard input) through `map`. Parses on the calling
/// thread while a second one sends; bounded memory. An import that is repeated or goes on after a
/// stop stores nothing twice. For a dry run give a sink that only checks.
/// Errors: those of open_source and of the sink, with the rows in the text; kInvalid
/// `import.row_invalid` (kStop), `import.columns_missing`, `import.empty`.
Result<ImportReport> import_csv(const std::string& path, const ImportMap& map, ImportSink& sink,
                                const ImportOptions& options);

}  // namespace opsledger
