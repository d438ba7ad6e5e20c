#include "kernel/import/csv_reader.hpp"

#include "kernel/import/limits.hpp"
#include "tests/import/import_support.hpp"

namespace opsledger::testing {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Parsed {
  Rows rows;
  std::vector<std::uint64_t> lines;
  std::vector<std::string> bad;
};

Parsed parse(const std::string& text, std::size_t step = 1 << 20, char delimiter = ',') {
  TextSource source(text, step);
  CsvReader reader(source, delimiter);
  CsvRecord record;
  Parsed out;
  while (reader.next(&record).value()) {
    out.lines.push_back(record.line);
    if (record.bad) {
      out.bad.push_back(*record.bad);
    } else {
      out.rows.emplace_back(record.fields.begin(), record.fields.end());
    }
  }
  return out;
}

TEST(CsvReader, PlainRecordsAreSplit) {
  EXPECT_EQ(parse("a,b,c\n1,2,3\n").rows, (Rows{{"a", "b", "c"}, {"1", "2", "3"}}));
}

TEST(CsvReader, LastLineNeedsNoNewline) {
  EXPECT_EQ(parse("a,b\n1,2").rows, (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(parse("a\n\"x\"").rows, (Rows{{"a"}, {"x"}}));
}

TEST(CsvReader, EmptyFieldsAreKeptAlsoAtTheEnd) {
  EXPECT_EQ(parse(",a,,\n").rows, (Rows{{"", "a", "", ""}}));
  EXPECT_EQ(parse("a,").rows, (Rows{{"a", ""}}));
}

TEST(CsvReader, QuotesHoldDelimitersNewlinesAndDoubledQuotes) {
  EXPECT_EQ(parse("\"a,b\",\"line 1\nline 2\",\"say \"\"hi\"\"\"\nx,y,\"\"\n").rows,
            (Rows{{"a,b", "line 1\nline 2", "say \"hi\""}, {"x", "y", ""}}));
}

TEST(CsvReader, CrlfByteOrderMarkAndEmptyLinesAreNoData) {
  EXPECT_EQ(parse("\xEF\xBB\xBF"
                  "a,b\r\n\r\n1,2\r\n")
                .rows,
            (Rows{{"a", "b"}, {"1", "2"}}));
}

TEST(CsvReader, OtherDelimitersWork) {
  EXPECT_EQ(parse("a;b,c\n", 99, ';').rows, (Rows{{"a", "b,c"}}));
}

TEST(CsvReader, QuoteInsideAnUnquotedFieldIsText) {
  EXPECT_EQ(parse("7\" plate,x\n").rows, (Rows{{"7\" plate", "x"}}));
}

TEST(CsvReader, LineNumbersCountNewlinesInQuotes) {
  EXPECT_EQ(parse("h\n\"a\nb\"\nc\n").lines, (std::vector<std::uint64_t>{1, 2, 4}));
}

TEST(CsvReader, TextBehindAClosingQuoteIsABadRecordAndReadingGoesOn) {
  const auto parsed = parse("a,b\n\"x\"y,1\nc,d\n");
  EXPECT_EQ(parsed.rows, (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(parsed.bad, std::vector<std::string>{"text stands behind a closing quote"});
  EXPECT_EQ(parsed.lines, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(CsvReader, UnclosedQuoteIsABadRecordOfItsLineAlone) {
  const auto parsed = parse("a,b\n\"x,1\nc,d\n");
  EXPECT_EQ(parsed.rows, (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(parsed.bad, std::vector<std::string>{"a quoted field has no closing quote"});
}

TEST(CsvReader, InvalidUtf8IsABadRecord) {
  const auto parsed = parse("a\n\xC3\x28\nb\n");
  EXPECT_EQ(parsed.rows, (Rows{{"a"}, {"b"}}));
  EXPECT_EQ(parsed.bad, std::vector<std::string>{"the record is not UTF-8"});
}

TEST(CsvReader, OverlongRecordIsBadAndTheNextOneIsRead) {
  for (const char* quote : {"", "\""}) {
    const std::string endless(5 * import_limits::kRecordBytesMax, 'x');
    const auto parsed = parse(std::string("a\n") + quote + endless + "\nb\n");
    EXPECT_EQ(parsed.rows, (Rows{{"a"}, {"b"}})) << quote;
    EXPECT_EQ(parsed.bad.size(), 1u);
  }
}

TEST(CsvReader, EveryPieceSizeGivesTheSameRecords) {
  const std::string text =
      "\xEF\xBB\xBF"
      "h1,h2\r\n\"q\"\"\",2\n\n\"a\nb\",\"\"\r\n\"bad\"x,1\nlast,\"é,\"";
  const auto whole = parse(text);
  for (std::size_t step = 1; step < text.size(); ++step) {
    const auto pieces = parse(text, step);
    EXPECT_EQ(pieces.rows, whole.rows) << step;
    EXPECT_EQ(pieces.bad, whole.bad) << step;
    EXPECT_EQ(pieces.lines, whole.lines) << step;
  }
  EXPECT_EQ(whole.rows, (Rows{{"h1", "h2"}, {"q\"", "2"}, {"a\nb", ""}, {"last", "é,"}}));
}

}  // namespace
}  // namespace opsledger::testing
