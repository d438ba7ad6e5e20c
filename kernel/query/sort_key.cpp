#include "kernel/query/sort_key.hpp"

#include "kernel/projection/column_key.hpp"
#include "kernel/query/plan.hpp"

namespace opsledger {
namespace {

void complement(Bytes* out, std::size_t from) {
  for (auto i = from; i < out->size(); ++i) (*out)[i] = static_cast<char>(~(*out)[i]);
}

}  // namespace

void append_order_key(const BoundQuery& query, RowContext& row, Bytes* out) {
  for (const auto& term : query.order) {
    if (row.is_null(term.column)) {
      out->push_back(term.nulls_first ? '\x00' : '\x02');
      continue;
    }
    out->push_back('\x01');
    const auto from = out->size();
    out->append(row.column_key(term.column).substr(1));
    if (term.descending) complement(out, from);
  }
}

void append_sort_key(const BoundQuery& query, RowContext& row, Bytes* out) {
  append_order_key(query, row, out);
  const auto from = out->size();
  append_text_key(row.key(), out);
  if (ties_descend(query)) complement(out, from);
}

}  // namespace opsledger
