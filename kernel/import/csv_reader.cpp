#include "kernel/import/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include "kernel/import/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}

CsvReader::CsvReader(ByteSource& source, char delimiter) : source_(source), delimiter_(delimiter) {}

/// Moves what is left to the front and reads more behind it; false at the end.
Result<bool> CsvReader::fill() {
  if (ended_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto kept = buffer_.size();
  buffer_.resize(kept + import_limits::kReadBytes);
  OPS_TRY_ASSIGN(const auto count, source_.read(buffer_.data() + kept, import_limits::kReadBytes));
  buffer_.resize(kept + count);
  ended_ = count == 0;
  return !ended_;
}

Result<bool> CsvReader::next(CsvRecord* record) {
  if (!started_) {
    while (buffer_.size() < kByteOrderMark.size()) {
      OPS_TRY_ASSIGN(const bool more, fill());
      if (!more) break;
    }
    if (buffer_.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
    started_ = true;
  }
  for (;;) {
    while (begin_ < buffer_.size() && at_line_end(begin_)) line_ += buffer_[begin_++] == '\n';
    if (begin_ < buffer_.size()) break;
    OPS_TRY_ASSIGN(const bool more, fill());
    if (!more) return false;
  }
  OPS_TRY_ASSIGN(const Scan found, scan_record(record));
  (void)found;
  return true;
}

Result<CsvReader::Scan> CsvReader::scan_record(CsvRecord* record) {
  for (;;) {
    record->line = line_;
    record->bad.reset();
    record->fields.clear();
    record->quoted.clear();
    std::size_t end = begin_;
    const Scan found = scan(&end, record);
    if (found != Scan::kMore) {
      if (found == Scan::kRecord) hand_out(end, record);
      line_ += static_cast<std::uint64_t>(
          std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                     buffer_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      begin_ = end;
      return found;
    }
    OPS_TRY(fill());
  }
}

/// Finds the record's end and its fields. kMore: the buffer ends within it.
CsvReader::Scan CsvReader::scan(std::size_t* end, CsvRecord* record) {
  fields_.clear();
  std::size_t at = begin_;
  for (;;) {
    if (at < buffer_.size() && buffer_[at] == '"') {
      const Scan found = scan_quoted(&at, record);
      if (found == Scan::kBad) return ends_bad(*record->bad, at, end, record);
      if (found == Scan::kMore) return found;
    } else {
      const auto from = at;
      while (at < buffer_.size() && buffer_[at] != delimiter_ && !at_line_end(at)) ++at;
      fields_.push_back({from, at, false, false});
    }
    if (at - begin_ > import_limits::kRecordBytesMax) {
      return ends_bad(
          "the record is longer than " + std::to_string(import_limits::kRecordBytesMax) + " bytes",
          at, end, record);
    }
    if (at == buffer_.size() && !ended_) return Scan::kMore;
    if (at == buffer_.size() || at_line_end(at)) break;
    ++at;  // the delimiter
    if (at == buffer_.size() && !ended_) return Scan::kMore;
  }
  *end = at;
  return Scan::kRecord;
}

/// `at` stands on the opening quote, afterwards behind the closing one.
CsvReader::Scan CsvReader::scan_quoted(std::size_t* at, CsvRecord* record) {
  const auto from = *at + 1;
  bool escaped = false;
  for (std::size_t i = from;;) {
    const void* quote = std::memchr(buffer_.data() + i, '"', buffer_.size() - i);
    const auto found =
        quote ? static_cast<std::size_t>(static_cast<const char*>(quote) - buffer_.data())
              : buffer_.size();
    const bool at_end = found + 1 >= buffer_.size();
    if (at_end && !ended_ && found - begin_ <= import_limits::kRecordBytesMax) return Scan::kMore;
    if (!quote) {
      *at = begin_;
      record->bad = "a quoted field has no closing quote";
      return Scan::kBad;
    }
    if (!at_end && buffer_[found + 1] == '"') {
      escaped = true;
      i = found + 2;
      continue;
    }
    if (!at_end && buffer_[found + 1] != delimiter_ && !at_line_end(found + 1)) {
      *at = found;
      record->bad = "text stands behind a closing quote";
      return Scan::kBad;
    }
    fields_.push_back({from, found, true, escaped});
    *at = found + 1;
    return Scan::kRecord;
  }
}

/// A bad record ends with the line on which it went wrong.
CsvReader::Scan CsvReader::ends_bad(std::string why, std::size_t from, std::size_t* end,
                                    CsvRecord* record) {
  const auto line_end = buffer_.find('\n', from);
  if (line_end == std::string::npos && !ended_) {
    // Nothing of an endless line is kept: drop what was read, but for its first byte.
    if (buffer_.size() - begin_ > 2 * import_limits::kRecordBytesMax) {
      buffer_.erase(begin_ + 1, import_limits::kRecordBytesMax);
    }
    return Scan::kMore;
  }
  record->bad = std::move(why);
  record->fields.clear();
  *end = line_end == std::string::npos ? buffer_.size() : line_end;
  return Scan::kBad;
}

void CsvReader::hand_out(std::size_t end, CsvRecord* record) {
  if (!is_utf8(std::string_view(buffer_).substr(begin_, end - begin_))) {
    record->bad = "the record is not UTF-8";
    return;
  }
  unescaped_.clear();
  unescaped_.reserve(end - begin_);  // so that views into it stay valid
  for (const auto& field : fields_) {
    const auto raw = std::string_view(buffer_).substr(field.begin, field.end - field.begin);
    record->quoted.push_back(field.quoted);
    if (!field.escaped) {
      record->fields.push_back(raw);
      continue;
    }
    const auto from = unescaped_.size();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      unescaped_ += raw[i];
      if (raw[i] == '"') ++i;  // the second of a pair
    }
    record->fields.push_back(std::string_view(unescaped_).substr(from));
  }
}

}  // namespace opsledger
