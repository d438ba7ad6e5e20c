#include "kernel/query/grouping.hpp"

#include "kernel/query/limits.hpp"
#include "kernel/query/query_error.hpp"
#include "kernel/query/sort_key.hpp"

namespace opsledger {

Grouping::Grouping(const BoundQuery& query) : query_(query) {
  for (const auto& output : query.output) {
    (output.aggregate == Aggregate::kNone ? by_ : values_).push_back(output);
  }
  if (by_.empty()) groups_[{}].values.resize(values_.size());
}

Result<Grouping::Group> Grouping::start_group(const RowContext& row) const {
  if (groups_.size() >= query_limits::kGroupsMax) {
    return query_too_large("more than " + std::to_string(query_limits::kGroupsMax) +
                           " groups; filter, or group by fewer columns");
  }
  Group group;
  for (const auto& output : by_) {
    OPS_TRY(row.append_json(output.column, &group.shown.emplace_back()));
  }
  group.values.resize(values_.size());
  return group;
}

Status Grouping::add(RowContext& row) {
  scratch_.clear();
  append_order_key(query_, row, &scratch_);
  for (const auto& output : by_) scratch_.append(row.column_key(output.column));
  auto found = groups_.find(scratch_);
  if (found == groups_.end()) {
    OPS_TRY_ASSIGN(auto group, start_group(row));
    found = groups_.emplace(scratch_, std::move(group)).first;
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    OPS_TRY(found->second.values[i].add(values_[i], row));
  }
  return {};
}

std::uint64_t Grouping::append_json(std::uint64_t offset, std::uint64_t limit,
                                    std::string* out) const {
  std::uint64_t skipped = 0, written = 0;
  for (const auto& [key, group] : groups_) {
    if (skipped < offset) {
      ++skipped;
      continue;
    }
    if (written == limit) break;
    if (written++ > 0) *out += ',';
    const auto begin = out->size();
    std::size_t shown = 0, value = 0;
    for (const auto& output : query_.output) {
      *out += output.json_key;
      if (output.aggregate == Aggregate::kNone) {
        *out += group.shown[shown++];
      } else {
        group.values[value++].append_json(output, out);
      }
    }
    (*out)[begin] = '{';  // in place of the first column's comma
    *out += '}';
  }
  return written;
}

}  // namespace opsledger
