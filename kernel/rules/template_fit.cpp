#include "kernel/rules/template_fit.hpp"

#include "kernel/schema/schema.hpp"

namespace opsledger {

namespace expr = ops::expr;

bool accepts(const TypeNode& type, expr::Kind kind) {
  using Type = TypeNode::Kind;
  using expr::Kind;
  if (kind == Kind::kNull) return true;  // decided when the command is sent
  if (type.is_integer() || type.kind == Type::kF64) return kind == Kind::kInteger;
  switch (type.kind) {
    case Type::kBool:
      return kind == Kind::kBool;
    case Type::kDecimal:
      return kind == Kind::kDecimal || kind == Kind::kInteger || kind == Kind::kText;
    case Type::kMoney:
      return kind == Kind::kMoney;
    case Type::kTime:
      return kind == Kind::kTime || kind == Kind::kText;
    case Type::kDate:
      return kind == Kind::kDate || kind == Kind::kText;
    case Type::kList:
      return kind == Kind::kList;
    case Type::kMap:
    case Type::kVariant:
    case Type::kStruct:
      return kind == Kind::kRecord;
    case Type::kOptional:
      return accepts(*type.element, kind);
    default:  // string, bytes, enum, personal
      return kind == Kind::kText;
  }
}

void check_expression(const ops::Expression& expression, const TypeNode& type,
                      const expr::Shape& names, const std::string& pointer,
                      std::vector<FieldError>* errors) {
  try {
    const auto shape = expression.check(names);
    if (shape.is_unknown() || accepts(type, *shape.kind())) return;
    errors->push_back({pointer, "the expression gives " + shape.str() + ", where " +
                                    describe(type) + " is expected"});
  } catch (const ops::ExpressionError& error) {
    errors->push_back({pointer, error.what()});
  }
}

void check_literal(const boost::json::value& json, const TypeNode& type, const std::string& pointer,
                   std::vector<FieldError>* errors) {
  Bytes ignored;
  const auto encoded = encode_value(type, json, pointer, UnknownFields::kRefuse, &ignored);
  if (encoded.ok()) return;
  for (const auto& field : encoded.error().fields) errors->push_back(field);
}

}  // namespace opsledger
