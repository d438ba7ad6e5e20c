// Columns of a table read -> columns of a spreadsheet.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "kernel/query/bound_query.hpp"
#include "kernel/sheets/sheet_writer.hpp"

namespace date {
class time_zone;
}

namespace opsledger {

enum class Titles { kNames, kEnglish, kChinese };

/// What one read shows, and how each value becomes a cell. Immutable.
class ExportColumns {
 public:
  /// `local`: moments are written as local time there; null: UTC.
  ExportColumns(const BoundQuery& query, Titles titles, SheetFormat format,
                const date::time_zone* local);

  /// Money has two: the amount and, titled `<column>.currency`, the currency.
  const std::vector<SheetColumn>& titles() const { return titles_; }
  /// The cells of one row, in the order of `titles`.
  std::vector<SheetCell> cells(const boost::json::object& row) const;

 private:
  struct Column {
    std::string name;
    const TypeNode* type = nullptr;  ///< null: key, position or aggregate
  };
  void append(const Column& column, const boost::json::value& value,
              std::vector<SheetCell>* out) const;
  SheetCell moment(std::string_view rfc3339) const;

  std::vector<Column> columns_;
  std::vector<SheetColumn> titles_;
  const SheetFormat format_;
  const date::time_zone* const local_;
};

/// `;`-separated where every element is a plain text or number and can be told apart again; else
/// JSON. `[]` for the empty list.
std::string list_text(const boost::json::array& list);

/// 1999 of a currency with two decimals -> `19.99`.
std::string amount_text(std::int64_t minor, unsigned digits);

}  // namespace opsledger
