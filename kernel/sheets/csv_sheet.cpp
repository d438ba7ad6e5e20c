#include "kernel/sheets/csv_sheet.hpp"

#include <algorithm>
#include <array>

#include "kernel/sheets/formula_guard.hpp"
#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/sheet_error.hpp"

namespace opsledger {

namespace {

/// A source whose first bytes have been looked at.
class PeekedSource final : public ByteSource {
 public:
  explicit PeekedSource(std::unique_ptr<ByteSource> rest) : rest_(std::move(rest)) {}

  /// The first line, or as much of it as is looked at.
  Result<std::string_view> first_line() {
    head_.resize(sheet_limits::kDelimiterSearchBytes);
    std::size_t filled = 0;
    while (filled < head_.size()) {
      OPS_TRY_ASSIGN(const auto count, rest_->read(head_.data() + filled, head_.size() - filled));
      if (count == 0) break;
      filled += count;
    }
    head_.resize(filled);
    return std::string_view(head_).substr(0, head_.find('\n'));
  }
  Result<std::size_t> read(char* out, std::size_t size) override {
    if (at_ == head_.size()) return rest_->read(out, size);
    const auto count = head_.copy(out, size, at_);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return rest_->bytes_read(); }
  std::uint64_t bytes_total() const override { return rest_->bytes_total(); }

 private:
  std::unique_ptr<ByteSource> rest_;
  std::string head_;
  std::size_t at_ = 0;
};

char commonest_delimiter(std::string_view line) {
  constexpr std::array kDelimiters = {',', ';', '\t'};
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    for (std::size_t i = 0; i < kDelimiters.size(); ++i) counts[i] += c == kDelimiters[i];
  }
  const auto best = std::max_element(counts.begin(), counts.end());
  return kDelimiters[static_cast<std::size_t>(best - counts.begin())];
}

}  // namespace

CsvSheet::CsvSheet(std::unique_ptr<ByteSource> source, char delimiter)
    : source_(std::move(source)), reader_(*source_, delimiter) {}

Result<std::unique_ptr<SheetReader>> CsvSheet::make(std::unique_ptr<ByteSource> source,
                                                    char delimiter) {
  auto peeked = std::make_unique<PeekedSource>(std::move(source));
  OPS_TRY_ASSIGN(const auto line, peeked->first_line());
  if (delimiter == 0) delimiter = commonest_delimiter(line);
  return std::unique_ptr<SheetReader>(new CsvSheet(std::move(peeked), delimiter));
}

Result<bool> CsvSheet::next(SheetRow* row) {
  for (;;) {
    OPS_TRY_ASSIGN(const bool more, reader_.next(&record_));
    if (!more) return false;
    row->number = ++records_;
    row->cells.clear();
    row->bad = record_.bad;
    if (row->bad) return true;
    if (records_ > sheet_limits::kRowsMax) return sheet_too_large("rows", sheet_limits::kRowsMax);
    if (record_.fields.size() > sheet_limits::kColumnsMax) {
      return sheet_too_large("columns", sheet_limits::kColumnsMax);
    }
    bool has_value = false;
    for (std::size_t i = 0; i < record_.fields.size(); ++i) {
      const auto text = record_.fields[i];
      const bool empty = text.empty() && !record_.quoted[i];
      row->cells.push_back(
          {empty ? CellKind::kEmpty : CellKind::kText, std::string(without_formula_guard(text))});
      has_value = has_value || !empty;
    }
    if (has_value) return true;
  }
}

}  // namespace opsledger
