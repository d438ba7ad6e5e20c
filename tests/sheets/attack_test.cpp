// Workbooks made to harm: each is refused by name, quickly and in little memory.
#include <sys/resource.h>

#include "kernel/sheets/limits.hpp"
#include "tests/sheets/sheets_support.hpp"

namespace opsledger::testing {
namespace {

class SheetAttack : public SheetsTest {
 protected:
  /// A workbook whose sheet is `sheet`, raw.
  std::string with_sheet(const std::string& sheet) const {
    auto parts = workbook("");
    parts[6].second = sheet;
    return zip(parts);
  }
  static long peak_kib() {
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  }
};

const std::string kCell = "<row><c><v>1</v></c></row>";

TEST_F(SheetAttack, ExternalEntityIsRefusedInEveryPart) {
  const auto good = workbook(kCell, "<si><t>a</t></si>");
  for (std::size_t part = 1; part < good.size(); ++part) {
    auto parts = good;
    const auto body = parts[part].second.substr(parts[part].second.find("?>") + 2);
    parts[part].second = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + body;
    EXPECT_EQ(reason(zip(parts)), "sheet.doctype") << parts[part].first;
  }
}

TEST_F(SheetAttack, EntitiesThatGrowAreRefusedBeforeTheyGrow) {
  std::string types = "<!DOCTYPE x [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    const auto before = "&a" + std::to_string(i - 1) + ";";
    types += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + before + "\">";
  }
  EXPECT_EQ(reason(with_sheet(types + "]><worksheet><sheetData><row><c><v>&a29;</v></c></row>"
                                      "</sheetData></worksheet>")),
            "sheet.doctype");
}

TEST_F(SheetAttack, UndeclaredEntityAndBrokenXmlAreMalformed) {
  EXPECT_EQ(reason(with_sheet("<worksheet>&x;</worksheet>")), "sheet.malformed");
  EXPECT_EQ(reason(with_sheet("<worksheet><sheetData>")), "sheet.malformed");
  EXPECT_EQ(reason(with_sheet("")), "sheet.malformed");
}

TEST_F(SheetAttack, ZipBombIsStoppedByItsRatio) {
  const auto before = peak_kib();
  std::string bomb = "<worksheet><sheetData>";
  bomb.append(64 << 20, ' ');
  EXPECT_EQ(reason(with_sheet(bomb + "</sheetData></worksheet>")), "sheet.too_large");
  EXPECT_LT(peak_kib() - before, 300 << 10);  // the bomb itself was made here
}

TEST_F(SheetAttack, EntryNamesThatLeaveTheirFolderAreRefused) {
  for (const char* name : {"../../etc/cron.d/x", "/etc/passwd", "xl/../../x", "..\\x", "C:x"}) {
    auto parts = workbook(kCell);
    parts.emplace_back(name, "x");
    EXPECT_EQ(reason(zip(parts)), "sheet.entry_name") << name;
  }
}

TEST_F(SheetAttack, RelationsThatLeaveTheWorkbookAreRefused) {
  auto parts = workbook(kCell);
  auto& relations = parts[3].second;
  relations.replace(relations.find("worksheets/"), 11, "../../../etc/");
  EXPECT_EQ(reason(zip(parts)), "sheet.malformed");
}

TEST_F(SheetAttack, TooManyEntriesColumnsAndRowsAreRefused) {
  Parts many = workbook(kCell);
  for (std::size_t i = 0; i <= sheet_limits::kEntriesMax; ++i) {
    many.emplace_back("x" + std::to_string(i), "");
  }
  EXPECT_EQ(reason(zip(many)), "sheet.too_large");
  EXPECT_EQ(reason(zip(workbook("<row><c r=\"XFD1\"><v>1</v></c></row>"))), "sheet.too_large");
  EXPECT_EQ(reason(zip(workbook("<row r=\"1048577\"><c><v>1</v></c></row>"))), "sheet.too_large");
}

TEST_F(SheetAttack, TenMegabyteCellTagAndDeepNestingAreRefused) {
  std::string random;
  for (unsigned i = 0, x = 1; i < 10u << 20; ++i) {
    x = x * 1'664'525 + 1'013'904'223;
    random += static_cast<char>('a' + (x >> 24) % 26);
  }
  EXPECT_EQ(
      reason(zip(workbook("<row><c t=\"inlineStr\"><is><t>" + random + "</t></is></c></row>"))),
      "sheet.too_large");
  EXPECT_EQ(reason(zip(workbook(kCell, "<si><t>" + random + "</t></si>"))), "sheet.too_large");
  EXPECT_EQ(reason(zip(workbook("<row x=\"" + random + "\"/>"))), "sheet.too_large");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(reason(with_sheet(deep)), "sheet.too_large");
}

TEST_F(SheetAttack, CellsOutOfOrderAndMissingTextsAreMalformed) {
  for (const char* bad :
       {"<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/>",
        "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>9</v></c></row>", "<row><c t=\"s\"><v>-1</v></c></row>",
        "<row><c><v>nan</v></c></row>", "<row><c><v>1x</v></c></row>",
        "<row><c r=\"1\"><v>1</v></c></row>", "<row r=\"x\"/>"}) {
    EXPECT_EQ(reason(zip(workbook(bad))), "sheet.malformed") << bad;
  }
}

TEST_F(SheetAttack, FileCutAtEveryFiftiethIsRefused) {
  std::string many;
  for (int i = 1; i <= 500; ++i) {
    many +=
        "<row r=\"" + std::to_string(i) + "\"><c><v>" + std::to_string(i * 7919) + "</v></c></row>";
  }
  std::ifstream in(zip(workbook(many)), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  ASSERT_EQ(rows(write("whole.xlsx", whole))->size(), 500u);
  for (std::size_t i = 1; i < 50; ++i) {
    const auto all = rows(write("cut.xlsx", whole.substr(0, whole.size() * i / 50)));
    ASSERT_FALSE(all.ok()) << i;
    EXPECT_EQ(all.error().code, Code::kMalformed) << i;
  }
}

TEST_F(SheetAttack, DamagedByteIsNeverReadAsOtherValues) {
  std::ifstream in(
      zip(workbook(kCell + "<row><c t=\"inlineStr\"><is><t>secret</t></is></c></row>")),
      std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const auto good = rows(write("whole.xlsx", whole));
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const auto all = rows(write("damaged.xlsx", damaged));
    if (!all.ok() || all->size() != good->size()) continue;
    for (std::size_t i = 0; i < all->size(); ++i) {
      EXPECT_EQ((*all)[i].cells, (*good)[i].cells) << at;
    }
  }
}

TEST_F(SheetAttack, ZipThatIsNoWorkbookIsRefused) {
  EXPECT_EQ(reason(zip({{"a.txt", "hello"}})), "sheet.part_missing");
  EXPECT_EQ(reason(write("x.xlsx", "PK\x03\x04 nothing")), "sheet.malformed");
}

TEST_F(SheetAttack, MillionRowsAreReadInBoundedMemory) {
  const auto file = path("million.xlsx");
  const std::vector<SheetColumn> columns{{"id", ""}, {"name", ""}, {"amount", "0.00"}};
  auto writer = make_xlsx_writer(file, columns).value();
  for (int i = 1; i < 1'000'000; ++i) {
    const std::vector<SheetCell> cells{number(std::to_string(i)), text("名" + std::to_string(i)),
                                       number("12.50")};
    ASSERT_TRUE(writer->row(cells).ok());
  }
  ASSERT_TRUE(writer->finish().ok());
  const auto before = peak_kib();
  const auto reader = open_sheet(file, {}).value();
  SheetRow row;
  std::uint64_t count = 0;
  for (auto more = reader->next(&row); more.ok() && *more; more = reader->next(&row)) ++count;
  EXPECT_EQ(count, 1'000'000u);
  EXPECT_LT(peak_kib() - before, 64 << 10);
}

}  // namespace
}  // namespace opsledger::testing
