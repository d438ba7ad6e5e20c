#include "kernel/http/problem.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace opsledger {

namespace {

constexpr std::string_view kRetryAfterSeconds = "1";
constexpr std::string_view kRetryLoginAfterSeconds = "30";

struct ReasonStatus {
  std::string_view reason;
  unsigned status;
};
/// HTTP conditions that are finer than a Code.
constexpr std::array kByReason{
    ReasonStatus{"http.method_not_allowed", 405},
    ReasonStatus{"http.not_acceptable", 406},
    ReasonStatus{"http.timeout", 408},
    ReasonStatus{"http.target_too_long", 414},
    ReasonStatus{"http.media_type", 415},
    ReasonStatus{"http.host_refused", 421},
    ReasonStatus{"access.too_many_attempts", 429},
    ReasonStatus{"http.headers_too_large", 431},
    ReasonStatus{"http.method_unknown", 501},
};

unsigned status_of_code(Code code) {
  switch (code) {
    case Code::kMalformed:
    case Code::kUnsupported:
      return 400;
    case Code::kUnauthenticated:
      return 401;
    case Code::kForbidden:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
    case Code::kKeyPartial:
      return 409;
    case Code::kTooLarge:
      return 413;
    case Code::kInvalid:
    case Code::kKeyMismatch:
    case Code::kRejected:
      return 422;
    case Code::kDisabled:
      return 423;
    case Code::kOverloaded:
    case Code::kNotReady:
    case Code::kTimeout:
      return 503;
    case Code::kCorrupt:
    case Code::kIo:
    case Code::kInternal:
      return 500;
  }
  return 500;
}

boost::json::array field_errors(const std::vector<FieldError>& fields) {
  boost::json::array errors;
  for (const FieldError& field : fields) {
    errors.push_back({{"pointer", field.pointer}, {"detail", field.detail}});
  }
  return errors;
}

}  // namespace

std::string_view status_title(unsigned status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 423:
      return "Locked";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

unsigned status_of(const Error& error) {
  for (const auto& [reason, status] : kByReason) {
    if (error.reason == reason) return status;
  }
  return status_of_code(error.code);
}

Response problem(const Error& error) {
  const unsigned status = status_of(error);
  boost::json::object body{{"type", "urn:opsledger:problem:" + error.reason},
                           {"title", status_title(status)},
                           {"status", status},
                           {"detail", error.message},
                           {"code", error.reason}};
  if (!error.fields.empty()) body["errors"] = field_errors(error.fields);
  Response response{
      .status = status, .content_type = media::kProblem, .body = boost::json::serialize(body)};
  if (status == 503) response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  if (status == 429) response.headers.emplace_back("Retry-After", kRetryLoginAfterSeconds);
  if (status == 401)
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"opsledger\"");
  return response;
}

Error malformed_request(std::string detail) {
  return {Code::kMalformed, "http.malformed", std::move(detail)};
}

Error not_found(std::string_view path) {
  return {Code::kNotFound, "http.not_found",
          "there is nothing at " + std::string(path) + "; /openapi.json lists every path"};
}

Error unsupported_media_type(std::string_view type, std::string_view expected) {
  return {Code::kUnsupported, "http.media_type",
          "Content-Type " + (type.empty() ? std::string("is missing") : std::string(type)) +
              "; send " + std::string(expected)};
}

Error overloaded(std::string_view what) {
  return {Code::kOverloaded, "http.overloaded", std::string(what) + "; try again in a second"};
}

}  // namespace opsledger
