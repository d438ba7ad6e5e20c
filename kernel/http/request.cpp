#include "kernel/http/request.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

Status decode_query(const boost::urls::url_view& url, QueryParameters* query) {
  for (const auto& parameter : url.params()) {
    std::string key(parameter.key), value(parameter.value);
    if (!is_utf8(key) || !is_utf8(value)) {
      return malformed_request("the query string is not UTF-8");
    }
    query->emplace_back(std::move(key), std::move(value));
  }
  return {};
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return malformed_request("the request target is not a valid path and query");
  const auto encoded = url->encoded_path();
  Target result{.path = std::string(encoded.data(), encoded.size()), .query = {}};
  if (url->has_query()) OPS_TRY(decode_query(*url, &result.query));
  return result;
}

}  // namespace opsledger
