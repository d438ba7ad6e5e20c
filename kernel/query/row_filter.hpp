// Whether a reader may see a row: applied before anything is counted, summed, compared or shown.
#pragma once

#include <optional>

#include "kernel/events/personal_events.hpp"
#include "kernel/modules/row_scope.hpp"
#include "kernel/query/row_context.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// A row belongs to the department and the owner in the columns that its table declares for them.
/// Where a table declares no department column, it belongs to the department of the event that
/// wrote the version that is looked at. One read, one thread; the scope is copied, the rest must
/// outlive it.
class RowFilter {
 public:
  RowFilter(RowScope scope, const TableShape& shape, const Ledger& ledger);

  /// Personal fields are shown in rows within `scope`, and everywhere to whom they are about.
  void show_personal(PersonalReader reader, RowScope scope);
  /// Appends the column's bytes with the personal fields opened that are shown in this row.
  Status reveal(const RowContext& row, const ColumnRef& column, Bytes* out);

  /// Errors: the ledger's.
  Result<bool> sees(const RowContext& row);
  /// The same for a version that was erased: there is no row, so only its event tells.
  Result<bool> sees_erasure(Position position);

 private:
  Result<bool> within(const RowScope& scope, const RowContext& row);
  Result<BytesView> department(const RowContext& row);
  Result<BytesView> event_department(Position position);

  const RowScope scope_;
  PersonalReader personal_;
  RowScope personal_scope_;
  const Ledger& ledger_;
  std::optional<ColumnRef> department_column_, owner_column_;
  Position looked_up_{};  // whose department is kept, 0 = none
  Bytes department_;
};

}  // namespace opsledger
