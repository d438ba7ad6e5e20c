// One aggregate of one group: count, sum, avg, min, max, exact for integers, Decimal and Money.
#pragma once

#include <string>

#include "kernel/query/row_context.hpp"

namespace opsledger {

/// A value; one thread. Nulls are left out, as in SQL.
class Accumulator {
 public:
  /// Errors: kInvalid `query.invalid` when a sum overflows or mixes currencies.
  Status add(const OutputColumn& output, RowContext& row);
  /// Appends JSON. Integers and f64 give numbers (avg is always an f64), Decimal a string (avg: six
  /// more digits, at most 18, half away from zero), Money an object (avg: whole minor units).
  void append_json(const OutputColumn& output, std::string* out) const;

 private:
  Status add_number(const OutputColumn& output, const RowContext& row);
  Status add_exact(__int128 value);
  Status add_extreme(const OutputColumn& output, RowContext& row);
  void append_sum(TypeNode::Kind kind, std::string* out) const;
  void append_average(TypeNode::Kind kind, std::string* out) const;
  void append_money(__int128 minor, std::string* out) const;

  std::uint64_t count_ = 0;
  __int128 sum_ = 0;  ///< integers, minor units; Decimal x 10^18
  double float_sum_ = 0;
  unsigned scale_ = 0;    ///< largest Decimal scale seen
  std::string currency_;  ///< of the Money seen
  Bytes extreme_key_;     ///< column key of the least or greatest value
  std::string extreme_;   ///< the same as JSON
};

}  // namespace opsledger
