#include "kernel/schema/json_parse.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>

namespace opsledger {

namespace json = boost::json;

namespace {

// The whole text is parsed at once, so that parts of numbers never come; parts of strings do where
// there are escapes.
struct Handler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  using Problem = json::error_code;
  using Text = json::string_view;

  bool on_document_begin(Problem&) { return stack.reset(), true; }
  bool on_document_end(Problem&) { return true; }
  bool on_object_begin(Problem&) { return true; }
  bool on_object_end(std::size_t n, Problem&) { return stack.push_object(n), true; }
  bool on_array_begin(Problem&) { return true; }
  bool on_array_end(std::size_t n, Problem&) { return stack.push_array(n), true; }
  bool on_key_part(Text s, std::size_t, Problem&) { return stack.push_chars(s), true; }
  bool on_key(Text s, std::size_t, Problem&) { return stack.push_key(s), true; }
  bool on_string_part(Text s, std::size_t, Problem&) { return stack.push_chars(s), true; }
  bool on_string(Text s, std::size_t, Problem&) { return stack.push_string(s), true; }
  bool on_number_part(Text, Problem&) { return true; }
  bool on_int64(std::int64_t i, Text, Problem&) { return stack.push_int64(i), true; }
  bool on_uint64(std::uint64_t u, Text, Problem&) { return stack.push_uint64(u), true; }
  bool on_double(double near, Text text, Problem&) {
    double exact = near;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
    stack.push_double(read.ec == std::errc{} ? exact : near);  // else: beyond the range of doubles
    return true;
  }
  bool on_bool(bool b, Problem&) { return stack.push_bool(b), true; }
  bool on_null(Problem&) { return stack.push_null(), true; }
  bool on_comment_part(Text, Problem&) { return true; }
  bool on_comment(Text, Problem&) { return true; }

  json::value_stack stack;
};

}  // namespace

Result<json::value> parse_json(std::string_view text, unsigned depth_max) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<Handler> parser(options);
  json::error_code problem;
  std::size_t read = parser.write_some(false, text.data(), text.size(), problem);
  if (!problem && read < text.size()) problem = json::error::extra_data;
  if (!problem) return parser.handler().stack.release();
  return Error{Code::kMalformed, "json.malformed",
               "not JSON: " + problem.message() + " at byte " + std::to_string(read) +
                   "; send one JSON text, nested at most " + std::to_string(depth_max) + " deep"};
}

}  // namespace opsledger
