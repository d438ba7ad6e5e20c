#include "kernel/http/identity.hpp"

#include <algorithm>

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

Error bad_header(std::string_view name, std::string_view why) {
  return {Code::kMalformed, "http.header", std::string(name) + " " + std::string(why)};
}

Result<std::string> decoded_header(const Request& request, std::string_view name,
                                   std::size_t bytes_max) {
  auto text = percent_decode(request.header(name));
  if (!text) return bad_header(name, "is not percent-encoded UTF-8");
  if (text->size() > bytes_max) {
    return bad_header(name, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  return std::move(*text);
}

/// version-traceid-parentid-flags, all lower-case hex, ids not all zero.
bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto digits = [&](std::size_t from, std::size_t size) {
    return text.substr(from, size).find_first_not_of("0123456789abcdef") == std::string_view::npos;
  };
  return digits(0, 2) && digits(3, 32) && digits(36, 16) && digits(53, 2) &&
         text.substr(0, 2) != "ff" &&
         text.substr(3, 32).find_first_not_of('0') != std::string_view::npos &&
         text.substr(36, 16).find_first_not_of('0') != std::string_view::npos;
}

/// The key, with or without the quotes of a structured header string.
Result<std::optional<std::string>> idempotency_key(const Request& request) {
  std::string_view key = request.header("Idempotency-Key");
  if (request.message.count("Idempotency-Key") == 0) return std::optional<std::string>();
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') {
    key = key.substr(1, key.size() - 2);
  }
  if (key.empty() || key.size() > limits::kNameBytesMax || !is_utf8(key)) {
    return bad_header("Idempotency-Key", "must be 1 to 200 bytes of UTF-8");
  }
  return std::optional<std::string>(key);
}

}  // namespace

Result<RequestContext> establish_identity(const Request& request) {
  RequestContext context;
  OPS_TRY_ASSIGN(context.department,
                 decoded_header(request, "X-Department", limits::kNameBytesMax));
  OPS_TRY_ASSIGN(context.reason,
                 decoded_header(request, "X-Reason", limits::kMetadataValueBytesMax));
  OPS_TRY_ASSIGN(context.idempotency_key, idempotency_key(request));
  const std::string_view traceparent = request.header("traceparent");
  if (is_traceparent(traceparent)) context.traceparent = traceparent;
  return context;
}

}  // namespace opsledger
