// RFC 9457 problems: the one place where an Error gets its HTTP status.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/http/response.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// The status of an error: by its code, and for a few HTTP conditions by its reason.
unsigned status_of(const Error& error);
/// `application/problem+json` with type, title, status, detail, code and errors[{pointer,detail}].
/// 503 carries Retry-After.
Response problem(const Error& error);
/// The reason phrase of a status code.
std::string_view status_title(unsigned status);

/// Codes that the server itself answers with, for OpenAPI: (status, code, what it means).
struct ProblemCode {
  unsigned status;
  std::string_view code;
  std::string_view meaning;
};
const std::vector<ProblemCode>& problem_codes();

// HTTP's own errors.
Error malformed_request(std::string detail);
Error not_found(std::string_view path);
Error unsupported_media_type(std::string_view type, std::string_view expected);
Error overloaded(std::string_view what);

}  // namespace opsledger
