// Aggregates: rows in, one output row per group of the other selected columns.
#pragma once

#include <map>
#include <vector>

#include "kernel/query/accumulator.hpp"

namespace opsledger {

/// One read; one thread. Groups come in the order asked for, ties and no order by the selected
/// columns, so that the answer never depends on storage.
class Grouping {
 public:
  explicit Grouping(const BoundQuery& query);

  /// Errors: kTooLarge beyond kGroupsMax groups; those of Accumulator.
  Status add(RowContext& row);
  /// Without grouping columns there is always exactly one group.
  std::size_t size() const { return groups_.size(); }
  /// Appends the groups from `offset`, at most `limit`, as JSON objects with commas; their number.
  std::uint64_t append_json(std::uint64_t offset, std::uint64_t limit, std::string* out) const;

 private:
  struct Group {
    std::vector<std::string> shown;  ///< grouping columns as JSON
    std::vector<Accumulator> values;
  };
  Result<Group> start_group(const RowContext& row) const;

  const BoundQuery& query_;
  std::vector<OutputColumn> by_, values_;
  std::map<Bytes, Group> groups_;
  Bytes scratch_;
};

}  // namespace opsledger
