// Rows -> events, as the JSON of POST /v1/events.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/import/cell.hpp"
#include "kernel/import/csv_reader.hpp"
#include "kernel/import/import_map.hpp"

namespace opsledger {

/// Why one row is no event.
struct RowProblem {
  std::string column;  ///< as the CSV header writes it; empty: the row as a whole
  std::string why;
};

/// Keeps, per key, the watched columns of the last good row, so rows must come in order. One
/// thread; `map` must outlive it.
class RowMapper {
 public:
  explicit RowMapper(const ImportMap& map) : map_(map) {}  ///< without columns yet; see make
  /// Errors: kInvalid `import.columns_missing` naming every column that the header lacks,
  /// `import.header_invalid`.
  static Result<std::unique_ptr<RowMapper>> make(const ImportMap& map,
                                                 const std::vector<std::string_view>& header);

  /// Appends the row's events to `out`, separated by commas, and adds where each ends to `ends`. A
  /// problem: nothing is appended and nothing remembered.
  std::optional<RowProblem> map(const std::vector<std::string_view>& fields, std::string* out,
                                std::vector<std::size_t>* ends);

 private:
  struct Cell {
    bool read = false;
    std::optional<std::string_view> text;
  };
  Status map_row(std::string* out, std::vector<std::size_t>* ends);
  Status find_entity();
  Result<bool> applies(const MapEmit& emit);
  Status append_event(const MapEmit& emit, std::string* out);
  Status append_tags(const MapEmit& emit, std::string* out);
  Result<bool> append_node(const MapNode& node, std::string* out);
  Result<bool> append_template(const MapTemplate& text, std::string* out);
  Result<bool> expand(const MapTemplate& text, std::string* out);
  Result<std::optional<std::string_view>> cell(std::size_t column);
  Status remember();

  const ImportMap& map_;
  std::size_t width_ = 0;
  std::vector<CellReader> readers_;     ///< per ImportMap::columns
  std::vector<std::size_t> positions_;  ///< per ImportMap::columns: field number
  std::vector<std::size_t> watched_;    ///< columns compared with the last row
  std::unordered_map<std::string, std::vector<std::string>> entities_;

  // of the row at hand
  const std::vector<std::string_view>* fields_ = nullptr;
  std::vector<Cell> cells_;
  std::string entity_, scratch_;
  const std::vector<std::string>* last_ = nullptr;  ///< watched texts of the entity's last row
  std::string at_fault_;                            ///< column of the row's problem
};

}  // namespace opsledger
