// Rows of a spreadsheet file, one after the other: CSV in several encodings, XLSX.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kernel/sheets/sheet_cell.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

enum class SheetFormat { kCsv, kXlsx };

/// One pass over one sheet; memory does not grow with the rows. One thread at a time.
class SheetReader {
 public:
  virtual ~SheetReader() = default;
  /// The next row that has a value; false at the end. Errors: kMalformed `sheet.…` (the file is no
  /// such file, damaged, or holds what is refused), kTooLarge `sheet.too_large` (a limit of
  /// limits.hpp, named), kIo.
  virtual Result<bool> next(SheetRow* row) = 0;
  virtual SheetFormat format() const = 0;
};

struct SheetOptions {
  std::string sheet;     ///< XLSX: name of the sheet; empty = the first
  std::string encoding;  ///< CSV: utf-8, utf-16le, utf-16be, gb18030; empty = found out
  char delimiter = 0;    ///< CSV; 0 = the commonest of comma, semicolon and tab in the first line
};

/// Opens `path`, told by its first bytes (never by its name): a zip is XLSX, all else CSV, packed
/// with gzip or zstd or not. Errors: those of `next`; kNotFound (no such file or sheet); kInvalid
/// `sheet.encoding` (unknown name).
Result<std::unique_ptr<SheetReader>> open_sheet(const std::string& path,
                                                const SheetOptions& options);

/// What `open_sheet` would take the file for. Errors: kNotFound, kIo.
Result<SheetFormat> sheet_format(const std::string& path);

}  // namespace opsledger
