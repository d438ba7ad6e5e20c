// Which column of a file is which field of a command.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "kernel/exchange/cell_json.hpp"
#include "kernel/sheets/sheet_cell.hpp"

namespace opsledger {

/// Why a row is none, as the command's schema or the file says it.
struct RowFault {
  std::string code;     ///< `schema.invalid`, `import.cell`, a module's own …
  std::string pointer;  ///< `/due_at`; may be empty
  std::string message;
};

/// Columns are found by field name, alias, or either label, without regard to case; `a.b` is field
/// b of the struct a, `price.currency` the currency of an amount. Immutable but for its reader of
/// cells; the schema must outlive it. One thread.
class HeaderMap {
 public:
  /// `map`: header -> field, or null for a column to leave out; headers that it does not name are
  /// looked up as they are. Errors: kInvalid `import.header`, every column at fault in
  /// Error::fields: unknown, twice the same field, a field that needs a value and has no column.
  static Result<HeaderMap> make(const TypeNode& command, const SheetRow& header,
                                const boost::json::object& map);

  /// The command's JSON; empty cells are left out. Nothing and `fault` when a cell holds an error
  /// or stands behind the last header.
  std::optional<boost::json::object> row(const SheetRow& row, CellJson& reader,
                                         RowFault* fault) const;

 private:
  struct Column {
    std::vector<std::string> path;  ///< empty: left out
    const TypeNode* type = nullptr;
    bool currency = false;
  };
  static Result<Column> find(const TypeNode& command, const std::string& name);
  std::vector<Column> columns_;
};

}  // namespace opsledger
