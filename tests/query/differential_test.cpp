// Random rows and filters against the oracle, at head (indexes) and as of (scans).
#include <cstdlib>

#include "tests/query/oracle.hpp"
#include "tests/query/table_fixture.hpp"

namespace opsledger::testing {
namespace {

std::uint64_t seed() {
  const char* given = std::getenv("OPS_SEED");
  const std::uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 10) : 1'123;
  std::printf("seed: OPS_SEED=%llu\n", static_cast<unsigned long long>(value));
  return value;
}

class DifferentialTest : public TableTest {
 protected:
  void change_rows(std::mt19937_64& random) {
    for (int i = 0; i < 12; ++i) {
      const auto key = "k" + std::to_string(random() % 40);
      if (random() % 4 == 0 && rows.erase(key) == 1) {
        erase(key);
        continue;
      }
      rows[key] = random_row(random, key);
      put(key, rows[key].json_members);
    }
  }

  void compare_once(std::mt19937_64& random) {
    std::vector<OracleFilter> filters;
    QueryParameters parameters;
    for (auto n = random() % 3; n > 0; --n) {
      filters.push_back(random_filter(random, 3));
      parameters.push_back(parameter_of(filters.back()));
    }
    const auto order = random_order(random);
    if (!order.empty()) parameters.emplace_back("order", order_text(order));
    auto expected = select_keys(rows, filters, order);
    const auto total = expected.size();
    if (random() % 2 == 0) {
      const auto offset = random() % 5, limit = random() % 8;
      parameters.emplace_back("limit", std::to_string(limit));
      parameters.emplace_back("offset", std::to_string(offset));
      expected.erase(expected.begin(), expected.begin() + std::min(offset, expected.size()));
      expected.resize(std::min<std::size_t>(limit, expected.size()));
    }
    std::string joined, text;
    for (const auto& key : expected) joined += (joined.empty() ? "" : " ") + key;
    for (const auto& [name, value] : parameters) text += "&" + name + "=" + value;
    ASSERT_EQ(keys(parameters), joined) << text;
    ASSERT_EQ(keys(parameters, position_), joined) << "as of, " << text;
    const auto counted = read_table(snapshot(), parameters, true);
    ASSERT_TRUE(counted.ok());
    ASSERT_EQ(counted->total, total) << text;
    parameters.emplace_back("select", "count()");
    std::erase_if(parameters, [](const auto& p) {
      return p.first == "order" || p.first == "limit" || p.first == "offset";
    });
    ASSERT_EQ(read(parameters), "[{\"count\":" + std::to_string(total) + "}]") << text;
  }

  std::map<std::string, OracleRow> rows;
};

TEST_F(DifferentialTest, RandomReadsEqualTheOracle) {
  std::mt19937_64 random(seed());
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    change_rows(random);
    for (int i = 0; i < 50 && !HasFatalFailure(); ++i) compare_once(random);
  }
}

}  // namespace
}  // namespace opsledger::testing
