// A table read as a spreadsheet file.
#pragma once

#include <functional>
#include <string>

#include "kernel/exchange/export_columns.hpp"
#include "kernel/query/table_query.hpp"

namespace opsledger {

struct TableExportOptions {
  SheetFormat format = SheetFormat::kCsv;
  Titles titles = Titles::kNames;
  std::string time_zone;  ///< IANA name; empty = UTC
};

struct TableExport {
  std::uint64_t rows = 0;
  Hash sha256{};  ///< of the file
  Position as_of{};
  std::string generation;
};

/// One page, as its reader may see it: where rows are filtered by rights, here.
using ReadPage = std::function<Result<TablePage>(const TableSnapshot&, const QueryParameters&)>;

/// Writes every row that `parameters` (PostgREST's grammar) choose to `path`. A read without
/// order, limit, offset and aggregates is any number of rows long, in the order of keys, and all as
/// of one position; others are one page of `read_table` with its limits. Errors: those of
/// `read_page` and of the writer; kInvalid `export.time_zone`; kTooLarge `export.too_large`.
Result<TableExport> export_table(const TableSnapshot& snapshot, const QueryParameters& parameters,
                                 const TableExportOptions& options, const ReadPage& read_page,
                                 const std::string& path);

}  // namespace opsledger
