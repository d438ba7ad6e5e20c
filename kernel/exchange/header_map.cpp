#include "kernel/exchange/header_map.hpp"

#include <algorithm>
#include <set>

#include "kernel/projection/column_key.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

using Kind = TypeNode::Kind;

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n*");  // a star marks what must be filled in
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n*") - from + 1));
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

const TypeNode::Field* field_called(const TypeNode& type, std::string_view name) {
  if (type.kind != Kind::kStruct) return nullptr;
  for (const auto& field : type.fields) {
    const bool alias =
        std::find(field.aliases.begin(), field.aliases.end(), name) != field.aliases.end();
    if (alias || same(field.name, name)) return &field;
  }
  for (const auto& field : type.fields) {
    const bool label = (!field.label_en.empty() && same(field.label_en, name)) ||
                       (!field.label_zh.empty() && field.label_zh == name);
    if (label) return &field;
  }
  return nullptr;
}

std::string pointer_of(const std::vector<std::string>& path) {
  std::string pointer;
  for (const auto& part : path) pointer += "/" + part;
  return pointer;
}

std::string known_fields(const TypeNode& command) {
  std::string known;
  for (const auto& field : command.fields) known += (known.empty() ? "" : ", ") + field.name;
  return known;
}

bool needs_value(const TypeNode::Field& field) {
  return field.type->kind != Kind::kOptional && !field.has_default;
}

json::object& object_at(json::object& root, const std::vector<std::string>& path) {
  json::object* at = &root;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    auto& next = (*at)[path[i]];
    if (!next.is_object()) next = json::object();
    at = &next.get_object();
  }
  return *at;
}

}  // namespace

Result<HeaderMap::Column> HeaderMap::find(const TypeNode& command, const std::string& name) {
  Column column;
  const TypeNode* type = &command;
  for (std::string_view rest = name;;) {
    if (const auto* whole = field_called(*type, rest)) {
      column.path.push_back(whole->name);
      column.type = whole->type.get();
      return column;
    }
    const auto dot = rest.find('.');
    const auto* field =
        dot == std::string_view::npos ? nullptr : field_called(*type, rest.substr(0, dot));
    if (field == nullptr) break;
    column.path.push_back(field->name);
    type = &inner_type(*field->type);
    rest.remove_prefix(dot + 1);
    if (type->kind == Kind::kMoney && rest == "currency") {
      column.type = type;
      column.currency = true;
      return column;
    }
  }
  return Error{Code::kInvalid, "import.header",
               "no field is called '" + name + "'; the command has " + known_fields(command)};
}

Result<HeaderMap> HeaderMap::make(const TypeNode& command, const SheetRow& header,
                                  const json::object& map) {
  HeaderMap made;
  Error wrong{Code::kInvalid, "import.header", "the header row does not fit the command", {}};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    std::string name = trimmed(header.cells[i].text);
    const auto pointer = "/header/" + std::to_string(i + 1);
    Column column;
    const auto* given = map.if_contains(name);
    if (given != nullptr && given->is_string()) name = std::string(given->get_string());
    if (!name.empty() && (given == nullptr || !given->is_null())) {
      auto found = find(command, name);
      if (!found.ok()) {
        wrong.fields.push_back({pointer, found.error().message});
        continue;
      }
      column = std::move(*found);
      if (!seen.insert(pointer_of(column.path) + (column.currency ? " currency" : "")).second) {
        wrong.fields.push_back({pointer, "a column before it is " + name + " already"});
      }
    }
    made.columns_.push_back(std::move(column));
  }
  for (const auto& field : command.fields) {
    const auto pointer = "/" + field.name;
    const bool has = std::any_of(made.columns_.begin(), made.columns_.end(), [&](const auto& c) {
      return !c.path.empty() && c.path.front() == field.name && !c.currency;
    });
    if (!has && needs_value(field)) wrong.fields.push_back({pointer, "has no column"});
  }
  if (wrong.fields.empty()) return made;
  wrong.message += ": " + wrong.fields.front().pointer + " " + wrong.fields.front().detail +
                   "; name columns as the fields or their labels, or give a map";
  return wrong;
}

std::optional<json::object> HeaderMap::row(const SheetRow& row, CellJson& reader,
                                           RowFault* fault) const {
  json::object data;
  std::vector<std::pair<const Column*, std::string>> currencies;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& cell = row.cells[i];
    if (cell.kind == CellKind::kEmpty) continue;
    if (i >= columns_.size()) {
      *fault = {"import.cell", "",
                "a value stands in column " + std::to_string(i + 1) + ", which has no header"};
      return {};
    }
    const Column& column = columns_[i];
    if (column.path.empty()) continue;
    if (cell.kind == CellKind::kError) {
      *fault = {"import.cell", pointer_of(column.path), "the cell holds " + cell.text};
      return {};
    }
    if (column.currency) {
      currencies.emplace_back(&column, cell.text);
    } else {
      object_at(data, column.path)[column.path.back()] = reader.value(*column.type, cell);
    }
  }
  for (const auto& [column, currency] : currencies) {
    auto& holder = object_at(data, column->path);
    const auto amount = holder.find(column->path.back());
    if (amount == holder.end()) continue;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {  // again, in its own currency
      if (columns_[i].currency || columns_[i].path != column->path) continue;
      if (auto money = money_json(trimmed(row.cells[i].text), currency)) {
        amount->value() = std::move(*money);
      }
    }
  }
  return data;
}

}  // namespace opsledger
