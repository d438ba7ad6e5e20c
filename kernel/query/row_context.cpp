#include "kernel/query/row_context.hpp"

#include "kernel/projection/column_key.hpp"
#include "kernel/query/row_filter.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/personal_tokens.hpp"

namespace opsledger {

RowContext::RowContext(const TableShape& shape, RowFilter* filter)
    : shape_(shape), filter_(filter), keys_(shape.fields().size() + 2) {}

Status RowContext::set(BytesView key, BytesView row, Position position) {
  key_ = key;
  row_ = row;
  position_ = position;
  for (auto& made : keys_) made.clear();
  return split_fields(shape_.row->root(), row, &values_);
}

BytesView RowContext::column_key(const ColumnRef& column) {
  const auto fields = shape_.fields().size();
  const auto slot = column.kind == ColumnRef::Kind::kField ? column.field
                    : column.kind == ColumnRef::Kind::kKey ? fields
                                                           : fields + 1;
  auto& made = keys_[slot];
  if (!made.empty()) return made;
  switch (column.kind) {
    case ColumnRef::Kind::kKey:
      append_text_key(key_, &made);
      break;
    case ColumnRef::Kind::kPosition:
      append_u64_key(position_.value, &made);
      break;
    // the row came apart in set(), so its values are well formed
    case ColumnRef::Kind::kField:
      OPS_ASSERT(append_column_key(*column.type, value(column), &made));
  }
  return made;
}

bool RowContext::enter(const ColumnRef& column, PayloadReader& in) {
  for (const auto* type = column.type; type->kind == TypeNode::Kind::kOptional;
       type = type->element.get()) {
    if (in.fixed<std::uint8_t>() == 0) return false;
  }
  return true;
}

bool RowContext::is_null(const ColumnRef& column) const {
  if (column.kind != ColumnRef::Kind::kField) return false;
  PayloadReader in(value(column));
  return !enter(column, in);
}

PayloadReader RowContext::reader(const ColumnRef& column) const {
  PayloadReader in(value(column));
  enter(column, in);
  return in;
}

BytesView RowContext::text(const ColumnRef& column) const {
  return column.kind == ColumnRef::Kind::kKey ? key_ : reader(column).bytes();
}

std::vector<Bytes> RowContext::element_keys(const ColumnRef& column) const {
  std::vector<Bytes> keys;
  PayloadReader in(value(column));
  if (!enter(column, in)) return keys;
  const TypeNode& element = *inner_type(*column.type).element;
  keys.resize(in.count(element.bytes_min));
  for (auto& key : keys) OPS_ASSERT(append_next_column_key(element, in, &key));
  return keys;
}

Status RowContext::append_json(const ColumnRef& column, std::string* out) const {
  switch (column.kind) {
    case ColumnRef::Kind::kKey:
      append_json_string(key_, out);
      return {};
    case ColumnRef::Kind::kPosition:
      append_decimal(position_.value, out);
      return {};
    case ColumnRef::Kind::kField:
      if (filter_ != nullptr && has_personal(*column.type)) {
        Bytes revealed;
        OPS_TRY(filter_->reveal(*this, column, &revealed));
        return decode_value_to(*column.type, revealed, out);
      }
      return decode_value_to(*column.type, value(column), out);
  }
  return {};
}

}  // namespace opsledger
