// CSV files in every encoding that spreadsheets write.
#include "kernel/sheets/text_encoding.hpp"
#include "tests/sheets/sheets_support.hpp"

namespace opsledger::testing {
namespace {

using CsvSheetTest = SheetsTest;

/// 中,𠮷 with a four-byte GB18030 character (U+20BB7 = 95 34 B2 35).
constexpr std::string_view kGb18030 = "\xB1\xEA\xCC\xE2,\xC3\xFB\r\n\xD6\xD0,\x95\x34\xB2\x35\r\n";

TEST_F(CsvSheetTest, Gb18030IsFoundOutWithItsFourByteCharacters) {
  const auto all = rows(write("gb.csv", kGb18030));
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].cells[0], text("标题"));
  EXPECT_EQ((*all)[1].cells[0], text("中"));
  EXPECT_EQ((*all)[1].cells[1], text("𠮷"));
}

TEST_F(CsvSheetTest, Utf8WithAndWithoutMarkAndUtf16ReadTheSame) {
  const std::string utf16le("\xFF\xFE\x2D\x4E,\0b\0\r\0\n\0", 12);
  const std::string utf16be("\xFE\xFF\x4E\x2D\0,\0b", 8);
  for (const auto& content :
       {std::string("\xEF\xBB\xBF中,b\r\n"), std::string("中,b\n"), utf16le, utf16be}) {
    EXPECT_EQ(only_row(write("a.csv", content)), (std::vector{text("中"), text("b")}));
  }
}

TEST_F(CsvSheetTest, TextInNoEncodingIsRefusedByName) {
  EXPECT_EQ(reason(write("a.csv", "a,b\n\xFF\xFF\xFF\n")), "sheet.encoding");
  EXPECT_EQ(reason(write("b.csv", std::string("a,\0b\n", 5))), "sheet.encoding");
  EXPECT_EQ(reason(write("c.csv", std::string(100'000, 'a') + "\x95")), "sheet.encoding");
}

TEST_F(CsvSheetTest, EmptyTextIsToldFromNoValue) {
  EXPECT_EQ(only_row(write("a.csv", "x,,\"\",y\n")),
            (std::vector{text("x"), SheetCell{}, text(""), text("y")}));
}

TEST_F(CsvSheetTest, RowsWithoutValuesAreSkippedAndCounted) {
  const auto all = rows(write("a.csv", "a,b\n,,\n\"\",\nc,d\n"));
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[1].number, 3u);
  EXPECT_EQ((*all)[2].number, 4u);
}

TEST_F(CsvSheetTest, DelimiterIsTheCommonestOfTheFirstLine) {
  EXPECT_EQ(only_row(write("a.csv", "a;b,c;d\n")).size(), 3u);
  EXPECT_EQ(only_row(write("b.csv", "a\tb\tc\n")).size(), 3u);
  EXPECT_EQ(only_row(write("c.csv", "\"a;b;c;d\",e\n")).size(), 2u);
  EXPECT_EQ(only_row(write("d.csv", "a,b;c\n"), {.delimiter = ';'}).size(), 2u);
}

TEST_F(CsvSheetTest, EncodingAskedForIsUsedAndUnknownOnesAreRefused) {
  const auto row = only_row(write("a.csv", "\xD6\xD0\n"), {.encoding = "GBK"});
  EXPECT_EQ(row, (std::vector{text("中")}));
  EXPECT_EQ(rows(write("a.csv", "x\n"), {.encoding = "klingon"}).error().code, Code::kInvalid);
}

TEST_F(CsvSheetTest, TooManyColumnsAreRefused) {
  EXPECT_EQ(reason(write("a.csv", std::string(5'000, ',') + "x\n")), "sheet.too_large");
}

TEST_F(CsvSheetTest, TenMegabyteCellIsABadRowAndTheNextIsRead) {
  const auto all = rows(write("a.csv", "a\n" + std::string(10 << 20, 'x') + "\nb\n"));
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 3u);
  EXPECT_TRUE((*all)[1].bad);
  EXPECT_EQ((*all)[2].cells, (std::vector{text("b")}));
}

}  // namespace
}  // namespace opsledger::testing
