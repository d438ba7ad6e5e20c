// The four ways in which a table read is refused.
#pragma once

#include <string>
#include <string_view>

#include "storage/base/result.hpp"

namespace opsledger {

/// Not even the grammar: `select=a,,b`.
inline Error query_malformed(std::string_view parameter, std::string_view detail) {
  const std::string name(parameter);
  return {Code::kMalformed,
          "query.malformed",
          name + ": " + std::string(detail),
          {{"/" + name, std::string(detail)}}};
}

/// Column, operator or value does not fit the table.
inline Error query_invalid(std::string_view parameter, std::string_view detail) {
  const std::string name(parameter);
  return {Code::kInvalid,
          "query.invalid",
          name + ": " + std::string(detail),
          {{"/" + name, std::string(detail)}}};
}

/// PostgREST has it, this subset does not.
inline Error query_unsupported(std::string_view parameter, std::string_view detail) {
  const std::string name(parameter);
  return {Code::kUnsupported,
          "query.unsupported",
          name + ": " + std::string(detail),
          {{"/" + name, std::string(detail)}}};
}

/// A named limit of kernel/query/limits.hpp.
inline Error query_too_large(std::string_view detail) {
  return {Code::kTooLarge, "query.too_large", std::string(detail)};
}

}  // namespace opsledger
