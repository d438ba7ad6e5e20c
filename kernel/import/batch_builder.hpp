// Rows of a file -> batches with borders that depend on the file and the map alone.
#pragma once

#include <memory>
#include <optional>

#include "kernel/import/csv_import.hpp"
#include "kernel/import/csv_reader.hpp"
#include "kernel/import/row_mapper.hpp"

namespace opsledger {

/// One thread. `source` and `map` must outlive it.
class BatchBuilder {
 public:
  /// `content`: SHA-256 of the file, part of every key.
  BatchBuilder(ByteSource& source, const ImportMap& map, const Hash& content);

  /// Reads the header. Errors: kInvalid `import.empty`, `import.header_invalid`,
  /// `import.columns_missing`.
  Status start();
  /// The next batch (perhaps without events), nothing at the end. Bad rows go to `bad`; its error
  /// ends the batch and is returned.
  Result<std::optional<ImportBatch>> next(const std::function<Status(const RejectedRow&)>& bad);

 private:
  std::string key_of(const ImportBatch& batch) const;

  const ImportMap& map_;
  const std::string key_prefix_;
  CsvReader reader_;
  CsvRecord record_;
  std::unique_ptr<RowMapper> mapper_;
  std::uint64_t row_ = 0;
};

/// `batch` without the events of `rows` (sorted).
ImportBatch without_rows(const ImportBatch& batch, const std::vector<std::uint64_t>& rows);

}  // namespace opsledger
