// JSON with `${expression}` in its texts: what a rule makes a command's data from.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <opsledger/expression.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/schema/type_node.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// A text that is one `${…}` alone becomes the expression's value with its kind; within other text
/// the value is written into it (null as nothing). `$${` stands for `${`. Members that come out
/// null are left out. Immutable; copies share.
class JsonTemplate {
 public:
  /// Errors: kInvalid `rule.invalid`, every wrong expression with its pointer below `base`.
  static Result<JsonTemplate> parse(const boost::json::value& json, const std::string& base);

  /// Adds to `errors` what does not fit `type` when the names have these shapes: unknown and
  /// missing fields, values of the wrong type, expressions that yield the wrong kind.
  void check(const TypeNode& type, const ops::expr::Shape& names, const std::string& base,
             std::vector<FieldError>* errors) const;
  /// Throws ops::ExpressionError.
  boost::json::value render(const ops::expr::Record& names,
                            const ops::expr::Environment& environment) const;
  /// Every name that its expressions look at.
  std::vector<std::string> names() const;

 private:
  friend class TemplateNodes;
  struct Node;
  std::shared_ptr<const Node> root_;
};

/// Parses with RE2; what is wrong is kInvalid `rule.invalid` at `pointer`.
Result<ops::Expression> parse_expression(std::string_view source, const std::string& pointer);

/// Decimals, times and dates as text, money as an object.
boost::json::value to_json(const ops::expr::Value& value);

}  // namespace opsledger
