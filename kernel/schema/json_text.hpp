// JSON text without a tree: quoting, numbers, pointers.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace opsledger {

/// Appends `text` as a JSON string with its quotes. Precondition: valid UTF-8. Escapes only what
/// must be escaped.
void append_json_string(std::string_view text, std::string* out);
/// The same without the quotes, for a string that is put together from several texts.
void append_json_text(std::string_view text, std::string* out);
void append_decimal(std::int64_t value, std::string* out);
void append_decimal(std::uint64_t value, std::string* out);
/// Shortest text that reads back as the same double, with a fraction or an exponent, so that it
/// stays one. Precondition: finite.
void append_double(double value, std::string* out);
/// Appends `value` without white space, members in their order. Recurses as deep as the value:
/// bound it when parsing.
void append_json(const boost::json::value& value, std::string* out);
/// Appends `token` to an RFC 6901 pointer: a slash, then the token with `~` and `/` escaped.
void append_pointer_token(std::string_view token, std::string* pointer);

}  // namespace opsledger
