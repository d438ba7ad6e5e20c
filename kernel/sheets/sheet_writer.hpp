// Writes one table as a file that people open in a spreadsheet program.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernel/sheets/sheet_cell.hpp"
#include "kernel/sheets/sheet_reader.hpp"

namespace opsledger {

struct SheetColumn {
  std::string title;
  std::string number_format;  ///< XLSX: of its numbers, `0.00`; empty = general
};

/// One thread at a time. After an error only the destructor may be called.
class SheetWriter {
 public:
  virtual ~SheetWriter() = default;
  /// One cell per column. Errors: kTooLarge `export.too_large` (naming the limit, row and column),
  /// kIo `export.write`.
  virtual Status row(std::span<const SheetCell> cells) = 0;
  /// Writes the end; the file is whole only after this. Errors: kIo.
  virtual Status finish() = 0;
};

/// Writes the titles. `path` is made or emptied. Errors: as `row`.
Result<std::unique_ptr<SheetWriter>> make_sheet_writer(SheetFormat format, const std::string& path,
                                                       std::span<const SheetColumn> columns);

/// UTF-8 with a byte order mark, CRLF, RFC 4180. No value: an empty field; the empty text: `""`.
/// A text that a spreadsheet would run as a formula gets an apostrophe (formula_guard.hpp).
Result<std::unique_ptr<SheetWriter>> make_csv_writer(const std::string& path,
                                                     std::span<const SheetColumn> columns);
/// Texts are text cells and never run; no formula is ever written. Numbers of more than 15 digits
/// and moments before March 1900 are written as texts, because the format cannot hold them; times
/// to the millisecond; the empty text as no value. Row by row with constant memory.
Result<std::unique_ptr<SheetWriter>> make_xlsx_writer(const std::string& path,
                                                      std::span<const SheetColumn> columns);

}  // namespace opsledger
