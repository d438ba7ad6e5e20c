// RFC 4180 records from a stream of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/import/byte_source.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// One record. Views live until the next call of `next`.
struct CsvRecord {
  std::uint64_t line = 0;  ///< physical line on which it begins, from 1
  std::vector<std::string_view> fields;
  std::vector<bool> quoted;  ///< one per field: only so can an empty text be told from no value
  std::optional<std::string> bad;  ///< why it is no record (fields are then empty)
};

/// Quotes, LF and CRLF, a byte order mark, empty lines (skipped). A record that cannot be read
/// (text after a closing quote, not UTF-8, longer than the limit) is handed out as bad, and reading
/// goes on behind its line. One thread at a time.
class CsvReader {
 public:
  CsvReader(ByteSource& source, char delimiter);
  /// False at the end. Errors: those of the source.
  Result<bool> next(CsvRecord* record);

 private:
  struct Field {
    std::size_t begin, end;
    bool quoted, escaped;  ///< escaped: holds doubled quotes
  };
  enum class Scan { kRecord, kBad, kMore };

  Result<bool> fill();
  Result<Scan> scan_record(CsvRecord* record);
  Scan scan(std::size_t* end, CsvRecord* record);
  Scan scan_quoted(std::size_t* at, CsvRecord* record);
  Scan ends_bad(std::string why, std::size_t from, std::size_t* end, CsvRecord* record);
  void hand_out(std::size_t end, CsvRecord* record);
  bool at_line_end(std::size_t at) const { return buffer_[at] == '\n' || buffer_[at] == '\r'; }

  ByteSource& source_;
  const char delimiter_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of the record being read
  std::uint64_t line_ = 1;
  bool ended_ = false, started_ = false;
  std::vector<Field> fields_;
  std::string unescaped_;
};

}  // namespace opsledger
