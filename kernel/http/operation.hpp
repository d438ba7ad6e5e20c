// What OpenAPI says about a route. Static text beside the handler it describes.
#pragma once

#include <string_view>
#include <vector>

namespace opsledger {

struct Parameter {
  std::string_view name;
  std::string_view in;      ///< query | header | path
  std::string_view schema;  ///< JSON Schema text: `{"type":"integer"}`
  std::string_view description;
  bool required = false;  ///< of a query or header; what is in the path always is
};

/// Body or answer: media types that share one schema (JSON text, or `#Name` of a component).
struct Content {
  std::vector<std::string_view> media_types;
  std::string_view schema;
};

enum class Expands { kNot, kPerCommand, kPerTable };  ///< one path per command or table

struct Operation {
  std::string_view id;
  std::string_view tag;
  std::string_view summary;
  std::vector<Parameter> parameters = {};
  std::vector<Content> body = {};
  unsigned success = 200;
  std::vector<Content> answer = {};
  std::vector<unsigned> problems =
      {};  ///< besides 400, 401, 421, 500 and 503, which any may answer
  Expands expands = Expands::kNot;
};

}  // namespace opsledger
