// What a map file says: how rows of a CSV file become events. The format is in README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

enum class ColumnKind { kString, kInteger, kNumber, kBoolean, kTime, kDate, kDecimal, kMoney };

/// A named value of a row: a CSV column and how it is read.
struct MapColumn {
  std::string name, from;  ///< `from`: as the header writes it, `category#2` for the second
  ColumnKind as = ColumnKind::kString;
  bool required = false, trim = false;
  std::vector<std::string> missing;  ///< texts that stand for no value
  std::string strip_prefix, strip_suffix;
  std::map<std::string, std::string, std::less<>> values;    ///< text -> text
  std::map<std::string, std::string, std::less<>> prefixes;  ///< what a text begins with -> text
  std::optional<std::string> otherwise;                      ///< for texts in neither
  bool keep_others = false;                                  ///< texts in neither stay as they are
  std::string time_format, time_zone, currency;
};

/// Text with columns in it: `order:{order}`.
struct MapTemplate {
  struct Part {
    std::string text;
    std::optional<std::size_t> column;  ///< index into ImportMap::columns; else `text`
  };
  std::vector<Part> parts;
};

struct MapField;

/// A value in an event's data.
struct MapNode {
  enum class Kind { kTemplate, kConstant, kObject, kList } kind = Kind::kConstant;
  MapTemplate text;              ///< kTemplate
  std::string json;              ///< kConstant
  std::vector<MapField> fields;  ///< kObject; kList with empty names
};
struct MapField {
  std::string name;
  MapNode node;
};

/// One event that a row may become.
struct MapEmit {
  enum class When { kAlways, kFirst, kChanged, kSame } when = When::kAlways;
  std::size_t watched = 0;  ///< kChanged, kSame: the column compared with the key's last row
  struct Filter {
    std::size_t column = 0;
    std::vector<std::string> texts;
    bool negated = false;
  };
  std::vector<Filter> filters;
  std::string type, department;
  std::optional<MapTemplate> id;
  std::optional<std::size_t> time;
  std::vector<MapTemplate> tags;
  MapNode data;
};

struct ImportMap {
  std::string name;
  Hash hash{};  ///< of what the map says, not of how it is written
  char delimiter = ',';
  std::size_t batch_rows = 1'000;
  std::optional<MapTemplate> key;  ///< the entity a row belongs to, for first, changed, same
  std::vector<MapColumn> columns;
  std::vector<MapEmit> emits;

  /// Errors: kInvalid `import.map_invalid` with the place (`emit[2].tags`) and what is allowed.
  static Result<ImportMap> parse(std::string_view toml);
  /// The same for a file; also kNotFound, kTooLarge.
  static Result<ImportMap> load(const std::string& path);
};

}  // namespace opsledger
