#include "kernel/import/cell.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "kernel/schema/currency.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kDecimalDigitsMax = 18;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

struct DecimalText {
  bool negative = false;
  std::string_view whole, fraction;
};

/// `-12.50`; digits on both sides of a point, at most 18 together.
std::optional<DecimalText> split_decimal(std::string_view text) {
  DecimalText out;
  out.negative = text.starts_with('-');
  if (out.negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  out.whole = text.substr(0, point);
  if (point != std::string_view::npos) out.fraction = text.substr(point + 1);
  const auto digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const bool good = digits(out.whole) && digits(out.fraction) && !out.whole.empty() &&
                    (point == std::string_view::npos || !out.fraction.empty()) &&
                    out.whole.size() + out.fraction.size() <= kDecimalDigitsMax;
  return good ? std::optional(out) : std::nullopt;
}

}  // namespace

CellReader::CellReader(const MapColumn& column) : column_(column) {
  if (column.as == ColumnKind::kTime || column.as == ColumnKind::kDate) {
    time_ =
        TimeReader::make(column.time_format, column.time_zone.empty() ? "UTC" : column.time_zone)
            .value();
  }
  if (column.as == ColumnKind::kMoney) minor_digits_ = minor_digits(column.currency);
}

Error CellReader::no(std::string_view text, const std::string& expected) const {
  return {Code::kInvalid, "import.row_invalid",
          "`" + std::string(text.substr(0, 60)) + "` is no " + expected};
}

Result<std::optional<std::string_view>> CellReader::clean(std::string_view raw) const {
  std::string_view text = raw;
  if (column_.trim || column_.as != ColumnKind::kString) text = trimmed(text);
  const auto& missing = column_.missing;
  if (std::find(missing.begin(), missing.end(), text) != missing.end()) {
    if (column_.required) {
      return Error{Code::kInvalid, "import.row_invalid", "the value is missing"};
    }
    return std::optional<std::string_view>{};
  }
  if (text.starts_with(column_.strip_prefix)) text.remove_prefix(column_.strip_prefix.size());
  if (text.ends_with(column_.strip_suffix)) text.remove_suffix(column_.strip_suffix.size());
  if (column_.values.empty() && column_.prefixes.empty()) return std::optional(text);
  if (const auto found = column_.values.find(text); found != column_.values.end()) {
    return std::optional<std::string_view>(found->second);
  }
  for (const auto& [prefix, value] : column_.prefixes) {
    if (text.starts_with(prefix)) return std::optional<std::string_view>(value);
  }
  if (column_.otherwise) return std::optional<std::string_view>(*column_.otherwise);
  if (column_.keep_others) return std::optional(text);
  return Error{Code::kInvalid, "import.row_invalid",
               "`" + std::string(text.substr(0, 60)) + "` is not among the map's values"};
}

Status CellReader::append_json(std::string_view text, std::string* out) {
  switch (column_.as) {
    case ColumnKind::kString:
      append_json_string(text, out);
      return {};
    case ColumnKind::kInteger:
      return append_integer(text, out);
    case ColumnKind::kNumber:
      return append_number(text, out);
    case ColumnKind::kBoolean:
      return append_boolean(text, out);
    case ColumnKind::kDate:
      return append_date_json(text, out);
    case ColumnKind::kDecimal:
      return append_decimal_json(text, out);
    case ColumnKind::kMoney:
      return append_money(text, out);
    case ColumnKind::kTime:
      break;
  }
  OPS_TRY_ASSIGN(const auto moment, time(text));
  *out += '"';
  append_rfc3339(moment, out);
  *out += '"';
  return {};
}

Result<Time> CellReader::time(std::string_view text) {
  const auto moment = time_->read(text);
  if (moment && time_in_range(*moment)) return *moment;
  return no(text, "time of the form " + time_->format());
}

Status CellReader::append_integer(std::string_view text, std::string* out) const {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return no(text, "integer");
  append_decimal(value, out);
  return {};
}

Status CellReader::append_number(std::string_view text, std::string* out) const {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return no(text, "number");
  }
  append_double(value, out);
  return {};
}

Status CellReader::append_boolean(std::string_view text, std::string* out) const {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "true" || lower == "yes" || lower == "1") {
    *out += "true";
  } else if (lower == "false" || lower == "no" || lower == "0") {
    *out += "false";
  } else {
    return no(text, "boolean (true, false, yes, no, 1, 0)");
  }
  return {};
}

Status CellReader::append_date_json(std::string_view text, std::string* out) const {
  const auto days = time_->read_date(text);
  if (!days) return no(text, "date of the form " + time_->format());
  *out += '"';
  append_date(*days, out);
  *out += '"';
  return {};
}

Status CellReader::append_decimal_json(std::string_view text, std::string* out) const {
  if (!split_decimal(text)) return no(text, "decimal of at most 18 digits");
  if (text.starts_with('+')) text.remove_prefix(1);
  *out += '"';
  *out += text;
  *out += '"';
  return {};
}

Status CellReader::append_money(std::string_view text, std::string* out) const {
  const auto parts = split_decimal(text);
  if (!parts) return no(text, "amount");
  auto fraction = std::string(parts->fraction);
  while (fraction.size() > minor_digits_ && fraction.back() == '0') fraction.pop_back();
  if (fraction.size() > minor_digits_) {
    return no(text, "amount: " + column_.currency + " has " + std::to_string(minor_digits_) +
                        " decimals; read it as = \"decimal\"");
  }
  fraction.resize(minor_digits_, '0');
  const auto digits = std::string(parts->whole) + fraction;
  std::int64_t minor = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
  if (error != std::errc{}) return no(text, "amount that fits 63 bits of minor units");
  *out += R"({"minor":)";
  append_decimal(parts->negative ? -minor : minor, out);
  *out += R"(,"currency":")" + column_.currency + R"("})";
  return {};
}

}  // namespace opsledger
