#include "kernel/sheets/sheet_reader.hpp"

#include "kernel/sheets/csv_sheet.hpp"
#include "kernel/sheets/text_encoding.hpp"
#include "kernel/sheets/xlsx_reader.hpp"

namespace opsledger {

namespace {

Result<std::unique_ptr<SheetReader>> open_csv(const std::string& path,
                                              const SheetOptions& options) {
  TextEncoding encoding{};
  if (options.encoding.empty()) {
    OPS_TRY_ASSIGN(const auto looked_at, open_source(path));
    OPS_TRY_ASSIGN(encoding, detect_encoding(*looked_at));
  } else {
    OPS_TRY_ASSIGN(encoding, encoding_named(options.encoding));
  }
  OPS_TRY_ASSIGN(auto source, open_source(path));
  if (encoding != TextEncoding::kUtf8) {
    OPS_TRY_ASSIGN(source, to_utf8(std::move(source), encoding));
  }
  return CsvSheet::make(std::move(source), options.delimiter);
}

}  // namespace

Result<SheetFormat> sheet_format(const std::string& path) {
  OPS_TRY_ASSIGN(const auto source, open_source(path));
  char head[4] = {};
  std::size_t filled = 0;
  while (filled < sizeof head) {
    OPS_TRY_ASSIGN(const auto count, source->read(head + filled, sizeof head - filled));
    if (count == 0) break;
    filled += count;
  }
  const std::string_view magic(head, filled);
  return magic.starts_with("PK\x03\x04") || magic.starts_with("PK\x05\x06") ? SheetFormat::kXlsx
                                                                            : SheetFormat::kCsv;
}

Result<std::unique_ptr<SheetReader>> open_sheet(const std::string& path,
                                                const SheetOptions& options) {
  OPS_TRY_ASSIGN(const auto format, sheet_format(path));
  if (format == SheetFormat::kCsv) return open_csv(path, options);
  OPS_TRY_ASSIGN(auto package, open_zip_package(path));
  return make_xlsx_reader(std::move(package), options.sheet);
}

}  // namespace opsledger
