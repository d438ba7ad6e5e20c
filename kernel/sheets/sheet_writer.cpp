#include "kernel/sheets/sheet_writer.hpp"

namespace opsledger {

Result<std::unique_ptr<SheetWriter>> make_sheet_writer(SheetFormat format, const std::string& path,
                                                       std::span<const SheetColumn> columns) {
  return format == SheetFormat::kCsv ? make_csv_writer(path, columns)
                                     : make_xlsx_writer(path, columns);
}

}  // namespace opsledger
