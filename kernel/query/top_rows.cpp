#include "kernel/query/top_rows.hpp"

#include <algorithm>

#include "kernel/query/limits.hpp"
#include "kernel/query/query_error.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kSlackRows = 256;

bool before(const TopRows::Row& a, const TopRows::Row& b) {
  return a.sort_key < b.sort_key;
}

std::size_t bytes_of(const TopRows::Row& row) {
  return sizeof(row) + row.sort_key.size() + row.key.size() + row.row.size();
}

}  // namespace

Status TopRows::add(Row row) {
  bytes_ += bytes_of(row);
  rows_.push_back(std::move(row));
  if (rows_.size() >= 2 * rows_max_ + kSlackRows || bytes_ > query_limits::kSortBytesMax) shrink();
  if (bytes_ > query_limits::kSortBytesMax) {
    return query_too_large("the rows to sort exceed " +
                           std::to_string(query_limits::kSortBytesMax >> 20) +
                           " MiB; ask for fewer with limit, or filter");
  }
  return {};
}

void TopRows::shrink() {
  if (rows_.size() <= rows_max_) return;
  const auto last = rows_.begin() + static_cast<std::ptrdiff_t>(rows_max_);
  std::nth_element(rows_.begin(), last, rows_.end(), before);
  rows_.erase(last, rows_.end());
  bytes_ = 0;
  for (const auto& row : rows_) bytes_ += bytes_of(row);
}

std::vector<TopRows::Row> TopRows::take() {
  shrink();
  std::sort(rows_.begin(), rows_.end(), before);
  return std::move(rows_);
}

}  // namespace opsledger
