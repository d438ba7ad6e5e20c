// Tables as spreadsheet files.
#include "kernel/exchange/limits.hpp"
#include "kernel/import/byte_source.hpp"
#include "tests/exchange/exchange_fixture.hpp"

namespace opsledger::testing {
namespace {

class TableExportTest : public ExchangeTest {
 protected:
  /// Wallets w00001 …, each with a deposit of its number.
  void open_wallets(int count) {
    Proposal proposal;
    for (int i = 1; i <= count; ++i) {
      char id[16];
      std::snprintf(id, sizeof id, "w%05d", i);
      const auto& types = registry.module("wallet")->info().event_types;
      proposal.events.push_back({.type = "wallet.opened",
                                 .tags = {std::string("wallet:") + id},
                                 .actor = "t",
                                 .schema = types[TestModule::kOpened].schema->id(),
                                 .data = TestModule::opened(id, "", 0).data});
      if (proposal.events.size() < 2'000 && i < count) continue;
      ASSERT_TRUE(append_and_wait(ledger, std::exchange(proposal, {})).ok());
    }
  }
  Result<TableExport> export_to(SheetFormat format, const QueryParameters& parameters,
                                Titles titles = Titles::kNames) {
    return export_table(table(), parameters, {format, titles, {}}, read_all, path("out"));
  }
};

TEST_F(TableExportTest, CsvHasEveryRowOnceInTheOrderOfKeys) {
  const int count = 2 * exchange_limits::kExportPageRows + 3;
  open_wallets(count);
  const auto made = export_to(SheetFormat::kCsv, {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->rows, static_cast<std::uint64_t>(count));
  const auto reader = open_sheet(path("out"), {}).value();
  SheetRow row;
  ASSERT_TRUE(reader->next(&row).value());
  EXPECT_EQ(row.cells.size(), 3u);
  std::string last;
  int seen = 0;
  for (; reader->next(&row).value(); ++seen) {
    EXPECT_LT(last, row.cells[0].text);
    last = row.cells[0].text;
  }
  EXPECT_EQ(seen, count);
}

TEST_F(TableExportTest, PagesAreAllAsOfTheFirst) {
  const int count = exchange_limits::kExportPageRows + 10;
  open_wallets(count);
  bool first = true;
  const auto made = export_table(
      table(), {}, {},
      [&](const TableSnapshot& snapshot, const QueryParameters& parameters) {
        auto page = read_table(snapshot, parameters, false);
        if (std::exchange(first, false)) {
          Proposal more;
          const auto& types = registry.module("wallet")->info().event_types;
          more.events.push_back({.type = "wallet.opened",
                                 .tags = {"wallet:zzz"},
                                 .actor = "t",
                                 .schema = types[TestModule::kOpened].schema->id(),
                                 .data = TestModule::opened("zzz", "", 0).data});
          EXPECT_TRUE(append_and_wait(ledger, std::move(more)).ok());
          table();
        }
        return page;
      },
      path("out"));
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->rows, static_cast<std::uint64_t>(count));
  EXPECT_LT(made->as_of.value, head());
}

TEST_F(TableExportTest, FiltersSelectionsAndAggregatesAreKept) {
  open_wallets(20);
  ASSERT_TRUE(
      export_to(SheetFormat::kCsv, {{"id", "lte.w00002"}, {"select", "name:id,moves"}}).ok());
  EXPECT_EQ(content_of(path("out")), "\xEF\xBB\xBFname,moves\r\nw00001,1\r\nw00002,1\r\n");
  ASSERT_TRUE(export_to(SheetFormat::kCsv, {{"select", "count(),balance.sum()"}}).ok());
  EXPECT_EQ(content_of(path("out")),
            "\xEF\xBB\xBF"
            "count,sum\r\n20,0\r\n");
  ASSERT_TRUE(export_to(SheetFormat::kCsv, {{"order", "id.desc"}, {"limit", "1"}}).ok());
  EXPECT_EQ(content_of(path("out")), "\xEF\xBB\xBFid,balance,moves\r\nw00020,0,1\r\n");
}

TEST_F(TableExportTest, BadQueriesAndZonesAreRefused) {
  EXPECT_EQ(export_to(SheetFormat::kCsv, {{"nothing", "eq.1"}}).error().code, Code::kInvalid);
  EXPECT_EQ(export_table(table(), {}, {SheetFormat::kCsv, Titles::kNames, "Mars/Base"}, read_all,
                         path("out"))
                .error()
                .reason,
            "export.time_zone");
}

TEST_F(TableExportTest, HashIsThatOfTheFile) {
  open_wallets(3);
  const auto made = export_to(SheetFormat::kXlsx, {});
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto again = open_source(path("out")).value();
  EXPECT_EQ(hash_content(*again, {}).value(), made->sha256);
}

/// Columns of every type, from JSON rows as a read gives them.
TEST(ExportColumns, EveryTypeBecomesItsKindOfCell) {
  const auto row = test_schema(
      R"({"struct":[{"name":"at","type":"time","label":{"en":"When","zh":"时间"}},)"
      R"({"name":"day","type":{"optional":"date"}},{"name":"price","type":"money"},)"
      R"({"name":"rate","type":"decimal"},{"name":"list","type":{"list":"string"}},)"
      R"({"name":"n","type":"u64"},{"name":"x","type":"f64"},{"name":"b","type":"bool"},)"
      R"({"name":"id","type":"string"}]})");
  TableInfo info;
  info.row = row;
  info.key_column = "key";
  const auto shape = TableShape::make(info, 0).value();
  const auto query = bind_query(parse_query(QueryParameters{}).value(), shape).value();
  const ExportColumns columns(query, Titles::kChinese, SheetFormat::kXlsx, nullptr);
  std::vector<std::string> titles;
  for (const auto& column : columns.titles()) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"key", "时间", "day", "price", "price.currency",
                                              "rate", "list", "n", "x", "b", "id"}));
  const auto json = boost::json::parse(
      R"({"key":"k","at":"2026-11-11T20:04:00.250Z","day":null,)"
      R"("price":{"minor":-1999,"currency":"CNY"},"rate":"2.550","list":["a","b"],)"
      R"("n":18446744073709551615,"x":1e21,"b":true,"id":"007"})");
  const auto cells = columns.cells(json.as_object());
  const std::vector<SheetCell> expected{{CellKind::kText, "k"},
                                        {CellKind::kTime, "2026-11-11T20:04:00.250"},
                                        {},
                                        {CellKind::kNumber, "-19.99"},
                                        {CellKind::kText, "CNY"},
                                        {CellKind::kNumber, "2.550"},
                                        {CellKind::kText, "a;b"},
                                        {CellKind::kNumber, "18446744073709551615"},
                                        {CellKind::kNumber, "1000000000000000000000"},
                                        {CellKind::kBoolean, "true"},
                                        {CellKind::kText, "007"}};
  EXPECT_EQ(cells, expected);
}

}  // namespace
}  // namespace opsledger::testing
