// What spreadsheet programs write, read cell by cell.
#include "tests/sheets/sheets_support.hpp"

namespace opsledger::testing {
namespace {

using XlsxReaderTest = SheetsTest;

std::string row(const std::string& cells) {
  return "<row r=\"1\">" + cells + "</row>";
}

TEST_F(XlsxReaderTest, EveryKindOfCellIsRead) {
  const auto cells = only_row(zip(workbook(
      row("<c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>in</t></is></c>"
          "<c r=\"D1\"><v>1.1000000000000001</v></c><c r=\"E1\" t=\"b\"><v>1</v></c>"
          "<c r=\"F1\" t=\"str\"><f>A1&amp;B1</f><v>joined</v></c><c r=\"G1\"><v>1E+20</v></c>"
          "<c r=\"H1\" t=\"d\"><v>2026-11-11T00:00:00</v></c><c r=\"I1\" s=\"1\"/>"),
      "<si><t>no</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>x</t></rPh></si>")));
  EXPECT_EQ(cells, (std::vector{text("rich"), text("in"), SheetCell{}, number("1.1"),
                                SheetCell{CellKind::kBoolean, "true"}, text("joined"),
                                number("100000000000000000000"),
                                SheetCell{CellKind::kTime, "2026-11-11T00:00:00"}}));
}

TEST_F(XlsxReaderTest, NumbersWithADateFormatAreDates) {
  const auto cells = only_row(zip(workbook(
      row("<c s=\"1\"><v>46337</v></c><c s=\"2\"><v>1</v></c><c s=\"3\"><v>46337.8361111111</v></c>"
          "<c s=\"4\"><v>0.75</v></c><c s=\"3\"><v>46337</v></c><c s=\"1\"><v>60</v></c>"))));
  EXPECT_EQ(cells, (std::vector{SheetCell{CellKind::kDate, "2026-11-11"},
                                SheetCell{CellKind::kDate, "1900-01-01"},
                                SheetCell{CellKind::kTime, "2026-11-11T20:04:00"},
                                SheetCell{CellKind::kTime, "18:00:00"},
                                SheetCell{CellKind::kTime, "2026-11-11T00:00:00"},
                                SheetCell{CellKind::kError, "a date that no calendar has"}}));
}

TEST_F(XlsxReaderTest, WorkbooksThatCountFrom1904AreFourYearsLater) {
  auto parts = workbook(row("<c s=\"1\"><v>44875</v></c>"));
  parts[2].second =
      "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"data\" "
      "r:id=\"rId1\"/></sheets></workbook>";
  EXPECT_EQ(only_row(zip(parts)), (std::vector{SheetCell{CellKind::kDate, "2026-11-11"}}));
}

TEST_F(XlsxReaderTest, FormulaIsItsStoredValueAndNeverRun) {
  const auto cells = only_row(zip(workbook(
      row("<c><f>1+1</f><v>3</v></c><c><f>1+1</f></c><c t=\"e\"><f>x</f><v>#N/A</v></c>"))));
  ASSERT_EQ(cells.size(), 3u);
  EXPECT_EQ(cells[0], number("3"));
  EXPECT_EQ(cells[1].kind, CellKind::kError);
  EXPECT_EQ(cells[2], (SheetCell{CellKind::kError, "the error #N/A"}));
}

TEST_F(XlsxReaderTest, EscapedCharactersComeBack) {
  const auto cells = only_row(
      zip(workbook(row("<c t=\"inlineStr\"><is><t>a_x000D_b_x005F_x000D__x12_&lt;</t></is></c>"))));
  EXPECT_EQ(cells, (std::vector{text("a\rb_x000D__x12_<")}));
}

TEST_F(XlsxReaderTest, RowsKeepTheirNumbersAndEmptyOnesAreLeftOut) {
  const auto all =
      rows(zip(workbook("<row r=\"2\"><c><v>1</v></c></row><row r=\"3\"><c r=\"A3\" "
                        "s=\"1\"/></row><row r=\"900\"><c><v>2</v></c></row>")));
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].number, 2u);
  EXPECT_EQ((*all)[1].number, 900u);
}

TEST_F(XlsxReaderTest, SheetIsChosenByNameAndUnknownOnesAreListed) {
  const auto file = zip(workbook(row("<c><v>1</v></c>")));
  EXPECT_TRUE(rows(file, {.sheet = "data"}).ok());
  const auto unknown = rows(file, {.sheet = "other"});
  EXPECT_EQ(unknown.error().reason, "sheet.unknown");
  EXPECT_NE(unknown.error().message.find("data"), std::string::npos);
}

TEST_F(XlsxReaderTest, PrefixedElementsAreRead) {
  auto parts = workbook("");
  parts[6].second =
      "<x:worksheet xmlns:x=\"urn:x\"><x:sheetData><x:row><x:c><x:v>7</x:v></x:c>"
      "</x:row></x:sheetData></x:worksheet>";
  EXPECT_EQ(only_row(zip(parts)), (std::vector{number("7")}));
}

}  // namespace
}  // namespace opsledger::testing
