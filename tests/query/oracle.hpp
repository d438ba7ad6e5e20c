// A naive evaluator of its own: typed values in a struct, filters as trees of closures' data, no
// parser, no column keys, no plans. It shares no code with kernel/query.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace opsledger::testing {

struct OracleRow {
  std::string key, name;
  std::optional<int> age;
  std::int64_t price_thousandths = 0;  ///< shown with a random number of zeros
  std::optional<double> score;
  int state = 0;  ///< open, held, closed
  std::optional<bool> done;
  std::vector<std::string> tags;
  std::string json_members;  ///< the same, as the table is given it
};

OracleRow random_row(std::mt19937_64& random, const std::string& key);

/// One filter: text for the query string, and what the oracle needs to judge by itself.
struct OracleFilter {
  enum class Kind { kTest, kAnd, kOr } kind = Kind::kTest;
  bool negated = false;
  std::vector<OracleFilter> children;
  std::string column, op;
  std::vector<std::string> values;  ///< plain texts, one unless in or cs
};

OracleFilter random_filter(std::mt19937_64& random, unsigned depth);
/// As a query parameter.
std::pair<std::string, std::string> parameter_of(const OracleFilter& filter);
/// 1 true, 0 false, nothing = null.
std::optional<bool> judge(const OracleFilter& filter, const OracleRow& row);

struct OracleOrder {
  std::string column;
  bool descending = false, nulls_first = false;
};
std::vector<OracleOrder> random_order(std::mt19937_64& random);
std::string order_text(const std::vector<OracleOrder>& order);
/// Keys of the rows that pass, in order; ties follow the last term's direction.
std::vector<std::string> select_keys(const std::map<std::string, OracleRow>& rows,
                                     const std::vector<OracleFilter>& filters,
                                     const std::vector<OracleOrder>& order);

}  // namespace opsledger::testing
