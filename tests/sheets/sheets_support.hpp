// Files and workbooks for the tests of kernel/sheets.
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "kernel/sheets/sheet_reader.hpp"
#include "kernel/sheets/sheet_writer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger {

inline void PrintTo(const SheetCell& cell, std::ostream* out) {
  *out << static_cast<int>(cell.kind) << ':' << ::testing::PrintToString(cell.text);
}

}  // namespace opsledger

namespace opsledger::testing {

using Parts = std::vector<std::pair<std::string, std::string>>;

inline SheetCell text(std::string value) {
  return {CellKind::kText, std::move(value)};
}
inline SheetCell number(std::string value) {
  return {CellKind::kNumber, std::move(value)};
}

/// The parts of a small workbook around `rows` (the inside of sheetData).
inline Parts workbook(const std::string& rows, const std::string& shared = "") {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  const std::string types = "http://x/relationships/";
  return {
      {"[Content_Types].xml", head + "<Types/>"},
      {"_rels/.rels", head + "<Relationships><Relationship Id=\"r1\" Type=\"" + types +
                          "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
      {"xl/workbook.xml", head + "<workbook><workbookPr/><sheets><sheet name=\"data\" "
                                 "r:id=\"rId1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       head + "<Relationships><Relationship Id=\"rId1\" Type=\"" + types +
           "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" +
           types + "styles\" Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"" + types +
           "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/></Relationships>"},
      {"xl/styles.xml",
       head + "<styleSheet><numFmts><numFmt numFmtId=\"170\" "
              "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/><numFmt "
              "numFmtId=\"171\" formatCode=\"yyyy-mm-dd hh:mm:ss\"/></numFmts><cellXfs><xf "
              "numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/>"
              "<xf numFmtId=\"20\"/></cellXfs></styleSheet>"},
      {"xl/sharedStrings.xml", head + "<sst>" + shared + "</sst>"},
      {"xl/worksheets/sheet1.xml",
       head + "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
  };
}

class SheetsTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

  std::string zip(const Parts& parts, const std::string& name = "book.xlsx") const {
    const auto file = path(name);
    std::filesystem::remove(file);
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE, nullptr);
    for (const auto& [part, content] : parts) {
      auto* source = zip_source_buffer(archive, content.data(), content.size(), 0);
      EXPECT_GE(zip_file_add(archive, part.c_str(), source, ZIP_FL_ENC_UTF_8), 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return file;
  }

  /// All rows, or the error that reading ends with.
  static Result<std::vector<SheetRow>> rows(const std::string& file, SheetOptions options = {}) {
    OPS_TRY_ASSIGN(const auto reader, open_sheet(file, options));
    std::vector<SheetRow> out;
    for (SheetRow row;;) {
      OPS_TRY_ASSIGN(const bool more, reader->next(&row));
      if (!more) return out;
      out.push_back(row);
    }
  }
  /// The one row that the file has.
  static std::vector<SheetCell> only_row(const std::string& file, SheetOptions options = {}) {
    auto all = rows(file, options);
    EXPECT_TRUE(all.ok()) << all.error().message;
    EXPECT_EQ(all.ok() ? all->size() : 0, 1u);
    return all.ok() && !all->empty() ? all->front().cells : std::vector<SheetCell>();
  }
  static std::string reason(const std::string& file) {
    const auto all = rows(file);
    return all.ok() ? "" : all.error().reason;
  }

  testing_support::TemporaryDirectory folder_;
};

}  // namespace opsledger::testing
