#include "kernel/http/binary_event.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/json/object.hpp>

#include "kernel/http/json_body.hpp"
#include "kernel/http/response.hpp"
#include "kernel/http/text.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kPrefix = "ce-";

bool has_prefix(std::string_view name) {
  return name.size() > kPrefix.size() &&
         equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string base64(std::string_view bytes) {
  namespace codec = boost::beast::detail::base64;
  std::string text(codec::encoded_size(bytes.size()), '\0');
  text.resize(codec::encode(text.data(), bytes.data(), bytes.size()));
  return text;
}

Status add_data(const Request& request, const HttpLimits& limits, boost::json::object* event) {
  const std::string type = media_type(request.header("Content-Type"));
  if (request.body().empty()) return {};
  if (!type.empty()) (*event)["datacontenttype"] = type;
  if (type == media::kJson || type.ends_with("+json")) {
    OPS_TRY_ASSIGN((*event)["data"], parse_json(request.body(), limits));
  } else if (type.starts_with("text/") && is_utf8(request.body())) {
    (*event)["data"] = request.body();
  } else {
    (*event)["data_base64"] = base64(request.body());
  }
  return {};
}

}  // namespace

bool is_binary_event(const Request& request) {
  return !request.header("ce-specversion").empty();
}

Result<boost::json::value> binary_event(const Request& request, const HttpLimits& limits) {
  boost::json::object event;
  for (const auto& field : request.message) {
    const std::string_view name(field.name_string().data(), field.name_string().size());
    if (!has_prefix(name)) continue;
    auto value = percent_decode({field.value().data(), field.value().size()});
    if (!value) {
      return Error{Code::kMalformed, "http.header",
                   std::string(name) + " is not percent-encoded UTF-8"};
    }
    event[lower(name.substr(kPrefix.size()))] = std::move(*value);
  }
  OPS_TRY(add_data(request, limits, &event));
  return boost::json::value(std::move(event));
}

}  // namespace opsledger
