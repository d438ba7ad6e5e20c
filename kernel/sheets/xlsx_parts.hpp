// What an XLSX workbook says beside its sheets: which there are, formats, shared texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/sheets/package.hpp"
#include "kernel/sheets/serial_date.hpp"

namespace opsledger {

/// All texts end to end: one allocation, whatever their number.
class SharedStrings {
 public:
  /// Errors: kTooLarge.
  Status add(std::string_view text);
  /// Precondition: index < size().
  std::string_view at(std::size_t index) const;
  std::size_t size() const { return ends_.size(); }

 private:
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

/// Names of parts; empty where the workbook has none.
struct Workbook {
  std::string sheet, styles, shared_strings;
  bool since_1904 = false;
};

/// Finds the sheet called `name` (empty: the first) by the package's relations. Errors: kNotFound
/// `sheet.unknown` listing the sheets, kMalformed, kTooLarge.
Result<Workbook> read_workbook(Package& package, const std::string& name);
/// What each cell style (attribute `s`) makes of a number.
Result<std::vector<NumberShows>> read_styles(Package& package, const std::string& part);
Result<SharedStrings> read_shared_strings(Package& package, const std::string& part);

/// `_x000D_` -> a carriage return (ECMA-376 22.9.2.19, ST_Xstring).
std::string unescape_xstring(std::string_view text);

}  // namespace opsledger
