#include "kernel/query/row_filter.hpp"

#include "kernel/projection/column_key.hpp"

namespace opsledger {

namespace {

/// Nothing when the table has no such column, or one that holds no text.
std::optional<ColumnRef> text_column(const TableShape& shape, const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto field = shape.field(name);
  if (!field) return std::nullopt;
  const TypeNode* type = shape.fields()[*field].type.get();
  if (inner_type(*type).kind != TypeNode::Kind::kString) return std::nullopt;
  return ColumnRef{ColumnRef::Kind::kField, *field, type};
}

BytesView text_of(const RowContext& row, const ColumnRef& column) {
  return row.is_null(column) ? BytesView() : row.text(column);
}

}  // namespace

RowFilter::RowFilter(RowScope scope, const TableShape& shape, const Ledger& ledger)
    : scope_(std::move(scope)),
      ledger_(ledger),
      department_column_(text_column(shape, shape.department_column)),
      owner_column_(text_column(shape, shape.owner_column)) {}

Result<BytesView> RowFilter::event_department(Position position) {
  if (position != looked_up_) {
    OPS_TRY_ASSIGN(const auto event, ledger_.get(position));
    department_ = event->department;
    looked_up_ = position;
  }
  return BytesView(department_);
}

Result<BytesView> RowFilter::department(const RowContext& row) {
  if (department_column_) return text_of(row, *department_column_);
  return event_department(row.position());
}

Result<bool> RowFilter::within(const RowScope& scope, const RowContext& row) {
  if (scope.everything()) return true;
  const auto owner = owner_column_ ? text_of(row, *owner_column_) : BytesView();
  OPS_TRY_ASSIGN(const auto department, this->department(row));
  return scope.sees(department, owner);
}

Result<bool> RowFilter::sees(const RowContext& row) {
  return within(scope_, row);
}

void RowFilter::show_personal(PersonalReader reader, RowScope scope) {
  personal_ = std::move(reader);
  personal_scope_ = std::move(scope);
}

Status RowFilter::reveal(const RowContext& row, const ColumnRef& column, Bytes* out) {
  PersonalReader reader = personal_;
  if (reader.store != nullptr) {
    OPS_TRY_ASSIGN(reader.all, within(personal_scope_, row));
  }
  return reader.reveal(*column.type, row.value(column), out);
}

Result<bool> RowFilter::sees_erasure(Position position) {
  if (scope_.everything()) return true;
  OPS_TRY_ASSIGN(const auto department, event_department(position));
  return scope_.sees(department, {});
}

}  // namespace opsledger
