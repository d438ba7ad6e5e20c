// Which kinds of expressions fit which types of a schema.
#pragma once

#include <opsledger/expression.hpp>
#include <string>
#include <vector>

#include "kernel/schema/type_node.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Whether a value of this kind can become one of the type (a text can be a time; its content is
/// seen only then).
bool accepts(const TypeNode& type, ops::expr::Kind kind);

/// Adds what is wrong with the expression as a value of `type`.
void check_expression(const ops::Expression& expression, const TypeNode& type,
                      const ops::expr::Shape& names, const std::string& pointer,
                      std::vector<FieldError>* errors);
/// Adds what is wrong with plain JSON as a value of `type`.
void check_literal(const boost::json::value& json, const TypeNode& type, const std::string& pointer,
                   std::vector<FieldError>* errors);

}  // namespace opsledger
