#include "kernel/http/json_body.hpp"

#include "kernel/http/problem.hpp"
#include "kernel/http/response.hpp"
#include "kernel/http/text.hpp"
#include "kernel/schema/json_parse.hpp"

namespace opsledger {

Result<boost::json::value> parse_json(std::string_view text, const HttpLimits& limits,
                                      boost::json::storage_ptr storage) {
  return parse_json(text, limits.json_depth_max, std::move(storage));
}

Result<boost::json::value> json_body(const Request& request, const HttpLimits& limits,
                                     boost::json::storage_ptr storage) {
  const std::string_view type = request.header("Content-Type");
  if (media_type(type) != media::kJson) return unsupported_media_type(type, media::kJson);
  return parse_json(request.body(), limits, std::move(storage));
}

}  // namespace opsledger
