#include "kernel/projection/table_shape.hpp"

#include <boost/json/array.hpp>

#include "kernel/projection/column_key.hpp"

namespace opsledger {
namespace {

Result<std::vector<std::uint32_t>> resolve_indexes(const TableShape& shape,
                                                   const std::vector<std::string>& columns) {
  std::vector<std::uint32_t> fields;
  for (const auto& column : columns) {
    const auto field = shape.field(column);
    if (!field || !has_column_key(*shape.fields()[*field].type)) {
      return Error{Code::kInvalid, "table.index_invalid",
                   "table " + shape.name + ": index on column '" + column + "', which " +
                       (field ? "has a type without an order" : "its rows do not have") +
                       "; name a scalar column of the row"};
    }
    fields.push_back(*field);
  }
  return fields;
}

Result<std::vector<std::uint32_t>> resolve_search(const TableShape& shape,
                                                  const std::vector<std::string>& columns) {
  std::vector<std::uint32_t> fields;
  for (const auto& column : columns) {
    const auto field = shape.field(column);
    if (!field || inner_type(*shape.fields()[*field].type).kind != TypeNode::Kind::kString) {
      return Error{Code::kInvalid, "table.search_invalid",
                   "table " + shape.name + ": search in column '" + column + "', which " +
                       (field ? "is not text" : "its rows do not have") +
                       "; name a text column of the row"};
    }
    fields.push_back(*field);
  }
  return fields;
}

std::vector<std::string> texts_of(const boost::json::object& json, std::string_view name) {
  std::vector<std::string> texts;
  const auto* list = json.if_contains(name);
  if (list == nullptr || !list->is_array()) return texts;
  for (const auto& text : list->get_array()) {
    if (text.is_string()) texts.emplace_back(text.get_string());
  }
  return texts;
}

boost::json::array names_of(const TableShape& shape, const std::vector<std::uint32_t>& fields) {
  boost::json::array names;
  for (const auto field : fields) names.emplace_back(shape.fields()[field].name);
  return names;
}

std::string text_of(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

std::optional<std::uint32_t> TableShape::field(std::string_view column) const {
  for (std::uint32_t i = 0; i < fields().size(); ++i) {
    if (fields()[i].name == column) return i;
  }
  return std::nullopt;
}

bool TableShape::shows_key() const {
  const auto same = field(key_column);
  return !same || fields()[*same].type->kind == TypeNode::Kind::kString;
}

Result<std::shared_ptr<const TableShape>> TableShape::make(const TableInfo& info,
                                                           std::uint32_t number) {
  if (info.row == nullptr) {
    return Error{Code::kInvalid, "table.schema_missing",
                 "table " + info.name + " has no row schema; give its rows a serialize()"};
  }
  auto shape = std::make_shared<TableShape>();
  shape->name = info.name;
  shape->number = number;
  shape->row = info.row;
  shape->key_column = info.key_column.empty() ? "key" : info.key_column;
  shape->owner_column = info.owner_column;
  shape->department_column = info.department_column;
  OPS_TRY_ASSIGN(auto indexes, resolve_indexes(*shape, info.indexes));
  shape->indexes = std::move(indexes);
  OPS_TRY_ASSIGN(auto search, resolve_search(*shape, info.search));
  shape->search = std::move(search);
  return std::shared_ptr<const TableShape>(std::move(shape));
}

Result<std::shared_ptr<const TableShape>> TableShape::from_json(const boost::json::object& json) {
  TableInfo info;
  info.name = text_of(json, "name");
  info.key_column = text_of(json, "key_column");
  info.owner_column = text_of(json, "owner_column");
  info.department_column = text_of(json, "department_column");
  info.indexes = texts_of(json, "indexes");
  info.search = texts_of(json, "search");
  const auto* number = json.if_contains("number");
  auto row = Schema::parse(text_of(json, "row"));
  if (!row.ok() || number == nullptr || !number->is_int64()) {
    return Error{Code::kCorrupt, "projection.shape_unreadable",
                 "recorded shape of table '" + info.name + "' cannot be read"};
  }
  info.row = std::move(row).value();
  return make(info, static_cast<std::uint32_t>(number->get_int64()));
}

boost::json::object TableShape::to_json() const {
  return {{"name", name},
          {"number", static_cast<std::int64_t>(number)},
          {"key_column", key_column},
          {"owner_column", owner_column},
          {"department_column", department_column},
          {"indexes", names_of(*this, indexes)},
          {"search", names_of(*this, search)},
          {"row", row->text()}};
}

}  // namespace opsledger
