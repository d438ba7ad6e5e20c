#include "kernel/http/router.hpp"

#include "kernel/http/problem.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

using Segments = std::vector<std::string_view>;

/// `/v1/events` -> `v1`, `events`.
Segments split(std::string_view path) {
  Segments segments;
  segments.reserve(8);
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return !segment.empty() && segment.front() == '{';
}
bool is_rest(std::string_view segment) {
  return segment.ends_with("...}");
}

/// `%65vents` is `events` (RFC 3986 §6.2.2.2); nearly nobody writes it so.
bool same_segment(std::string_view pattern, std::string_view encoded) {
  if (pattern == encoded) return true;
  return encoded.find('%') != std::string_view::npos && percent_decode(encoded) == pattern;
}

bool matches(const Segments& pattern, const Segments& path) {
  const bool rest = !pattern.empty() && is_rest(pattern.back());
  const std::size_t fixed = pattern.size() - (rest ? 1 : 0);
  if (rest ? path.size() <= fixed : path.size() != fixed) return false;
  for (std::size_t i = 0; i < fixed; ++i) {
    if (is_parameter(pattern[i]) ? path[i].empty() : !same_segment(pattern[i], path[i])) {
      return false;
    }
  }
  return true;
}

Result<std::vector<std::string>> parameters(const Segments& pattern, const Segments& path) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    std::string_view raw = path[i];
    if (is_rest(pattern[i])) {
      raw = {path[i].data(), static_cast<std::size_t>(path.back().end() - path[i].begin())};
    }
    auto value = percent_decode(raw);
    if (!value) return malformed_request("the path is not percent-encoded UTF-8");
    values.push_back(std::move(*value));
  }
  return values;
}

void add_allowed(http::verb method, std::string* allow) {
  const std::string name(http::to_string(method));
  if (allow->find(name) != std::string::npos) return;
  if (!allow->empty()) *allow += ", ";
  *allow += name;
  if (method == http::verb::get) *allow += ", HEAD";
}

}  // namespace

void Router::add(Route route) {
  OPS_ASSERT(route.right.name.empty() || route.runs == Runs::kOnReader);
  segments_.push_back(split(route.pattern));
  routes_.push_back(std::move(route));
}

Result<Router::Match> Router::find(http::verb method, std::string_view encoded_path,
                                   std::string* allow) const {
  if (method == http::verb::unknown) {
    return Error{Code::kUnsupported, "http.method_unknown",
                 "the method is none that this server knows; see /openapi.json"};
  }
  const http::verb wanted = method == http::verb::head ? http::verb::get : method;
  const Segments path = split(encoded_path);
  bool literal_found = false;  // `/v1/events/query` is never a `{position}`
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const bool literal = routes_[i].pattern.find('{') == std::string_view::npos;
    if ((literal_found && !literal) || !matches(segments_[i], path)) continue;
    literal_found = literal_found || literal;
    if (routes_[i].method == wanted) {
      OPS_TRY_ASSIGN(auto values, parameters(segments_[i], path));
      return Match{&routes_[i], i, std::move(values)};
    }
    add_allowed(routes_[i].method, allow);
  }
  if (allow->empty()) return not_found(encoded_path);
  return Error{Code::kUnsupported, "http.method_not_allowed",
               "this path does not take that method; it takes " + *allow};
}

}  // namespace opsledger
