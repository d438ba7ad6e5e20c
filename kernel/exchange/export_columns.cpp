#include "kernel/exchange/export_columns.hpp"

#include <date/tz.h>

#include <charconv>

#include "kernel/projection/column_key.hpp"
#include "kernel/schema/currency.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

using Kind = TypeNode::Kind;

constexpr const char* kMoneyFormat = "0.00";
constexpr std::int64_t kSecondUs = 1'000'000;

std::string name_of(const OutputColumn& output) {
  const auto quoted = std::string_view(output.json_key).substr(1, output.json_key.size() - 2);
  return std::string(parse_json(quoted).value().get_string());
}

/// The label of a field that is shown under its own name.
std::string title_of(const OutputColumn& output, const std::string& name, const TableShape& shape,
                     Titles titles) {
  if (titles == Titles::kNames || output.aggregate != Aggregate::kNone) return name;
  const auto field = shape.field(name);
  if (!field) return name;
  const auto& declared = shape.fields()[*field];
  const auto& label = titles == Titles::kChinese ? declared.label_zh : declared.label_en;
  return label.empty() ? name : label;
}

std::string text_of(const json::value& value) {
  std::string text;
  append_json(value, &text);
  return text;
}

/// `2.5e20` and the like in plain digits; JSON integers are that already.
SheetCell number_cell(const json::value& value) {
  if (!value.is_double()) return {CellKind::kNumber, text_of(value)};
  char digits[400];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, value.get_double(), std::chars_format::fixed);
  return {CellKind::kNumber, std::string(digits, end.ptr)};
}

/// What a cell holds where nothing is known about its column.
SheetCell cell_of(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return {CellKind::kText, std::string(value.get_string())};
  if (value.is_bool()) return {CellKind::kBoolean, value.get_bool() ? "true" : "false"};
  if (value.is_number()) return number_cell(value);
  if (value.is_array()) return {CellKind::kText, list_text(value.get_array())};
  return {CellKind::kText, text_of(value)};
}

}  // namespace

std::string list_text(const json::array& list) {
  std::string text;
  bool plain = !list.empty();
  for (const auto& element : list) {
    std::string one = element.is_string() ? std::string(element.get_string()) : text_of(element);
    const bool trims = one.starts_with(' ') || one.ends_with(' ');
    plain = plain && (element.is_string() || element.is_number() || element.is_bool()) &&
            !one.empty() && !trims && one.find(';') == std::string::npos &&
            one.find("；") == std::string::npos && one.front() != '[' && one.front() != '{';
    text += (text.empty() ? "" : ";") + one;
  }
  return plain ? text : text_of(list);
}

std::string amount_text(std::int64_t minor, unsigned digits) {
  auto text = std::to_string(minor);
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  if (digits > 0) text.insert(text.size() - digits, ".");
  return (negative ? "-" : "") + text;
}

ExportColumns::ExportColumns(const BoundQuery& query, Titles titles, SheetFormat format,
                             const date::time_zone* local)
    : format_(format), local_(local) {
  for (const auto& output : query.output) {
    const auto name = name_of(output);
    const bool is_field =
        output.aggregate == Aggregate::kNone && output.column.kind == ColumnRef::Kind::kField;
    const TypeNode* type = is_field ? &inner_type(*output.column.type) : nullptr;
    const bool money = type != nullptr && type->kind == Kind::kMoney;
    const auto title = title_of(output, name, *query.shape, titles);
    titles_.push_back({title, money ? kMoneyFormat : ""});
    if (money) titles_.push_back({title + ".currency", ""});
    columns_.push_back({name, type});
  }
}

std::vector<SheetCell> ExportColumns::cells(const json::object& row) const {
  std::vector<SheetCell> cells;
  cells.reserve(titles_.size());
  for (const auto& column : columns_) append(column, row.at(column.name), &cells);
  return cells;
}

void ExportColumns::append(const Column& column, const json::value& value,
                           std::vector<SheetCell>* out) const {
  const Kind kind = column.type == nullptr ? Kind::kString : column.type->kind;
  if (kind == Kind::kMoney) {
    const json::object* money = value.if_object();
    if (money == nullptr) return out->resize(out->size() + 2);
    const std::string currency(money->at("currency").get_string());
    out->push_back({CellKind::kNumber, amount_text(money->at("minor").to_number<std::int64_t>(),
                                                   minor_digits(currency))});
    return out->push_back({CellKind::kText, currency});
  }
  if (value.is_string() && kind == Kind::kTime) return out->push_back(moment(value.get_string()));
  auto cell = cell_of(value);
  if (value.is_string() && kind == Kind::kDate) cell.kind = CellKind::kDate;
  if (value.is_string() && kind == Kind::kDecimal) cell.kind = CellKind::kNumber;
  out->push_back(std::move(cell));
}

SheetCell ExportColumns::moment(std::string_view rfc3339) const {
  const auto time = parse_rfc3339(rfc3339);
  if (!time) return {CellKind::kText, std::string(rfc3339)};
  std::chrono::seconds offset{0};
  if (local_ != nullptr) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(
        date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time->us)));
    offset = local_->get_info(seconds).offset;
  }
  const Time shifted{time->us + offset.count() * kSecondUs};
  if (!time_in_range(shifted)) return {CellKind::kText, std::string(rfc3339)};
  std::string text;
  append_rfc3339(shifted, &text);
  text.pop_back();  // Z
  if (format_ == SheetFormat::kXlsx) return {CellKind::kTime, text};
  if (offset.count() == 0) return {CellKind::kTime, text + "Z"};
  char zone[8];
  const auto minutes = static_cast<int>(std::abs(offset.count()) / 60);
  std::snprintf(zone, sizeof zone, "%c%02d:%02d", offset.count() < 0 ? '-' : '+',
                minutes / 60 % 100, minutes % 60);
  return {CellKind::kTime, text + zone};
}

}  // namespace opsledger
