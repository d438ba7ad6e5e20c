// One sheet of an XLSX workbook, row by row.
#pragma once

#include <memory>
#include <string>

#include "kernel/sheets/package.hpp"
#include "kernel/sheets/sheet_reader.hpp"

namespace opsledger {

/// Formulas are never evaluated: a cell holds what the program that saved the file had computed.
/// Memory: the shared texts and some rows. Errors: those of SheetReader; kNotFound `sheet.unknown`.
Result<std::unique_ptr<SheetReader>> make_xlsx_reader(std::unique_ptr<Package> package,
                                                      const std::string& sheet);

}  // namespace opsledger
