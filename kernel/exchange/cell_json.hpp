// Cells -> JSON of a field's type.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "kernel/import/time_reader.hpp"
#include "kernel/schema/type_node.hpp"
#include "kernel/sheets/sheet_cell.hpp"

namespace opsledger {

/// Reads cells as people type them: `是`, `2026/11/11 20:04`, `a;b`, `19.90`. What does not read as
/// the type is passed on as text, so that the schema refuses it in its own words. One thread.
class CellJson {
 public:
  /// `time_zone` of moments without an offset (IANA, empty = UTC); `currency` of amounts without
  /// one. Errors: kInvalid.
  static Result<CellJson> make(const std::string& time_zone, const std::string& currency);

  /// Precondition: the cell is neither empty nor an error.
  boost::json::value value(const TypeNode& type, const SheetCell& cell);

 private:
  CellJson(TimeReader times, std::string currency)
      : times_(std::move(times)), currency_(std::move(currency)) {}
  boost::json::value moment(const std::string& text);
  boost::json::value list(const TypeNode& element, const std::string& text);
  boost::json::value money(const std::string& text) const;

  TimeReader times_;
  std::string currency_;
};

/// `{"minor","currency"}` of an amount such as `-19.9`; nothing when it is none, or finer than the
/// currency.
std::optional<boost::json::value> money_json(std::string_view amount, std::string_view currency);

}  // namespace opsledger
