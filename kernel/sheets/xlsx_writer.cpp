#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/serial_date.hpp"
#include "kernel/sheets/sheet_writer.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kExactDigits = 15;  ///< that every double keeps
constexpr const char* kDateFormat = "yyyy-mm-dd";
constexpr const char* kTimeFormat = "yyyy-mm-dd hh:mm:ss";

struct CloseWorkbook {
  void operator()(lxw_workbook* workbook) const { workbook_close(workbook); }
};

Error write_error(lxw_error error) {
  return {Code::kIo, "export.write",
          std::string("the workbook cannot be written: ") + lxw_strerror(error)};
}

/// Digits that a double shows as they are.
std::optional<double> exact_number(const std::string& text) {
  const auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return {};
  if (static_cast<std::size_t>(digits) > kExactDigits) return {};
  return value;
}

/// Texts that look like an escape are escaped themselves (libxlsxwriter does so for control
/// characters only); XML has no way to write U+FFFE and U+FFFF, not even escaped.
std::string writable(const std::string& text) {
  constexpr std::size_t kEscapeBytes = 7;  // _xHHHH_
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto piece = std::string_view(text).substr(i, kEscapeBytes);
    if (piece.size() == kEscapeBytes && piece.starts_with("_x") && piece.ends_with('_') &&
        piece.find_first_not_of("0123456789abcdefABCDEF", 2) == kEscapeBytes - 1) {
      out += "_x005F";
    }
    out += text[i];
  }
  for (const char* none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (auto at = out.find(none); at != std::string::npos; at = out.find(none, at)) {
      out.replace(at, 3, "\xEF\xBF\xBD");
    }
  }
  return out;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

class XlsxWriter final : public SheetWriter {
 public:
  XlsxWriter(lxw_workbook* workbook, std::span<const SheetColumn> columns)
      : workbook_(workbook), sheet_(workbook_add_worksheet(workbook, "data")) {
    dates_ = format(kDateFormat);
    times_ = format(kTimeFormat);
    for (const auto& column : columns) numbers_.push_back(format(column.number_format));
  }

  Status row(std::span<const SheetCell> cells) override {
    if (row_ >= sheet_limits::kRowsMax) {
      return Error{Code::kTooLarge, "export.too_large",
                   "an XLSX sheet has at most " + std::to_string(sheet_limits::kRowsMax) +
                       " rows; filter, or export CSV"};
    }
    for (std::size_t i = 0; i < cells.size(); ++i) OPS_TRY(write(cells[i], i));
    ++row_;
    return {};
  }

  Status finish() override {
    const auto failed = workbook_close(workbook_.release());
    return failed == LXW_NO_ERROR ? Status() : write_error(failed);
  }

 private:
  lxw_format* format(const std::string& code) {
    if (code.empty()) return nullptr;
    auto& made = formats_[code];
    if (made == nullptr) {
      made = workbook_add_format(workbook_.get());
      format_set_num_format(made, code.c_str());
    }
    return made;
  }

  Status write(const SheetCell& cell, std::size_t column) {
    switch (cell.kind) {
      case CellKind::kEmpty:
      case CellKind::kError:
        return {};
      case CellKind::kBoolean:
        return check(
            worksheet_write_boolean(sheet_, row_, col(column), cell.text == "true", nullptr));
      case CellKind::kNumber:
        return number(cell.text, exact_number(cell.text), numbers_[column], column);
      case CellKind::kDate:
        return number(cell.text, serial_of_date(cell.text), dates_, column);
      case CellKind::kTime:
        return number(cell.text, serial_of_time(cell.text), times_, column);
      case CellKind::kText:
        break;
    }
    return text(cell.text, column);
  }

  Status number(const std::string& as_text, std::optional<double> value, lxw_format* format,
                std::size_t column) {
    if (!value) return text(as_text, column);
    return check(worksheet_write_number(sheet_, row_, col(column), *value, format));
  }

  Status text(const std::string& text, std::size_t column) {
    if (characters(text) > sheet_limits::kWrittenCellChars) {
      return Error{Code::kTooLarge, "export.too_large",
                   "row " + std::to_string(row_ + 1) + ", column " + std::to_string(column + 1) +
                       ": an XLSX cell has at most " +
                       std::to_string(sheet_limits::kWrittenCellChars) +
                       " characters; export CSV, or leave the column out with select"};
    }
    return check(
        worksheet_write_string(sheet_, row_, col(column), writable(text).c_str(), nullptr));
  }

  static lxw_col_t col(std::size_t column) { return static_cast<lxw_col_t>(column); }
  static Status check(lxw_error failed) {
    return failed == LXW_NO_ERROR ? Status() : write_error(failed);
  }

  std::unique_ptr<lxw_workbook, CloseWorkbook> workbook_;
  lxw_worksheet* sheet_;  // the workbook's, as all formats are
  std::map<std::string, lxw_format*> formats_;
  lxw_format *dates_ = nullptr, *times_ = nullptr;
  std::vector<lxw_format*> numbers_;
  lxw_row_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<SheetWriter>> make_xlsx_writer(const std::string& path,
                                                      std::span<const SheetColumn> columns) {
  std::error_code none;
  auto folder = std::filesystem::temp_directory_path(none).string();
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = folder.data();
  lxw_workbook* workbook = workbook_new_opt(path.c_str(), &options);
  if (workbook == nullptr) return write_error(LXW_ERROR_CREATING_XLSX_FILE);
  auto writer = std::make_unique<XlsxWriter>(workbook, columns);
  std::vector<SheetCell> titles;
  for (const auto& column : columns) titles.push_back({CellKind::kText, column.title});
  OPS_TRY(writer->row(titles));
  return std::unique_ptr<SheetWriter>(std::move(writer));
}

}  // namespace opsledger
