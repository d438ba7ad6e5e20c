// One cell, as readers hand it out and writers take it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace opsledger {

enum class CellKind : std::uint8_t {
  kEmpty,    ///< no value (null)
  kText,     ///< may be the empty text, where a format can say so (CSV: `""`)
  kNumber,   ///< decimal digits: `-12.50`, no exponent
  kBoolean,  ///< `true`, `false`
  kDate,     ///< `2026-11-11`
  kTime,     ///< local: `2026-11-11T20:04:00`, with `.250` where there are milliseconds; or
             ///< `20:04:00`, a time of day
  kError,    ///< no value at all: `#N/A`, a formula without a stored value; read only
};

struct SheetCell {
  CellKind kind = CellKind::kEmpty;
  std::string text;  ///< UTF-8
  friend bool operator==(const SheetCell&, const SheetCell&) = default;
};

/// One row with at least one value.
struct SheetRow {
  std::uint64_t number = 0;  ///< from 1; XLSX: the sheet's own, CSV: counts records
  std::vector<SheetCell> cells;
  std::optional<std::string> bad;  ///< why it is no row (cells are then empty)
};

}  // namespace opsledger
