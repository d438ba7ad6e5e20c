#include "kernel/import/row_mapper.hpp"

#include <algorithm>

#include "kernel/import/limits.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

/// `category`, `category#2`, …: duplicates are numbered from the second.
std::vector<std::string> numbered(const std::vector<std::string_view>& header) {
  std::vector<std::string> names;
  std::unordered_map<std::string, unsigned> seen;
  for (const auto name : header) {
    const auto count = ++seen[std::string(name)];
    names.push_back(count == 1 ? std::string(name)
                               : std::string(name) + "#" + std::to_string(count));
  }
  return names;
}

Error row_error(const std::string& why) {
  return {Code::kInvalid, "import.row_invalid", why};
}

}  // namespace

Result<std::unique_ptr<RowMapper>> RowMapper::make(const ImportMap& map,
                                                   const std::vector<std::string_view>& header) {
  if (header.size() > import_limits::kColumnsMax) {
    return Error{Code::kTooLarge, "import.header_invalid",
                 "the header has " + std::to_string(header.size()) + " columns, the limit is " +
                     std::to_string(import_limits::kColumnsMax)};
  }
  auto mapper = std::make_unique<RowMapper>(map);
  const auto names = numbered(header);
  mapper->width_ = names.size();
  std::string lacking;
  for (const auto& column : map.columns) {
    const auto found = std::find(names.begin(), names.end(), column.from);
    if (found == names.end()) lacking += (lacking.empty() ? "`" : ", `") + column.from + "`";
    mapper->positions_.push_back(static_cast<std::size_t>(found - names.begin()));
    mapper->readers_.emplace_back(column);
  }
  if (!lacking.empty()) {
    std::string has;
    for (const auto& name : names) has += (has.empty() ? "" : ", ") + name;
    return Error{Code::kInvalid, "import.columns_missing",
                 "the file lacks the columns " + lacking + " that map " + map.name +
                     " reads; it has: " + has};
  }
  mapper->cells_.resize(map.columns.size());
  for (const auto& emit : map.emits) {
    const bool compares = emit.when == MapEmit::When::kChanged || emit.when == MapEmit::When::kSame;
    auto& watched = mapper->watched_;
    if (compares && std::find(watched.begin(), watched.end(), emit.watched) == watched.end()) {
      watched.push_back(emit.watched);
    }
  }
  return mapper;
}

std::optional<RowProblem> RowMapper::map(const std::vector<std::string_view>& fields,
                                         std::string* out, std::vector<std::size_t>* ends) {
  if (fields.size() != width_) {
    return RowProblem{"", "the row has " + std::to_string(fields.size()) +
                              " fields, the header has " + std::to_string(width_)};
  }
  fields_ = &fields;
  std::fill(cells_.begin(), cells_.end(), Cell{});
  at_fault_.clear();
  const auto size = out->size();
  const auto events = ends->size();
  if (auto status = map_row(out, ends); !status) {
    out->resize(size);
    ends->resize(events);
    return RowProblem{at_fault_, status.error().message};
  }
  return std::nullopt;
}

Status RowMapper::map_row(std::string* out, std::vector<std::size_t>* ends) {
  if (map_.key) OPS_TRY(find_entity());
  for (const auto& emit : map_.emits) {
    OPS_TRY_ASSIGN(const bool wanted, applies(emit));
    if (!wanted) continue;
    if (!ends->empty()) *out += ',';
    OPS_TRY(append_event(emit, out));
    ends->push_back(out->size());
  }
  return map_.key ? remember() : Status{};
}

Status RowMapper::find_entity() {
  entity_.clear();
  OPS_TRY_ASSIGN(const bool whole, expand(*map_.key, &entity_));
  if (!whole) return row_error("the key is missing");
  const auto found = entities_.find(entity_);
  last_ = found == entities_.end() ? nullptr : &found->second;
  return {};
}

/// Only a good row is remembered. Missing and empty are told apart.
Status RowMapper::remember() {
  std::vector<std::string> texts;
  texts.reserve(watched_.size());
  for (const auto column : watched_) {
    OPS_TRY_ASSIGN(const auto text, cell(column));
    texts.push_back(text ? "=" + std::string(*text) : std::string());
  }
  entities_[entity_] = std::move(texts);
  if (entities_.size() <= import_limits::kEntitiesMax) return {};
  return row_error("more than " + std::to_string(import_limits::kEntitiesMax) +
                   " different keys; split the file by key");
}

Result<bool> RowMapper::applies(const MapEmit& emit) {
  if (emit.when == MapEmit::When::kFirst && last_) return false;
  if (emit.when == MapEmit::When::kChanged || emit.when == MapEmit::When::kSame) {
    OPS_TRY_ASSIGN(const auto text, cell(emit.watched));
    const auto place = std::find(watched_.begin(), watched_.end(), emit.watched);
    const auto now = text ? "=" + std::string(*text) : std::string();
    const bool same = last_ && (*last_)[static_cast<std::size_t>(place - watched_.begin())] == now;
    if (same != (emit.when == MapEmit::When::kSame)) return false;
  }
  for (const auto& filter : emit.filters) {
    OPS_TRY_ASSIGN(const auto text, cell(filter.column));
    const auto& texts = filter.texts;
    const bool found =
        std::find(texts.begin(), texts.end(), text.value_or(std::string_view())) != texts.end();
    if (found == filter.negated) return false;
  }
  return true;
}

Result<std::optional<std::string_view>> RowMapper::cell(std::size_t column) {
  Cell& cell = cells_[column];
  if (!cell.read) {
    auto text = readers_[column].clean((*fields_)[positions_[column]]);
    if (!text) {
      at_fault_ = map_.columns[column].from;
      return std::move(text).error();
    }
    cell = {true, *text};
  }
  return cell.text;
}

Status RowMapper::append_event(const MapEmit& emit, std::string* out) {
  *out += R"({"type":)";
  append_json_string(emit.type, out);
  if (emit.id) {
    scratch_.clear();
    OPS_TRY_ASSIGN(const bool whole, expand(*emit.id, &scratch_));
    if (!whole) return row_error("a part of the event's id is missing");
    *out += R"(,"id":)";
    append_json_string(scratch_, out);
  }
  OPS_TRY(append_tags(emit, out));
  if (emit.time) {
    OPS_TRY_ASSIGN(const auto text, cell(*emit.time));
    at_fault_ = map_.columns[*emit.time].from;
    if (!text) return row_error("the event's time is missing");
    OPS_TRY_ASSIGN(const auto time, readers_[*emit.time].time(*text));
    at_fault_.clear();
    *out += R"(,"time":")";
    append_rfc3339(time, out);
    *out += '"';
  }
  if (!emit.department.empty()) {
    *out += R"(,"department":)";
    append_json_string(emit.department, out);
  }
  *out += R"(,"data":)";
  OPS_TRY_ASSIGN(const bool written, append_node(emit.data, out));
  (void)written;  // an object always is
  *out += '}';
  return {};
}

/// A tag with a missing column is left out.
Status RowMapper::append_tags(const MapEmit& emit, std::string* out) {
  *out += R"(,"tags":[)";
  bool first = true;
  for (const auto& tag : emit.tags) {
    scratch_.clear();
    OPS_TRY_ASSIGN(const bool whole, expand(tag, &scratch_));
    if (!whole) continue;
    if (!is_tag(scratch_)) {
      for (const auto& part : tag.parts) {
        if (part.column) at_fault_ = map_.columns[*part.column].from;
      }
      return row_error("`" + scratch_ +
                       "` cannot be a tag: key:value, value 1 to 200 bytes "
                       "without comma and control characters");
    }
    if (!first) *out += ',';
    first = false;
    append_json_string(scratch_, out);
  }
  *out += ']';
  return {};
}

/// Appends the texts of a template; false when one of its columns is missing.
Result<bool> RowMapper::expand(const MapTemplate& text, std::string* out) {
  for (const auto& part : text.parts) {
    if (!part.column) {
      *out += part.text;
      continue;
    }
    OPS_TRY_ASSIGN(const auto value, cell(*part.column));
    if (!value) return false;
    *out += *value;
  }
  return true;
}

/// Appends JSON; false (and nothing appended) for a template with a missing column.
Result<bool> RowMapper::append_node(const MapNode& node, std::string* out) {
  switch (node.kind) {
    case MapNode::Kind::kConstant:
      *out += node.json;
      return true;
    case MapNode::Kind::kTemplate:
      return append_template(node.text, out);
    case MapNode::Kind::kObject:
    case MapNode::Kind::kList:
      break;
  }
  const bool object = node.kind == MapNode::Kind::kObject;
  *out += object ? '{' : '[';
  bool first = true;
  for (const auto& [name, value] : node.fields) {
    const auto before = out->size();
    if (!first) *out += ',';
    if (object) {
      append_json_string(name, out);
      *out += ':';
    }
    OPS_TRY_ASSIGN(const bool written, append_node(value, out));
    if (!written) out->resize(before);
    first = first && !written;
  }
  *out += object ? '}' : ']';
  return true;
}

/// A lone column keeps its kind; with text around it, it is a string.
Result<bool> RowMapper::append_template(const MapTemplate& text, std::string* out) {
  if (text.parts.size() == 1 && text.parts.front().column) {
    const auto column = *text.parts.front().column;
    OPS_TRY_ASSIGN(const auto value, cell(column));
    if (!value) return false;
    if (auto status = readers_[column].append_json(*value, out); !status) {
      at_fault_ = map_.columns[column].from;
      return std::move(status).error();
    }
    return true;
  }
  scratch_.clear();
  OPS_TRY_ASSIGN(const bool whole, expand(text, &scratch_));
  if (whole) append_json_string(scratch_, out);
  return whole;
}

}  // namespace opsledger
