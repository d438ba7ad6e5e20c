#include "kernel/sheets/xlsx_reader.hpp"

#include <charconv>
#include <cmath>
#include <deque>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/sheet_error.hpp"
#include "kernel/sheets/xlsx_parts.hpp"
#include "kernel/sheets/xml_parser.hpp"

namespace opsledger {

namespace {

/// `BC12` -> 54; nothing when it is no cell's name.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0, letters = 0;
  for (; letters < reference.size() && letters < 4; ++letters) {
    const char c = reference[letters];
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
  }
  if (letters == 0 || letters == 4 || letters == reference.size()) return {};
  return column - 1;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// The shortest digits that read back as the same number, without an exponent.
std::string plain_digits(double value) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  const std::string digits(text, end);
  return digits == "-0" ? "0" : digits;
}

/// Turns the elements of a sheet into rows. What surrounds the data is skipped.
class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(SharedStrings strings, std::vector<NumberShows> styles, bool since_1904)
      : strings_(std::move(strings)), styles_(std::move(styles)), since_1904_(since_1904) {}

  Status start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "sheetData") in_data_ = true;
    if (!in_data_) return {};
    if (name == "row") return start_row(attributes);
    if (name == "c") return start_cell(attributes);
    if (name == "f") has_formula_ = true;
    if (name == "rPh") ++phonetic_;
    collects_ = in_cell_ && (name == "v" || (name == "t" && phonetic_ == 0));
    if (collects_) has_value_ = true;
    return {};
  }
  Status end(std::string_view name) override {
    collects_ = false;
    if (name == "sheetData") in_data_ = false;
    if (!in_data_) return {};
    if (name == "rPh" && phonetic_ > 0) --phonetic_;
    if (name == "c" && in_cell_) return end_cell();
    if (name == "row" && !row_.cells.empty()) rows.push_back(std::move(row_));
    if (name == "row") row_ = {};
    return {};
  }
  Status text(std::string_view text) override {
    if (!collects_) return {};
    if (value_.size() + text.size() > sheet_limits::kCellBytesMax) {
      return sheet_too_large("bytes in one cell", sheet_limits::kCellBytesMax);
    }
    value_ += text;
    return {};
  }

  std::deque<SheetRow> rows;

 private:
  Status start_row(const XmlAttributes& attributes) {
    const auto given = attributes.get("r");
    const auto number = given.empty() ? number_ + 1 : whole_number<std::uint64_t>(given);
    if (!number || *number <= number_) return sheet_malformed("its rows are not in order");
    if (*number > sheet_limits::kRowsMax) return sheet_too_large("rows", sheet_limits::kRowsMax);
    number_ = *number;
    row_ = {};
    row_.number = number_;
    column_ = 0;
    return {};
  }

  Status start_cell(const XmlAttributes& attributes) {
    const auto reference = attributes.get("r");
    const auto column = reference.empty() ? column_ : column_of(reference);
    if (!column || *column < column_) return sheet_malformed("its cells are not in order");
    if (*column >= sheet_limits::kColumnsMax) {
      return sheet_too_large("columns", sheet_limits::kColumnsMax);
    }
    column_ = *column;
    type_ = attributes.get("t");
    const auto style = whole_number<std::size_t>(attributes.get("s")).value_or(0);
    shows_ = style < styles_.size() ? styles_[style] : NumberShows::kNumber;
    value_.clear();
    in_cell_ = true;
    has_value_ = has_formula_ = collects_ = false;
    phonetic_ = 0;
    return {};
  }

  Status end_cell() {
    in_cell_ = false;
    OPS_TRY_ASSIGN(auto cell, make_cell());
    const auto column = column_++;
    if (cell.kind == CellKind::kEmpty) return {};
    cells_ += column + 1 - row_.cells.size();
    if (cells_ > sheet_limits::kCellsMax) return sheet_too_large("cells", sheet_limits::kCellsMax);
    row_.cells.resize(column);
    row_.cells.push_back(std::move(cell));
    return {};
  }

  Result<SheetCell> make_cell() {
    if (!has_value_ || (value_.empty() && type_ != "str" && type_ != "inlineStr")) {
      if (!has_formula_) return SheetCell{};
      return SheetCell{CellKind::kError, "a formula without a stored value"};
    }
    if (type_ == "s") return shared_text();
    if (type_ == "inlineStr" || type_ == "str") {
      return SheetCell{CellKind::kText, unescape_xstring(value_)};
    }
    if (type_ == "b") return SheetCell{CellKind::kBoolean, value_ == "1" ? "true" : "false"};
    if (type_ == "e") return SheetCell{CellKind::kError, "the error " + value_};
    if (type_ == "d") return SheetCell{CellKind::kTime, value_};
    return number_cell();
  }

  Result<SheetCell> shared_text() const {
    const auto index = whole_number<std::size_t>(value_);
    if (!index || *index >= strings_.size()) return sheet_malformed("a cell's text is missing");
    return SheetCell{CellKind::kText, std::string(strings_.at(*index))};
  }

  Result<SheetCell> number_cell() const {
    const auto value = whole_number<double>(value_);
    if (!value || !std::isfinite(*value)) return sheet_malformed("a number is none");
    if (shows_ != NumberShows::kNumber) {
      if (auto cell = date_cell(*value, shows_, since_1904_)) return std::move(*cell);
      return SheetCell{CellKind::kError, "a date that no calendar has"};
    }
    return SheetCell{CellKind::kNumber, plain_digits(*value)};
  }

  const SharedStrings strings_;
  const std::vector<NumberShows> styles_;
  const bool since_1904_;
  SheetRow row_;
  std::uint64_t number_ = 0, cells_ = 0;
  std::size_t column_ = 0;
  std::string type_, value_;
  NumberShows shows_{};
  unsigned phonetic_ = 0;
  bool in_data_ = false, in_cell_ = false, collects_ = false, has_value_ = false,
       has_formula_ = false;
};

class XlsxReader final : public SheetReader {
 public:
  XlsxReader(std::unique_ptr<Package> package, std::unique_ptr<ByteSource> source,
             std::unique_ptr<SheetHandler> handler)
      : package_(std::move(package)),
        source_(std::move(source)),
        handler_(std::move(handler)),
        parser_(*handler_),
        buffer_(sheet_limits::kReadBytes) {}

  Result<bool> next(SheetRow* row) override {
    while (handler_->rows.empty()) {
      if (ended_) return false;
      OPS_TRY_ASSIGN(const auto count, source_->read(buffer_.data(), buffer_.size()));
      ended_ = count == 0;
      OPS_TRY(parser_.feed({buffer_.data(), count}, ended_));
    }
    *row = std::move(handler_->rows.front());
    handler_->rows.pop_front();
    return true;
  }
  SheetFormat format() const override { return SheetFormat::kXlsx; }

 private:
  std::unique_ptr<Package> package_;  // outlives the source
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<SheetHandler> handler_;
  XmlParser parser_;
  std::vector<char> buffer_;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<SheetReader>> make_xlsx_reader(std::unique_ptr<Package> package,
                                                      const std::string& sheet) {
  OPS_TRY_ASSIGN(const auto workbook, read_workbook(*package, sheet));
  std::vector<NumberShows> styles;
  if (!workbook.styles.empty()) {
    OPS_TRY_ASSIGN(styles, read_styles(*package, workbook.styles));
  }
  SharedStrings strings;
  if (!workbook.shared_strings.empty()) {
    OPS_TRY_ASSIGN(strings, read_shared_strings(*package, workbook.shared_strings));
  }
  OPS_TRY_ASSIGN(auto source, package->open(workbook.sheet));
  auto handler =
      std::make_unique<SheetHandler>(std::move(strings), std::move(styles), workbook.since_1904);
  return std::unique_ptr<SheetReader>(
      std::make_unique<XlsxReader>(std::move(package), std::move(source), std::move(handler)));
}

}  // namespace opsledger
