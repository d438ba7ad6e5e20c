// One row while it is being looked at: its columns cut out and their keys made on demand.
#pragma once

#include <vector>

#include "kernel/query/bound_query.hpp"
#include "kernel/schema/payload_reader.hpp"

namespace opsledger {

class RowFilter;

/// Reused for every row of a read; one thread. Views live until the next `set`.
class RowContext {
 public:
  /// `filter` says whose personal fields `append_json` shows; null = nobody's.
  explicit RowContext(const TableShape& shape, RowFilter* filter = nullptr);

  /// Errors: kCorrupt when the bytes are not a row.
  Status set(BytesView key, BytesView row, Position position);

  BytesView key() const { return key_; }
  BytesView row() const { return row_; }
  Position position() const { return position_; }
  /// Bytes of a field's value.
  BytesView value(const ColumnRef& column) const { return values_[column.field]; }
  /// Column key (kernel/projection/column_key.hpp). Precondition: the column has one.
  BytesView column_key(const ColumnRef& column);
  bool is_null(const ColumnRef& column) const;
  /// Text of a string column or the key. Precondition: not null.
  BytesView text(const ColumnRef& column) const;
  /// Stands before the value of a field, inside its optionals. Precondition: not null.
  PayloadReader reader(const ColumnRef& column) const;
  /// Column keys of a list column's elements, in order. Precondition: scalar elements.
  std::vector<Bytes> element_keys(const ColumnRef& column) const;
  /// Appends the column's value as JSON. Errors: kCorrupt.
  Status append_json(const ColumnRef& column, std::string* out) const;

 private:
  /// Moves `in` into the optionals around the value; false = null.
  static bool enter(const ColumnRef& column, PayloadReader& in);

  const TableShape& shape_;
  RowFilter* const filter_;
  BytesView key_, row_;
  Position position_{};
  std::vector<BytesView> values_;
  std::vector<Bytes> keys_;  ///< per field, then row key, then position; empty = not made yet
};

}  // namespace opsledger
