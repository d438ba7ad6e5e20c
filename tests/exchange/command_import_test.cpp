// Rows become commands: once each, in order, with a report.
#include "tests/exchange/exchange_fixture.hpp"

#include "kernel/exchange/limits.hpp"

namespace opsledger::testing {
namespace {

using CommandImportTest = ExchangeTest;

std::string wallets(int count, int from = 1) {
  std::string text = "id,backup,limit\n";
  for (int i = from; i < from + count; ++i) text += "w" + std::to_string(i) + ",\"\",0\n";
  return text;
}

TEST_F(CommandImportTest, EveryRowIsACommandCausedByTheStart) {
  const auto report = import(wallets(600));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 600u);
  EXPECT_EQ(report->ok, 600u);
  EXPECT_EQ(report->failed, 0u);
  const auto opened = events("wallet.opened");
  ASSERT_EQ(opened.size(), 600u);
  for (const auto& event : opened) EXPECT_EQ(event->causation, report->started);
  ASSERT_EQ(events("import.started").size(), 1u);
  EXPECT_EQ(events("import.started")[0]->position, report->started);
  ASSERT_EQ(events("import.completed").size(), 1u);
  EXPECT_NE(events("import.completed")[0]->data.find("\"ok\":600"), std::string_view::npos);
}

TEST_F(CommandImportTest, SameFileAgainDoesNothing) {
  ASSERT_TRUE(import(wallets(300)).ok());
  const auto before = head();
  const auto again = import(wallets(300));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->known, 300u);
  EXPECT_EQ(again->ok, 300u);
  EXPECT_EQ(head(), before);
}

TEST_F(CommandImportTest, ImportThatBrokeOffGoesOnAndDuplicatesNothing) {
  ASSERT_TRUE(import(wallets(600), {}, 1).ok());
  EXPECT_EQ(events("wallet.opened").size(), exchange_limits::kImportStepRows);
  EXPECT_TRUE(events("import.completed").empty());
  const auto rest = import(wallets(600));
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->ok, 600u);
  EXPECT_EQ(rest->known, exchange_limits::kImportStepRows);
  EXPECT_EQ(events("wallet.opened").size(), 600u);
  EXPECT_EQ(events("import.started").size(), 1u);
  EXPECT_EQ(events("import.completed").size(), 1u);
}

TEST_F(CommandImportTest, RefusedRowsAreReportedAndTheOthersGoIn) {
  const auto report =
      import("id,backup,limit\na,\"\",0\na,\"\",0\nb,\"\",x\nc,\"\",0,extra\nd,\"\",1\n");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->ok, 2u);
  EXPECT_EQ(report->failed, 3u);
  ASSERT_EQ(rejected.size(), 3u);
  EXPECT_EQ(rejected[0].row, 3u);
  EXPECT_EQ(rejected[0].fault.code, "wallet.exists");
  EXPECT_EQ(rejected[1].row, 4u);
  EXPECT_EQ(rejected[1].fault.code, "schema.invalid");
  EXPECT_EQ(rejected[1].fault.pointer, "/limit");
  EXPECT_EQ(rejected[2].fault.code, "import.cell");
  EXPECT_EQ(events("import.row_rejected").size(), 3u);
  const auto record = read_import(ledger, report->import).value();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->rejected.size(), 3u);
  EXPECT_EQ(record->rejected.at(4).code, "schema.invalid");
  EXPECT_TRUE(record->completed);
}

TEST_F(CommandImportTest, RowsRefusedBeforeGetAnotherChance) {
  const CommandImportOptions deposit{.command = "wallet.deposit"};
  ASSERT_EQ(import("id,amount\na,5\n", deposit)->failed, 1u);
  ASSERT_TRUE(import("id,backup,limit\na,\"\",0\n").ok());
  const auto again = import("id,amount\na,5\n", deposit);
  EXPECT_EQ(again->ok, 1u);
  EXPECT_EQ(events("wallet.deposited").size(), 1u);
  EXPECT_TRUE(read_import(ledger, again->import).value()->rejected.empty());
  EXPECT_EQ(events("import.row_rejected").size(), 1u);
}

TEST_F(CommandImportTest, DryRunDecidesEveryRowAndAppendsNothing) {
  ASSERT_TRUE(import(wallets(1)).ok());
  const auto before = head();
  CommandImportOptions dry;
  dry.dry_run = true;
  const auto report = import("id,backup,limit\nw1,\"\",0\nw2,\"\",0\nw2,\"\",0\nw3,\"\",?\n", dry);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->ok, 2u);  // it does not know that w2 comes twice
  EXPECT_EQ(report->failed, 2u);
  EXPECT_EQ(rejected[0].fault.code, "wallet.exists");
  EXPECT_EQ(head(), before);
}

TEST_F(CommandImportTest, HeaderMustFitTheCommand) {
  const auto unknown = import("id,backup,limit,colour\na,b,0,red\n");
  EXPECT_EQ(unknown.error().reason, "import.header");
  ASSERT_EQ(unknown.error().fields.size(), 1u);
  EXPECT_EQ(unknown.error().fields[0].pointer, "/header/4");
  EXPECT_EQ(import("id,ID,backup,limit\na,a,b,0\n").error().reason, "import.header");
  const auto missing = import("id,backup\na,b\n");
  ASSERT_EQ(missing.error().fields.size(), 1u);
  EXPECT_EQ(missing.error().fields[0].pointer, "/limit");
  EXPECT_EQ(import("id,backup,limit\n").error().reason, "import.empty");
  EXPECT_EQ(import("").error().reason, "import.empty");
  EXPECT_EQ(head(), import("", {.command = "no.such"}).ok() ? 0 : head());
}

TEST_F(CommandImportTest, MapNamesColumnsAndLeavesSomeOut) {
  CommandImportOptions options;
  options.map = {{"编号", "id"}, {"备注", nullptr}};
  const auto report = import("编号,backup,limit,备注\na,\"\",0,x\n", options);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->ok, 1u);
}

TEST_F(CommandImportTest, SomebodyElsesImportOfTheSameFileIsRefused) {
  ASSERT_TRUE(import(wallets(3)).ok());
  CommandImportOptions options;
  options.context.actor = "other";
  EXPECT_EQ(import(wallets(3), options).error().reason, "import.other_actor");
}

TEST_F(CommandImportTest, OtherDepartmentIsAnotherImport) {
  ASSERT_TRUE(import(wallets(1)).ok());
  CommandImportOptions options;
  options.context.department = "ops";
  const auto report = import(wallets(1), options);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(rejected.at(0).fault.code, "wallet.exists");
  EXPECT_EQ(events("import.started").size(), 2u);
}

TEST_F(CommandImportTest, PluginThatFailsStopsTheImportAndItCanGoOn) {
  knobs->fail_decide = true;
  EXPECT_EQ(import(wallets(3)).error().code, Code::kInternal);
  knobs->fail_decide = false;
  EXPECT_EQ(import(wallets(3))->ok, 3u);
  EXPECT_EQ(events("import.started").size(), 1u);
}

TEST_F(CommandImportTest, TooManyRefusedRowsStopTheImport) {
  const auto report = import(wallets(1) + std::string(20'000 * 9, '\n') + [] {
    std::string rows;
    for (int i = 0; i < 12'000; ++i) rows += "x,\"\",bad\n";
    return rows;
  }());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_TRUE(report->stopped);
  EXPECT_EQ(report->failed, exchange_limits::kRejectedRowsMax);
}

TEST_F(CommandImportTest, ListsAndOldMacLineEndsAreRead) {
  ASSERT_TRUE(import("id,backup,limit\ra,\"\",0\rb,\"\",0\r").ok());
  EXPECT_EQ(events("wallet.opened").size(), 2u);
  const auto report =
      import("ids\na;b\n\"[\"\"a\"\",\"\"b\"\"]\"\na；b\n", {.command = "wallet.gather"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->ok, 3u);
}

}  // namespace
}  // namespace opsledger::testing
