#include "kernel/http/json_body.hpp"

#include <boost/json/stream_parser.hpp>

#include "kernel/http/problem.hpp"
#include "kernel/http/response.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

Result<boost::json::value> parse_json(std::string_view text, const HttpLimits& limits,
                                      boost::json::storage_ptr storage) {
  boost::json::parse_options options;
  options.max_depth = limits.json_depth_max;
  unsigned char working_memory[2048];
  boost::json::stream_parser parser({}, options, working_memory);
  parser.reset(std::move(storage));
  boost::system::error_code error;
  const std::size_t used = parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error) return parser.release();
  return Error{
      Code::kMalformed, "json.malformed",
      "the body is not valid JSON at byte " + std::to_string(used) + ": " + error.message()};
}

Result<boost::json::value> json_body(const Request& request, const HttpLimits& limits,
                                     boost::json::storage_ptr storage) {
  const std::string_view type = request.header("Content-Type");
  if (media_type(type) != media::kJson) return unsupported_media_type(type, media::kJson);
  return parse_json(request.body(), limits, std::move(storage));
}

}  // namespace opsledger
