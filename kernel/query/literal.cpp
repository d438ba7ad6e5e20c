#include "kernel/query/literal.hpp"

#include <boost/json/parse.hpp>
#include <charconv>
#include <optional>

#include "kernel/projection/column_key.hpp"
#include "kernel/query/query_error.hpp"

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_bool(std::string_view text) {
  for (const auto* word : {"true", "t", "yes", "on", "1"}) {
    if (text == word) return true;
  }
  for (const auto* word : {"false", "f", "no", "off", "0"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

/// What the codec expects for a value of `type`; nothing when the text cannot be one.
std::optional<boost::json::value> literal_json(const TypeNode& type, std::string_view text) {
  switch (type.kind) {
    case Kind::kBool: {
      const auto value = parse_bool(text);
      return value ? std::optional<boost::json::value>(*value) : std::nullopt;
    }
    case Kind::kF64: {
      const auto value = parse_number<double>(text);
      return value ? std::optional<boost::json::value>(*value) : std::nullopt;
    }
    case Kind::kMoney: {
      boost::system::error_code problem;
      auto value = boost::json::parse(text, problem);
      return problem ? std::nullopt : std::optional<boost::json::value>(std::move(value));
    }
    default:
      if (!type.is_integer()) return boost::json::value(text);
      if (const auto value = parse_number<std::int64_t>(text)) return boost::json::value(*value);
      if (const auto value = parse_number<std::uint64_t>(text)) return boost::json::value(*value);
      return std::nullopt;
  }
}

}  // namespace

Result<Bytes> literal_key(const TypeNode& type, std::string_view parameter, std::string_view text) {
  const TypeNode& inner = inner_type(type);
  if (!has_column_key(inner)) {
    return query_unsupported(parameter,
                             "a " + describe(inner) + " cannot be compared; use is.null or cs");
  }
  const auto json = literal_json(inner, text);
  Bytes value, key;
  if (!json) {
    return query_invalid(parameter, "'" + std::string(text) + "' is not a " + describe(inner));
  }
  if (auto encoded = encode_value(inner, *json, "", UnknownFields::kRefuse, &value);
      !encoded.ok()) {
    const auto& fields = encoded.error().fields;
    return query_invalid(parameter, "'" + std::string(text) + "' is not a " + describe(inner) +
                                        (fields.empty() ? "" : ": " + fields[0].detail));
  }
  OPS_ASSERT(append_column_key(inner, value, &key));
  return key;
}

Result<Bytes> literal_key(const ColumnRef& column, std::string_view parameter,
                          std::string_view text) {
  Bytes key;
  switch (column.kind) {
    case ColumnRef::Kind::kKey:
      append_text_key(text, &key);
      return key;
    case ColumnRef::Kind::kField:
      return literal_key(*column.type, parameter, text);
    case ColumnRef::Kind::kPosition:
      break;
  }
  const auto position = parse_number<std::uint64_t>(text);
  if (!position) {
    return query_invalid(parameter, "'" + std::string(text) + "' is not a position");
  }
  append_u64_key(*position, &key);
  return key;
}

}  // namespace opsledger
