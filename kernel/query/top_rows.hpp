// Keeps the first rows of an order while rows come in any order.
#pragma once

#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Holds at most twice the rows it must return. One thread.
class TopRows {
 public:
  struct Row {
    Bytes sort_key, key, row;
    Position position{};
  };
  explicit TopRows(std::size_t rows_max) : rows_max_(rows_max) {}

  /// Errors: kTooLarge when the rows that are kept exceed kSortBytesMax.
  Status add(Row row);
  /// The first rows in order. Once.
  std::vector<Row> take();

 private:
  void shrink();

  std::size_t rows_max_;
  std::size_t bytes_ = 0;
  std::vector<Row> rows_;
};

}  // namespace opsledger
