#include "kernel/exchange/cell_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "kernel/exchange/limits.hpp"
#include "kernel/projection/column_key.hpp"
#include "kernel/schema/currency.hpp"
#include "kernel/schema/decimal.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

using Kind = TypeNode::Kind;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

template <class Number>
std::optional<json::value> number_as(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return {};
  return json::value(value);
}

json::value number(std::string_view text, bool whole) {
  if (auto value = number_as<std::int64_t>(text)) return *value;
  if (auto value = number_as<std::uint64_t>(text)) return *value;
  if (!whole) {
    const auto value = number_as<double>(text);
    if (value && std::isfinite(value->get_double())) return *value;
  }
  return json::string(text);
}

json::value truth(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view yes : {"true", "yes", "y", "1", "是"}) {
    if (lower == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "n", "0", "否"}) {
    if (lower == no) return false;
  }
  return json::string(text);
}

json::value date(std::string_view text) {
  std::string day(text);
  std::replace(day.begin(), day.end(), '/', '-');
  if (const auto end = day.find_first_of("T "); end != std::string::npos) {
    const bool midnight = day.find_first_not_of("0:.", end + 1) == std::string::npos;
    if (midnight) day.resize(end);
  }
  const auto month = day.find('-');  // 2026/1/2
  if (month == 4 && day.size() < 10) {
    if (const auto rest = day.find('-', month + 1); rest == month + 2) day.insert(month + 1, "0");
    if (day.size() == 9) day.insert(8, "0");
  }
  return json::string(day);
}

/// JSON where the text is some; the text itself else.
json::value parsed(std::string_view text) {
  auto value = parse_json(text, exchange_limits::kJsonCellDepthMax);
  if (value.ok()) return std::move(*value);
  return json::string(text);
}

}  // namespace

std::optional<json::value> money_json(std::string_view amount, std::string_view currency) {
  auto decimal = parse_decimal(amount);
  if (!decimal) return {};
  const unsigned digits = minor_digits(currency);
  for (; decimal->scale > digits && decimal->unscaled % 10 == 0; --decimal->scale) {
    decimal->unscaled /= 10;
  }
  if (decimal->scale > digits) return {};
  for (; decimal->scale < digits; ++decimal->scale) {
    if (__builtin_mul_overflow(decimal->unscaled, 10, &decimal->unscaled)) return {};
  }
  return json::value{{"minor", decimal->unscaled}, {"currency", currency}};
}

Result<CellJson> CellJson::make(const std::string& time_zone, const std::string& currency) {
  OPS_TRY_ASSIGN(auto times,
                 TimeReader::make("%Y-%m-%d %H:%M:%S", time_zone.empty() ? "UTC" : time_zone));
  if (currency.size() != 3) {
    return Error{Code::kInvalid, "import.currency",
                 "currency '" + currency + "' is no ISO 4217 code such as CNY"};
  }
  return CellJson(std::move(times), currency);
}

json::value CellJson::value(const TypeNode& declared, const SheetCell& cell) {
  const TypeNode& type = inner_type(declared);
  const auto text = trimmed(cell.text);
  switch (type.kind) {
    case Kind::kString:
    case Kind::kBytes:
      return json::string(cell.text);
    case Kind::kEnum:
    case Kind::kDecimal:
      return json::string(text);
    case Kind::kBool:
      return truth(text);
    case Kind::kF64:
      return number(text, false);
    case Kind::kTime:
      return moment(std::string(text));
    case Kind::kDate:
      return date(text);
    case Kind::kMoney:
      return money(std::string(text));
    case Kind::kList:
      return list(*type.element, std::string(text));
    case Kind::kPersonal:
      return value(*type.element, cell);
    case Kind::kMap:
    case Kind::kVariant:
    case Kind::kStruct:
      return parsed(text);
    default:
      return number(text, true);
  }
}

json::value CellJson::moment(const std::string& text) {
  if (parse_rfc3339(text)) return json::string(text);
  std::string local = text;
  std::replace(local.begin(), local.end(), '/', '-');
  std::replace(local.begin(), local.end(), 'T', ' ');
  if (local.find(' ') == std::string::npos) local += " 00:00";
  if (std::count(local.begin(), local.end(), ':') == 1) local += ":00";
  const auto time = times_.read(local);
  if (!time || !time_in_range(*time)) return json::string(text);
  return json::string(rfc3339(*time));
}

json::value CellJson::list(const TypeNode& element, const std::string& text) {
  if (text.starts_with('[')) return parsed(text);
  json::array list;
  for (std::size_t at = 0; at <= text.size();) {
    const auto half = text.find(';', at), full = text.find("；", at);
    const auto end = std::min({half, full, text.size()});
    const auto one = trimmed(std::string_view(text).substr(at, end - at));
    if (!one.empty()) list.push_back(value(element, {CellKind::kText, std::string(one)}));
    at = end + (end == full && full != half ? std::string_view("；").size() : 1);
  }
  return list;
}

json::value CellJson::money(const std::string& text) const {
  if (text.starts_with('{')) return parsed(text);
  if (auto value = money_json(text, currency_)) return std::move(*value);
  return json::string(text);
}

}  // namespace opsledger
