// One field of a row: cleaned, mapped, checked and written as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/import/import_map.hpp"
#include "kernel/import/time_reader.hpp"

namespace opsledger {

/// Reads the cells of one column. One thread.
class CellReader {
 public:
  /// Precondition: `column` came out of ImportMap::parse, and lives as long.
  explicit CellReader(const MapColumn& column);

  /// Cleaned text of `raw` after `values`; nothing = missing. The view is into `raw` or the map.
  /// Errors (the text is the reason): a required value is missing, a text that `values` lacks.
  Result<std::optional<std::string_view>> clean(std::string_view raw) const;

  /// Appends the JSON of a cleaned text. Errors: it does not read as the column's kind.
  Status append_json(std::string_view text, std::string* out);
  /// The cleaned text as a time; kTime columns only.
  Result<Time> time(std::string_view text);

  const MapColumn& column() const { return column_; }

 private:
  Error no(std::string_view text, const std::string& expected) const;
  Status append_integer(std::string_view text, std::string* out) const;
  Status append_number(std::string_view text, std::string* out) const;
  Status append_boolean(std::string_view text, std::string* out) const;
  Status append_date_json(std::string_view text, std::string* out) const;
  Status append_decimal_json(std::string_view text, std::string* out) const;
  Status append_money(std::string_view text, std::string* out) const;

  const MapColumn& column_;
  std::optional<TimeReader> time_;
  unsigned minor_digits_ = 2;
};

}  // namespace opsledger
