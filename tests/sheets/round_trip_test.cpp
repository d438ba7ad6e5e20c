// What is written is read back, by our reader and by an independent one.
#include <cstdio>
#include <random>

#include "tests/sheets/sheets_support.hpp"
#include "tests/support/environment.hpp"

namespace opsledger::testing {
namespace {

class SheetRoundTrip : public SheetsTest {
 protected:
  using Table = std::vector<std::vector<SheetCell>>;

  std::string written(SheetFormat format, const Table& table, std::size_t columns) const {
    const auto file = path(format == SheetFormat::kCsv ? "out.csv" : "out.xlsx");
    std::vector<SheetColumn> titles(columns, SheetColumn{"列", ""});
    auto writer = make_sheet_writer(format, file, titles).value();
    for (const auto& cells : table) EXPECT_TRUE(writer->row(cells).ok());
    EXPECT_TRUE(writer->finish().ok());
    return file;
  }
  static Table read(const std::string& file) {
    Table table;
    const auto all = rows(file);
    EXPECT_TRUE(all.ok()) << all.error().message;
    if (!all.ok()) return table;
    for (std::size_t i = 1; i < all->size(); ++i) table.push_back((*all)[i].cells);
    return table;
  }
};

/// Characters that formats trip over, Chinese of one, two and four bytes in GB18030 among them.
std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces{
      "=", "+",  "-",  "@", "'", "\"", ",",       ";",    "\t", "\r\n", "\n", " ",           "a",
      "1", "中", "𠮷", "€", "<", "&",  "_x000D_", "\x01", "[",  "]]>",  "é",  "\xEF\xBB\xBF"};
  std::string out;
  for (auto n = random() % 6; n > 0; --n) out += kPieces[random() % kPieces.size()];
  return out;
}

TEST_F(SheetRoundTrip, AnyTextComesBackFromCsvAsItWas) {
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", std::random_device{}());
  std::printf("OPSLEDGER_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  Table table;
  for (int i = 0; i < 2'000; ++i) {
    table.push_back({text("k"), random() % 4 == 0 ? SheetCell{} : text(random_text(random)),
                     text(random_text(random))});
  }
  EXPECT_EQ(read(written(SheetFormat::kCsv, table, 3)), table);
}

TEST_F(SheetRoundTrip, AnyTextComesBackFromXlsxAsItWasButForTheEmptyOne) {
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", std::random_device{}());
  std::printf("OPSLEDGER_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  Table table;
  for (int i = 0; i < 2'000; ++i) {
    auto value = random_text(random);
    if (value.empty()) value = "x";
    table.push_back({text("k"), random() % 4 == 0 ? SheetCell{} : text(value), text(value)});
  }
  EXPECT_EQ(read(written(SheetFormat::kXlsx, table, 3)), table);
}

TEST_F(SheetRoundTrip, NumbersDatesAndTruthKeepTheirKindsInXlsx) {
  const Table table{
      {number("-12.5"), SheetCell{CellKind::kDate, "2026-11-11"},
       SheetCell{CellKind::kTime, "2026-11-11T20:04:00.250"},
       SheetCell{CellKind::kBoolean, "false"}},
      {number("123456789012345"), SheetCell{CellKind::kDate, "1900-03-02"},
       SheetCell{CellKind::kTime, "9999-12-31T23:59:59"}, SheetCell{CellKind::kBoolean, "true"}}};
  EXPECT_EQ(read(written(SheetFormat::kXlsx, table, 4)), table);
}

TEST_F(SheetRoundTrip, WhatXlsxCannotHoldIsWrittenAsText) {
  const Table table{{number("1234567890123456"), SheetCell{CellKind::kDate, "1899-12-31"}}};
  EXPECT_EQ(read(written(SheetFormat::kXlsx, table, 2)),
            (Table{{text("1234567890123456"), text("1899-12-31")}}));
}

TEST_F(SheetRoundTrip, CsvTextThatWouldRunIsWrittenBehindAnApostrophe) {
  std::ifstream in(written(SheetFormat::kCsv, {{text("=1+1"), number("-5"), text("-5")}}, 3));
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(content, "\xEF\xBB\xBF列,列,列\r\n'=1+1,-5,'-5\r\n");
}

TEST_F(SheetRoundTrip, TooLongCellIsRefusedByXlsxAndNamed) {
  const std::vector<SheetColumn> columns{{"a", ""}};
  auto writer = make_xlsx_writer(path("x.xlsx"), columns).value();
  const std::vector<SheetCell> cells{text(std::string(40'000, 'x'))};
  const auto refused = writer->row(cells);
  EXPECT_EQ(refused.error().reason, "export.too_large");
  EXPECT_NE(refused.error().message.find("row 2, column 1"), std::string::npos);
}

TEST_F(SheetRoundTrip, IndependentReaderSeesTheSameXlsx) {
  const Table table{{text("=1+1"), text("中𠮷"), number("19.9"),
                     SheetCell{CellKind::kDate, "2026-11-11"},
                     SheetCell{CellKind::kTime, "2026-11-11T20:04:00"},
                     SheetCell{CellKind::kBoolean, "true"}, SheetCell{}, text("a\nb")}};
  const auto file = written(SheetFormat::kXlsx, table, 8);
  const std::string program =
      "import sys,openpyxl\n"
      "for r in list(openpyxl.load_workbook(sys.argv[1]).active.iter_rows())[1:]:\n"
      "  print([(c.data_type, str(c.value)) for c in r])\n";
  const auto script = write("read.py", program);
  std::FILE* pipe = ::popen(("/usr/bin/python3 " + script + " " + file).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string seen(4096, '\0');
  seen.resize(std::fread(seen.data(), 1, seen.size(), pipe));
  ASSERT_EQ(::pclose(pipe), 0) << "python3-openpyxl is needed (tools/ci/packages.txt)";
  EXPECT_EQ(seen,
            "[('s', '=1+1'), ('s', '中𠮷'), ('n', '19.9'), ('d', '2026-11-11 00:00:00'), "
            "('d', '2026-11-11 20:04:00'), ('b', 'True'), ('n', 'None'), ('s', 'a\\nb')]\n");
}

}  // namespace
}  // namespace opsledger::testing
