#include "kernel/query/row_json.hpp"

namespace opsledger {

Status append_columns(const std::vector<OutputColumn>& columns, const RowContext& row,
                      std::string* out) {
  const auto begin = out->size();
  for (const auto& output : columns) {
    *out += output.json_key;
    OPS_TRY(row.append_json(output.column, out));
  }
  (*out)[begin] = '{';  // in place of the first column's comma
  *out += '}';
  return {};
}

}  // namespace opsledger
