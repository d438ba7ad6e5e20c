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

const std::vector<ProblemCode>& problem_codes() {
  static const std::vector<ProblemCode> codes{
      {400, "http.malformed", "the request is not valid HTTP, or its target is not a valid URI"},
      {400, "http.parameter", "a query parameter is unknown or not a number, position or time"},
      {400, "json.malformed", "the body is not JSON; the detail names the byte"},
      {400, "http.no_administration",
       "the server was started without the administration of rights"},
      {400, "query.unsupported", "outside the supported subset of the table grammar"},
      {401, "access.unauthenticated", "log in, or send a token that is valid"},
      {403, "access.forbidden", "not allowed; also requests from pages of a foreign origin"},
      {403, "access.separation_of_duties", "the caller has acted on this thing before"},
      {401, "access.setup_refused", "the one-time link was used, has expired, or is not the one"},
      {403, "access.csrf", "a cookie without its X-CSRF-Token, or from a page of another origin"},
      {403, "access.setup_required", "the first account is made with the one-time set-up link"},
      {404, "account.unknown", "no such account"},
      {404, "token.unknown", "no such token"},
      {404, "http.not_found", "no such path"},
      {404, "entity.not_found", "no such event, row or tile"},
      {404, "table.unknown", "no loaded module has this table"},
      {404, "command.unknown", "no loaded module has this command"},
      {404, "module.unknown", "no such module"},
      {404, "import.unknown", "no such import"},
      {404, "sheet.unknown", "the workbook has no such sheet; the detail lists them"},
      {404, "sheet.part_missing", "a zip without the parts of an XLSX workbook"},
      {400, "sheet.malformed", "the file is no readable XLSX workbook"},
      {400, "sheet.doctype", "the workbook declares a document type"},
      {400, "sheet.entry_name", "the workbook's zip holds a name that leads out of its folder"},
      {400, "sheet.encoding", "the file is no text in an encoding that is known"},
      {409, "import.other_actor", "this very file was begun by somebody else"},
      {422, "import.header", "columns do not fit the command; `errors` has pointers"},
      {422, "import.empty", "the file has no row below its header"},
      {422, "import.currency", "no ISO 4217 code"},
      {422, "export.time_zone", "no such time zone"},
      {503, "import.interrupted", "the server stopped; send the same file again to go on"},
      {405, "http.method_not_allowed", "the Allow header lists what this path can do"},
      {406, "http.not_acceptable", "one object was asked for, but the rows are none or many"},
      {408, "http.timeout", "the request did not arrive in time"},
      {409, "account.exists", "there is an account of this id"},
      {409, "account.login_taken", "another account has this login name"},
      {409, "append.conflict", "the append condition failed; nothing was stored"},
      {409, "module.required", "another module that is on needs this one"},
      {409, "module.requires", "a module that this one needs is off or not installed"},
      {409, "idempotency.partial", "only some of the ids are known"},
      {413, "http.too_large", "the body is larger than the limit"},
      {413, "sheet.too_large", "a spreadsheet is beyond a limit that the detail names"},
      {413, "export.too_large", "an export is beyond a limit that the detail names"},
      {413, "import.too_large", "a file has more rows than one import takes"},
      {413, "event.too_large", "an event or an append is larger than the limit"},
      {414, "http.target_too_long", "the target is longer than the limit"},
      {415, "http.media_type", "the body's media type is not accepted here"},
      {421, "http.host_refused", "the Host header names another host"},
      {422, "account.invalid", "id, login name or kind of an account is not well formed"},
      {422, "access.password_weak", "too short, or the first that somebody would try"},
      {422, "token.invalid", "scopes, label or expiry of a token are not well formed"},
      {422, "token.too_many", "the account has as many tokens as it may"},
      {422, "schema.invalid", "data does not fit its schema; `errors` has pointers"},
      {422, "command.invalid", "the command's fields contradict each other"},
      {422, "command.wrong_state", "not possible in the entity's present state"},
      {422, "command.reason_required", "send the reason in X-Reason"},
      {422, "idempotency.mismatch", "the key was used with other content"},
      {422, "event.type_unknown", "the prefix belongs to a module that does not declare the type"},
      {422, "event.kernel_owned", "only the kernel writes events of this type"},
      {422, "department.unknown", "no such department, or it is closed"},
      {422, "role.invalid", "the role's permissions are not well formed; `errors` has pointers"},
      {422, "access.last_admin", "nobody could grant rights any more"},
      {422, "access.auditor_exclusive", "an auditor has no role that writes"},
      {422, "module.no_settings", "the module has no settings"},
      {422, "query.invalid", "a column, operator or value does not fit the table"},
      {423, "module.disabled", "the module is not enabled for the department"},
      {429, "access.too_many_attempts", "too many failed logins of this name or address; wait"},
      {431, "http.headers_too_large", "the header fields are larger than the limit"},
      {500, "internal", "a defect on this side; the log has more"},
      {501, "http.method_unknown", "no path of this server takes such a method"},
      {503, "http.overloaded", "a bounded queue is full; try again after Retry-After"},
      {503, "projection.behind", "min_position was not reached in time"},
  };
  return codes;
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
