// A CSV file as a sheet.
#pragma once

#include <memory>

#include "kernel/import/csv_reader.hpp"
#include "kernel/sheets/sheet_reader.hpp"

namespace opsledger {

/// `source` is UTF-8. An empty field is no value, `""` the empty text; an apostrophe before a
/// character that would start a formula is taken off, as csv_writer puts it on.
class CsvSheet final : public SheetReader {
 public:
  /// `delimiter` 0: looked for in the first line. Errors: those of the source.
  static Result<std::unique_ptr<SheetReader>> make(std::unique_ptr<ByteSource> source,
                                                   char delimiter);
  Result<bool> next(SheetRow* row) override;
  SheetFormat format() const override { return SheetFormat::kCsv; }

 private:
  CsvSheet(std::unique_ptr<ByteSource> source, char delimiter);

  std::unique_ptr<ByteSource> source_;
  CsvReader reader_;
  CsvRecord record_;
  std::uint64_t records_ = 0, cells_ = 0;
};

}  // namespace opsledger
