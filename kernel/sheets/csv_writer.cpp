#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/sheets/formula_guard.hpp"
#include "kernel/sheets/sheet_writer.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kFlushBytes = 256 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void append_field(const SheetCell& cell, std::string* out) {
  if (cell.kind == CellKind::kEmpty) return;
  const bool text = cell.kind == CellKind::kText;
  const bool guarded = text && needs_formula_guard(cell.text);
  const bool quoted =
      text && (cell.text.empty() || cell.text.front() == ' ' || cell.text.back() == ' ' ||
               cell.text.find_first_of(",;\t\"\r\n") != std::string::npos);
  if (quoted) *out += '"';
  if (guarded) *out += '\'';
  for (const char c : cell.text) {
    if (c == '"') *out += '"';
    *out += c;
  }
  if (quoted) *out += '"';
}

class CsvWriter final : public SheetWriter {
 public:
  CsvWriter(int file, std::string path) : file_(file), path_(std::move(path)) {}
  ~CsvWriter() override { ::close(file_); }

  Status row(std::span<const SheetCell> cells) override {
    const auto begin = buffer_.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) buffer_ += ',';
      append_field(cells[i], &buffer_);
    }
    if (buffer_.size() == begin) buffer_ += "\"\"";  // an empty line would be no row at all
    buffer_ += "\r\n";
    return buffer_.size() < kFlushBytes ? Status() : flush();
  }
  Status finish() override { return flush(); }

  void mark() { buffer_ = kByteOrderMark; }

 private:
  Status flush() {
    for (std::size_t done = 0; done < buffer_.size();) {
      const auto wrote = ::write(file_, buffer_.data() + done, buffer_.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) {
        return Error{Code::kIo, "export.write",
                     "cannot write " + path_ + ": " + std::strerror(errno) +
                         "; free space or choose another place"};
      }
      done += static_cast<std::size_t>(wrote);
    }
    buffer_.clear();
    return {};
  }

  const int file_;
  const std::string path_;
  std::string buffer_;
};

}  // namespace

Result<std::unique_ptr<SheetWriter>> make_csv_writer(const std::string& path,
                                                     std::span<const SheetColumn> columns) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{Code::kIo, "export.write",
                 "cannot write " + path + ": " + std::strerror(errno) + "; choose another place"};
  }
  auto writer = std::make_unique<CsvWriter>(file, path);
  writer->mark();
  std::vector<SheetCell> titles;
  for (const auto& column : columns) titles.push_back({CellKind::kText, column.title});
  OPS_TRY(writer->row(titles));
  return std::unique_ptr<SheetWriter>(std::move(writer));
}

}  // namespace opsledger
