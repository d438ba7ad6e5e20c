// What came in and what went out, as tables.
#include "kernel/exchange/exchange_events.hpp"
#include "tests/exchange/exchange_fixture.hpp"

namespace opsledger::testing {
namespace {

using ExchangeTablesTest = ExchangeTest;

TEST_F(ExchangeTablesTest, ImportIsARowWithItsRefusedRowsBesideIt) {
  const CommandImportOptions deposit{.command = "wallet.deposit"};
  const auto report = import("id,amount\na,5\nb,6\n", deposit);
  ASSERT_TRUE(report.ok()) << report.error().message;
  auto runs = rows("import", "runs");
  ASSERT_EQ(runs.as_array().size(), 1u);
  EXPECT_EQ(runs.at(0).at("import").as_string(), report->import);
  EXPECT_EQ(runs.at(0).at("command").as_string(), "wallet.deposit");
  EXPECT_EQ(runs.at(0).at("rows").to_number<int>(), 2);
  EXPECT_EQ(runs.at(0).at("failed").to_number<int>(), 2);
  EXPECT_EQ(runs.at(0).at("state").as_string(), "completed");
  const auto rejected_rows = rows("import", "rejected");
  ASSERT_EQ(rejected_rows.as_array().size(), 2u);
  EXPECT_EQ(rejected_rows.at(0).at("code").as_string(), "wallet.unknown");
  ASSERT_TRUE(import("id,backup,limit\na,\"\",0\n").ok());
  ASSERT_EQ(import("id,amount\na,5\nb,6\n", deposit)->failed, 1u);
  EXPECT_EQ(rows("import", "rejected").as_array().size(), 1u);
}

TEST_F(ExchangeTablesTest, ImportThatBrokeOffIsBegunAndNotCompleted) {
  std::string content = "id,backup,limit\n";
  for (int i = 0; i < 300; ++i) content += "w" + std::to_string(i) + ",\"\",0\n";
  ASSERT_TRUE(import(content, {}, 1).ok());
  EXPECT_EQ(rows("import", "runs").at(0).at("state").as_string(), "begun");
}

TEST_F(ExchangeTablesTest, ExportIsARow) {
  RequestContext context;
  context.actor = "li";
  const auto position =
      record_export(ledger, context, {"table a.b", "a.b", "x=eq.1", "csv", 3, {}, {7}});
  ASSERT_TRUE(position.ok()) << position.error().message;
  const auto made = rows("export", "made");
  ASSERT_EQ(made.as_array().size(), 1u);
  EXPECT_EQ(made.at(0).at("actor").as_string(), "li");
  EXPECT_EQ(made.at(0).at("filter").as_string(), "x=eq.1");
  EXPECT_EQ(made.at(0).at("rows").to_number<int>(), 3);
}

}  // namespace
}  // namespace opsledger::testing
