#include "kernel/schema/json_parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

namespace opsledger {

namespace json = boost::json;

namespace {

// The names of the objects that are open, so that one which comes twice is seen.
class OpenNames {
 public:
  void part(std::string_view text) { bytes_.append(text); }
  void end(std::string_view text) {
    bytes_.append(text);
    ends_.push_back(bytes_.size());
  }
  /// Forgets the last `count` names. Returns one that is there twice, or nothing.
  std::optional<std::string> close(std::size_t count) {
    names_.clear();
    const std::size_t first = ends_.size() - count;
    for (std::size_t i = first; i < ends_.size(); ++i) names_.push_back(name(i));
    if (count > 1) std::ranges::sort(names_);
    const auto twice = std::ranges::adjacent_find(names_);
    std::optional<std::string> found;
    if (twice != names_.end()) found = std::string(*twice);
    ends_.resize(first);
    bytes_.resize(first == 0 ? 0 : ends_.back());
    return found;
  }

 private:
  std::string_view name(std::size_t i) const {
    const std::size_t from = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(from, ends_[i] - from);
  }

  std::byte space_[1024];  // enough for most texts without an allocation
  std::pmr::monotonic_buffer_resource memory_{space_, sizeof space_};
  std::pmr::string bytes_{&memory_};
  std::pmr::vector<std::size_t> ends_{&memory_};
  std::pmr::vector<std::string_view> names_{&memory_};
};

// The whole text is parsed at once, so that parts of numbers never come; parts of strings do where
// there are escapes.
struct Handler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  using Problem = json::error_code;
  using Text = json::string_view;

  bool on_document_begin(Problem&) { return true; }
  bool on_document_end(Problem&) { return true; }
  bool on_object_begin(Problem&) { return true; }
  bool on_object_end(std::size_t n, Problem& problem) {
    if (auto twice = names.close(n)) return refuse("the name \"" + *twice + "\" twice", &problem);
    return stack.push_object(n), true;
  }
  bool on_array_begin(Problem&) { return true; }
  bool on_array_end(std::size_t n, Problem&) { return stack.push_array(n), true; }
  bool on_key_part(Text s, std::size_t, Problem&) {
    names.part({s.data(), s.size()});
    return stack.push_chars(s), true;
  }
  bool on_key(Text s, std::size_t, Problem&) {
    names.end({s.data(), s.size()});
    return stack.push_key(s), true;
  }
  bool on_string_part(Text s, std::size_t, Problem&) { return stack.push_chars(s), true; }
  bool on_string(Text s, std::size_t, Problem&) { return stack.push_string(s), true; }
  bool on_number_part(Text, Problem&) { return true; }
  bool on_int64(std::int64_t i, Text, Problem&) { return stack.push_int64(i), true; }
  bool on_uint64(std::uint64_t u, Text, Problem&) { return stack.push_uint64(u), true; }
  bool on_double(double near, Text text, Problem& problem) {
    double exact = near;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (read.ec != std::errc{}) exact = near;  // beyond the range of doubles: infinite, or near 0
    if (!std::isfinite(exact)) return refuse("a number beyond the range of doubles", &problem);
    return stack.push_double(exact), true;
  }
  bool on_bool(bool b, Problem&) { return stack.push_bool(b), true; }
  bool on_null(Problem&) { return stack.push_null(), true; }
  bool on_comment_part(Text, Problem&) { return true; }
  bool on_comment(Text, Problem&) { return true; }

  bool refuse(std::string what, Problem* problem) {
    refusal = std::move(what);
    *problem = json::error::syntax;
    return false;
  }

  unsigned char space[4096];  // of the stack, for most texts
  json::value_stack stack{{}, space, sizeof space};
  OpenNames names;
  std::string refusal;  // why the text is refused that is JSON by its grammar
};

}  // namespace

Result<json::value> parse_json(std::string_view text, unsigned depth_max,
                               json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<Handler> parser(options);
  parser.handler().stack.reset(std::move(storage));
  json::error_code problem;
  std::size_t read = parser.write_some(false, text.data(), text.size(), problem);
  if (!problem && read < text.size()) problem = json::error::extra_data;
  if (!problem) return parser.handler().stack.release();
  const std::string& refusal = parser.handler().refusal;
  return Error{Code::kMalformed, "json.malformed",
               "not JSON: " + (refusal.empty() ? problem.message() : refusal) + " at byte " +
                   std::to_string(read) + "; send one JSON text, nested at most " +
                   std::to_string(depth_max) + " deep"};
}

}  // namespace opsledger
