// Tables as files for a spreadsheet program.
#pragma once

#include <memory>
#include <optional>

#include "kernel/exchange/spool_file.hpp"
#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/response.hpp"
#include "kernel/http/table_parameters.hpp"
#include "kernel/query/row_filter.hpp"
#include "kernel/sheets/sheet_reader.hpp"

namespace opsledger {

namespace media {
inline constexpr std::string_view kCsv = "text/csv";
inline constexpr std::string_view kCsvSent = "text/csv; charset=utf-8; header=present";
inline constexpr std::string_view kXlsx =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}  // namespace media

/// The spreadsheet format that `Accept` asks for; nothing for other reads, and for HEAD.
std::optional<SheetFormat> export_format(const Request& request);

/// Writes the rows to a temporary file, records `export.made` with its hash, and answers with the
/// file: not a byte goes out that the ledger does not know of. `Prefer: labels` titles columns in
/// the language of `Accept-Language`; `Prefer: timezone=…` gives local times. May read the disk and
/// waits for a commit. Errors: those of export_table and the ledger.
Result<Response> export_rows(ServerContext& server, const Request& request,
                             const TableParameters& parameters, const TableSnapshot& snapshot,
                             RowFilter& filter, SheetFormat format);

}  // namespace opsledger
