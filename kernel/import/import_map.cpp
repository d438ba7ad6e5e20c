#include "kernel/import/import_map.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "kernel/import/limits.hpp"
#include "kernel/import/map_reader.hpp"
#include "kernel/import/time_reader.hpp"
#include "kernel/schema/json_text.hpp"
#include "storage/core/sha256.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

constexpr std::pair<std::string_view, ColumnKind> kKinds[] = {
    {"string", ColumnKind::kString},   {"integer", ColumnKind::kInteger},
    {"number", ColumnKind::kNumber},   {"boolean", ColumnKind::kBoolean},
    {"time", ColumnKind::kTime},       {"date", ColumnKind::kDate},
    {"decimal", ColumnKind::kDecimal}, {"money", ColumnKind::kMoney}};

/// Settings that columns inherit.
struct Defaults {
  std::vector<std::string> missing;
  std::string time_zone, time_format, currency, department;
};

class MapParser {
 public:
  Result<ImportMap> parse(const toml::table& root) {
    MapTable top(root, "");
    map_.name = top.text("name");
    if (map_.name.empty()) top.fail("name", "a map needs a name");
    map_.batch_rows =
        static_cast<std::size_t>(top.number("batch_rows", 1'000, 1, import_limits::kBatchRowsMax));
    const auto delimiter = top.text("delimiter", ",");
    if (delimiter.size() != 1) top.fail("delimiter", "expected one character");
    map_.delimiter = delimiter.empty() ? ',' : delimiter.front();
    defaults_ = {top.texts("missing", {""}), top.text("time_zone"), top.text("time_format"),
                 top.text("currency"), top.text("department")};
    const auto* columns = top.table("columns");
    shared_ = top.table("shared");
    const auto key = top.text("key");
    const auto* emits = top.node("emit");
    OPS_TRY(top.done());
    if (!columns || columns->empty()) return map_error("columns", "a map needs columns");
    for (const auto& [name, node] : *columns) OPS_TRY(add_column(std::string(name.str()), node));
    if (!key.empty()) {
      OPS_TRY_ASSIGN(map_.key, make_template(key, "key"));
    }
    const auto* list = emits ? emits->as_array() : nullptr;
    if (!list || list->empty()) return map_error("emit", "a map needs at least one [[emit]]");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto place = "emit[" + std::to_string(i) + "]";
      const auto* table = list->get(i)->as_table();
      if (!table) return map_error(place, "expected a table");
      OPS_TRY(add_emit(*table, place));
    }
    return std::move(map_);
  }

 private:
  Status add_column(std::string name, const toml::node& node);
  Status check_column(const MapColumn& column, const std::string& place);
  Status add_emit(const toml::table& table, const std::string& place);
  Status set_when(const std::string& when, const std::string& place, MapEmit* emit);
  Status add_filters(const toml::table* table, bool negated, const std::string& place,
                     MapEmit* emit);
  Result<MapTemplate> make_template(std::string_view text, const std::string& place);
  Result<MapNode> make_node(const toml::node& node, const std::string& place);
  Status include(const std::string& name, const std::string& place, MapNode* data);
  Result<std::size_t> column(std::string_view name, const std::string& place);

  ImportMap map_;
  Defaults defaults_;
  const toml::table* shared_ = nullptr;  ///< fields that several events have
};

void read_texts(MapTable& table, const char* key, decltype(MapColumn::values)* out) {
  const auto* texts = table.table(key);
  if (!texts) return;
  for (const auto& [from, to] : *texts) {
    if (const auto text = to.value_exact<std::string>()) {
      out->emplace(from.str(), *text);
    } else {
      table.fail(key, "expected texts");
    }
  }
}

/// `name = "From"` or a table.
Status MapParser::add_column(std::string name, const toml::node& node) {
  MapColumn column;
  column.name = name;
  column.missing = defaults_.missing;
  column.time_format = defaults_.time_format;
  column.time_zone = defaults_.time_zone;
  column.currency = defaults_.currency;
  const auto place = "columns." + name;
  if (const auto from = node.value_exact<std::string>()) {
    column.from = *from;
    map_.columns.push_back(std::move(column));
    return {};
  }
  if (!node.is_table()) return map_error(place, "expected a text or a table");
  MapTable table(*node.as_table(), place);
  column.from = table.text("from", name);
  const auto as = table.text("as", "string");
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const auto& known) { return known.first == as; });
  if (kind == std::end(kKinds)) {
    table.fail("as",
               "`" + as + "` is none of string integer number boolean time date decimal money");
  } else {
    column.as = kind->second;
  }
  column.required = table.flag("required", false);
  column.trim = table.flag("trim", false);
  column.missing = table.texts("missing", column.missing);
  column.strip_prefix = table.text("strip_prefix");
  column.strip_suffix = table.text("strip_suffix");
  column.keep_others = table.flag("keep_others", false);
  if (table.has("otherwise")) column.otherwise = table.text("otherwise");
  column.time_format = table.text("time_format", column.time_format);
  column.time_zone = table.text("time_zone", column.time_zone);
  column.currency = table.text("currency", column.currency);
  read_texts(table, "values", &column.values);
  read_texts(table, "prefixes", &column.prefixes);
  OPS_TRY(table.done());
  OPS_TRY(check_column(column, place));
  map_.columns.push_back(std::move(column));
  return {};
}

Status MapParser::check_column(const MapColumn& column, const std::string& place) {
  const bool mapped = !column.values.empty() || !column.prefixes.empty();
  if (!mapped && (column.otherwise || column.keep_others)) {
    return map_error(place, "`otherwise` and `keep_others` go with `values` or `prefixes`");
  }
  if (column.as == ColumnKind::kMoney && column.currency.size() != 3) {
    return map_error(place, "money needs a `currency` of three letters, here or for the whole map");
  }
  if (column.as == ColumnKind::kTime || column.as == ColumnKind::kDate) {
    if (column.time_format.empty()) return map_error(place, "a time needs a `time_format`");
    const bool zone_needed = column.as == ColumnKind::kTime && column.time_format != "rfc3339";
    if (zone_needed && column.time_zone.empty()) {
      return map_error(place, "a time without offset needs a `time_zone`, e.g. Europe/London");
    }
    const auto zone = column.time_zone.empty() ? "UTC" : column.time_zone;
    if (auto reader = TimeReader::make(column.time_format, zone); !reader) {
      return map_error(place, reader.error().message);
    }
  }
  return {};
}

Result<std::size_t> MapParser::column(std::string_view name, const std::string& place) {
  for (std::size_t i = 0; i < map_.columns.size(); ++i) {
    if (map_.columns[i].name == name) return i;
  }
  return map_error(place, "no column is called `" + std::string(name) + "`; see [columns]");
}

Result<MapTemplate> MapParser::make_template(std::string_view text, const std::string& place) {
  MapTemplate result;
  while (!text.empty()) {
    const auto open = text.find('{');
    if (open != 0) result.parts.push_back({std::string(text.substr(0, open)), std::nullopt});
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return map_error(place, "`{` without `}`");
    OPS_TRY_ASSIGN(const auto index, column(text.substr(open + 1, close - open - 1), place));
    result.parts.push_back({"", index});
    text.remove_prefix(close + 1);
  }
  return result;
}

/// A text with a column in it is a template; every other value is a constant.
Result<MapNode> MapParser::make_node(const toml::node& node, const std::string& place) {
  MapNode result;
  if (const auto text = node.value_exact<std::string>()) {
    OPS_TRY_ASSIGN(result.text, make_template(*text, place));
    result.kind = MapNode::Kind::kTemplate;
  } else if (const auto flag = node.value_exact<bool>()) {
    result.json = *flag ? "true" : "false";
  } else if (const auto integer = node.value_exact<std::int64_t>()) {
    append_decimal(*integer, &result.json);
  } else if (const auto number = node.value_exact<double>()) {
    append_double(*number, &result.json);
  } else if (const auto* table = node.as_table()) {
    result.kind = MapNode::Kind::kObject;
    for (const auto& [name, value] : *table) {
      OPS_TRY_ASSIGN(auto field, make_node(value, place + "." + std::string(name.str())));
      result.fields.push_back({std::string(name.str()), std::move(field)});
    }
  } else if (const auto* array = node.as_array()) {
    result.kind = MapNode::Kind::kList;
    for (std::size_t i = 0; i < array->size(); ++i) {
      OPS_TRY_ASSIGN(auto item, make_node(*array->get(i), place + "[" + std::to_string(i) + "]"));
      result.fields.push_back({"", std::move(item)});
    }
  } else {
    return map_error(place, "expected a text, number, true, false, table or list");
  }
  return result;
}

Status MapParser::add_emit(const toml::table& source, const std::string& place) {
  MapTable table(source, place);
  MapEmit emit;
  emit.type = table.text("type");
  emit.department = table.text("department", defaults_.department);
  const auto when = table.text("when", "always");
  const auto time = table.text("time");
  const auto id = table.text("id");
  const auto tags = table.texts("tags");
  const auto* where = table.table("where");
  const auto* unless = table.table("unless");
  const auto* data = table.table("data");
  const auto includes = table.texts("include");
  OPS_TRY(table.done());
  if (!is_event_type(emit.type)) {
    return map_error(place + ".type", "`" + emit.type + "` is no event type like order.placed");
  }
  OPS_TRY(set_when(when, place + ".when", &emit));
  if (!time.empty()) {
    OPS_TRY_ASSIGN(emit.time, column(time, place + ".time"));
    if (map_.columns[*emit.time].as != ColumnKind::kTime) {
      return map_error(place + ".time", "column `" + time + "` is not read as = \"time\"");
    }
  }
  if (!id.empty()) {
    OPS_TRY_ASSIGN(emit.id, make_template(id, place + ".id"));
  }
  for (const auto& tag : tags) {
    OPS_TRY_ASSIGN(auto made, make_template(tag, place + ".tags"));
    emit.tags.push_back(std::move(made));
  }
  OPS_TRY(add_filters(where, false, place + ".where", &emit));
  OPS_TRY(add_filters(unless, true, place + ".unless", &emit));
  emit.data.kind = MapNode::Kind::kObject;
  if (data) {
    OPS_TRY_ASSIGN(emit.data, make_node(*data, place + ".data"));
  }
  for (const auto& name : includes) OPS_TRY(include(name, place + ".include", &emit.data));
  map_.emits.push_back(std::move(emit));
  return {};
}

/// Adds the fields of `[shared.<name>]` that `data` does not set itself.
Status MapParser::include(const std::string& name, const std::string& place, MapNode* data) {
  const auto* table = shared_ ? shared_->get_as<toml::table>(name) : nullptr;
  if (!table) return map_error(place, "there is no [shared." + name + "]");
  OPS_TRY_ASSIGN(auto shared, make_node(*table, "shared." + name));
  for (auto& field : shared.fields) {
    const bool set = std::any_of(data->fields.begin(), data->fields.end(),
                                 [&](const auto& own) { return own.name == field.name; });
    if (!set) data->fields.push_back(std::move(field));
  }
  return {};
}

Status MapParser::set_when(const std::string& when, const std::string& place, MapEmit* emit) {
  if (when == "always") return {};
  if (!map_.key) return map_error(place, "`" + when + "` needs the map's `key`");
  if (when == "first") {
    emit->when = MapEmit::When::kFirst;
    return {};
  }
  const auto colon = when.find(':');
  const auto word = when.substr(0, colon);
  if (colon == std::string::npos || (word != "changed" && word != "same")) {
    return map_error(place, "`" + when +
                                "` is none of always, first, changed:<column>, "
                                "same:<column>");
  }
  emit->when = word == "changed" ? MapEmit::When::kChanged : MapEmit::When::kSame;
  OPS_TRY_ASSIGN(emit->watched, column(when.substr(colon + 1), place));
  return {};
}

Status MapParser::add_filters(const toml::table* source, bool negated, const std::string& place,
                              MapEmit* emit) {
  if (!source) return {};
  MapTable table(*source, place);
  for (const auto& [name, value] : *source) {
    const std::string key(name.str());
    OPS_TRY_ASSIGN(const auto index, column(key, place));
    emit->filters.push_back({index, table.texts(key.c_str()), negated});
  }
  return table.done();
}

/// Over the parsed values, so that comments and layout do not count.
Hash hash_of(const toml::table& root) {
  std::ostringstream text;
  text << toml::json_formatter(root);
  return sha256(text.str());
}

}  // namespace

Result<ImportMap> ImportMap::parse(std::string_view toml) {
  try {
    const auto root = toml::parse(toml);
    OPS_TRY_ASSIGN(auto map, MapParser().parse(root));
    map.hash = hash_of(root);
    return map;
  } catch (const toml::parse_error& e) {
    return map_error("line " + std::to_string(e.source().begin.line), std::string(e.description()));
  }
}

Result<ImportMap> ImportMap::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{Code::kNotFound, "import.map_not_found", "cannot read the map " + path};
  }
  std::string text(import_limits::kMapBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > import_limits::kMapBytesMax) {
    return Error{Code::kTooLarge, "import.map_too_large",
                 "the map " + path + " is longer than " +
                     std::to_string(import_limits::kMapBytesMax) + " bytes"};
  }
  auto map = parse(text);
  if (!map) {
    auto error = std::move(map).error();
    error.message = path + ": " + error.message;
    return error;
  }
  return map;
}

}  // namespace opsledger
