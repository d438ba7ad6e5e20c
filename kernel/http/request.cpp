#include "kernel/http/request.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"
#include "storage/core/validate.hpp"

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

/// `http://host/path?query`, as a client sends it to a proxy: servers must take it too (RFC 9112
/// §3.2.2). What counts is the path and query; the host was checked with the Host header.
Result<std::string> origin_form(std::string_view target) {
  const auto url = boost::urls::parse_uri(target);
  if (!url) return malformed_request("the request target is not a valid URI");
  const auto origin = url->encoded_target();
  return origin.starts_with('/') ? std::string(origin) : "/" + std::string(origin);
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    OPS_TRY_ASSIGN(const std::string origin, origin_form(target));
    return parse_target(origin);
  }
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return malformed_request("the request target is not a valid path and query");
  const auto encoded = url->encoded_path();
  Target result{.path = std::string(encoded.data(), encoded.size()), .query = {}};
  if (url->has_query()) OPS_TRY(decode_query(*url, &result.query));
  return result;
}

Status refuse_repeated(const QueryParameters& query,
                       std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto same = [name](const auto& parameter) { return parameter.first == name; };
    if (std::count_if(query.begin(), query.end(), same) > 1) {
      return Error{Code::kMalformed, "http.parameter",
                   std::string(name) + " is given more than once; which one counts is unclear"};
    }
  }
  return {};
}

}  // namespace opsledger
