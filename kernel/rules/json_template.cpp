#include "kernel/rules/json_template.hpp"

#include <boost/json.hpp>
#include <opsledger/expression/re2.hpp>
#include <variant>

#include "kernel/rules/template_fit.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {

namespace json = boost::json;
namespace expr = ops::expr;

struct JsonTemplate::Node {
  struct Member;
  /// Text and expressions in turn.
  using Piece = std::variant<std::string, ops::Expression>;

  json::value literal;                        ///< when nothing below is set
  std::optional<ops::Expression> expression;  ///< `${…}` alone
  std::vector<Piece> pieces;
  std::vector<Member> members;
  std::vector<Node> elements;
  bool is_object = false, is_array = false;
};

struct JsonTemplate::Node::Member {
  std::string name;
  Node value;
};

namespace {

std::string below(const std::string& base, std::string_view token) {
  std::string pointer = base;
  append_pointer_token(token, &pointer);
  return pointer;
}

/// Where the `}` of an expression stands: not inside its texts.
std::size_t end_of_expression(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0 && c == '\\') {
      ++at;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '}') {
      return at;
    }
  }
  return text.npos;
}

}  // namespace

Result<ops::Expression> parse_expression(std::string_view source, const std::string& pointer) {
  static const auto compiler = expr::re2_compiler();
  try {
    return ops::Expression::parse(source, compiler);
  } catch (const ops::ExpressionError& error) {
    return Error{
        Code::kInvalid, "rule.invalid", "an expression is wrong", {{pointer, error.what()}}};
  }
}

json::value to_json(const expr::Value& value) {
  switch (value.kind()) {
    case expr::Kind::kNull:
      return nullptr;
    case expr::Kind::kBool:
      return *value.get<bool>();
    case expr::Kind::kInteger:
      return *value.get<std::int64_t>();
    case expr::Kind::kMoney: {
      const auto& money = *value.get<ops::Money>();
      return json::object{{"minor", money.minor}, {"currency", money.code()}};
    }
    case expr::Kind::kList: {
      json::array list;
      for (const auto& element : *value.get<expr::List>()) list.push_back(to_json(element));
      return list;
    }
    case expr::Kind::kRecord: {
      json::object object;
      for (const auto& [name, member] : value.get<expr::Record>()->members()) {
        object[name] = to_json(member);
      }
      return object;
    }
    default:
      return json::value(value.str());
  }
}

/// Builds and walks nodes; a class so that it may see them.
class TemplateNodes {
 public:
  using Node = JsonTemplate::Node;

  static Node parse(const json::value& from, const std::string& base,
                    std::vector<FieldError>* errors);
  static void check(const Node& node, const TypeNode& type, const expr::Shape& names,
                    const std::string& base, std::vector<FieldError>* errors);
  static json::value render(const Node& node, const expr::Record& names,
                            const expr::Environment& environment);
  static void names(const Node& node, std::vector<std::string>* out);

 private:
  static void parse_text(std::string_view text, const std::string& base, Node* node,
                         std::vector<FieldError>* errors);
  static void check_struct(const Node& node, const TypeNode& type, const expr::Shape& names,
                           const std::string& base, std::vector<FieldError>* errors);
  static void check_pieces(const Node& node, const TypeNode& type, const expr::Shape& names,
                           const std::string& base, std::vector<FieldError>* errors);
};

void TemplateNodes::parse_text(std::string_view text, const std::string& base, Node* node,
                               std::vector<FieldError>* errors) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 3) == "$${") {
      plain += "${";
      at += 3;
    } else if (text.substr(at, 2) == "${") {
      const auto end = end_of_expression(text, at + 2);
      if (end == text.npos) {
        errors->push_back({base, "'${' has no closing '}'"});
        return;
      }
      auto parsed = parse_expression(text.substr(at + 2, end - at - 2), base);
      if (!parsed.ok()) {
        errors->push_back(parsed.error().fields.at(0));
        return;
      }
      if (!plain.empty()) node->pieces.emplace_back(std::exchange(plain, {}));
      node->pieces.emplace_back(std::move(*parsed));
      at = end + 1;
    } else {
      plain += text[at++];
    }
  }
  if (node->pieces.empty()) {
    node->literal = json::value(plain);
  } else if (node->pieces.size() == 1 && plain.empty()) {
    node->expression = std::get<ops::Expression>(node->pieces[0]);
    node->pieces.clear();
  } else if (!plain.empty()) {
    node->pieces.emplace_back(std::move(plain));
  }
}

TemplateNodes::Node TemplateNodes::parse(const json::value& from, const std::string& base,
                                         std::vector<FieldError>* errors) {
  Node node;
  if (const auto* text = from.if_string()) {
    parse_text(*text, base, &node, errors);
  } else if (const auto* object = from.if_object()) {
    node.is_object = true;
    for (const auto& member : *object) {
      node.members.push_back(
          {std::string(member.key()), parse(member.value(), below(base, member.key()), errors)});
    }
  } else if (const auto* array = from.if_array()) {
    node.is_array = true;
    for (std::size_t i = 0; i < array->size(); ++i) {
      node.elements.push_back(parse((*array)[i], below(base, std::to_string(i)), errors));
    }
  } else {
    node.literal = from;
  }
  return node;
}

void TemplateNodes::check_pieces(const Node& node, const TypeNode& type, const expr::Shape& names,
                                 const std::string& base, std::vector<FieldError>* errors) {
  for (const auto& piece : node.pieces) {
    const auto* expression = std::get_if<ops::Expression>(&piece);
    if (expression == nullptr) continue;
    try {
      expression->check(names);
    } catch (const ops::ExpressionError& error) {
      errors->push_back({base, error.what()});
    }
  }
  if (!accepts(type, expr::Kind::kText)) {
    errors->push_back(
        {base, "text with expressions in it, where " + describe(type) + " is expected"});
  }
}

void TemplateNodes::check_struct(const Node& node, const TypeNode& type, const expr::Shape& names,
                                 const std::string& base, std::vector<FieldError>* errors) {
  for (const auto& member : node.members) {
    const auto* field = type.find(member.name);
    if (field == nullptr) {
      errors->push_back({below(base, member.name), "unknown field"});
    } else {
      check(member.value, *field->type, names, below(base, member.name), errors);
    }
  }
  for (const auto& field : type.fields) {
    const bool given = std::any_of(node.members.begin(), node.members.end(),
                                   [&](const auto& member) { return member.name == field.name; });
    if (!given && !field.has_default && field.type->kind != TypeNode::Kind::kOptional) {
      errors->push_back({below(base, field.name), "missing"});
    }
  }
}

void TemplateNodes::check(const Node& node, const TypeNode& type, const expr::Shape& names,
                          const std::string& base, std::vector<FieldError>* errors) {
  if (type.kind == TypeNode::Kind::kOptional) {
    if (!node.literal.is_null() || node.expression || !node.pieces.empty() || node.is_object ||
        node.is_array) {
      check(node, *type.element, names, base, errors);
    }
  } else if (node.expression) {
    check_expression(*node.expression, type, names, base, errors);
  } else if (!node.pieces.empty()) {
    check_pieces(node, type, names, base, errors);
  } else if (node.is_object && type.kind == TypeNode::Kind::kStruct) {
    check_struct(node, type, names, base, errors);
  } else if (node.is_object && type.kind == TypeNode::Kind::kMap) {
    for (const auto& member : node.members) {
      check(member.value, *type.element, names, below(base, member.name), errors);
    }
  } else if (node.is_array && type.kind == TypeNode::Kind::kList) {
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
      check(node.elements[i], *type.element, names, below(base, std::to_string(i)), errors);
    }
  } else {
    check_literal(render(node, {}, {}), type, base, errors);
  }
}

json::value TemplateNodes::render(const Node& node, const expr::Record& names,
                                  const expr::Environment& environment) {
  if (node.expression) return to_json(node.expression->evaluate(names, environment));
  if (!node.pieces.empty()) {
    std::string text;
    for (const auto& piece : node.pieces) {
      const auto* expression = std::get_if<ops::Expression>(&piece);
      text += expression == nullptr ? std::get<std::string>(piece)
                                    : expression->evaluate(names, environment).str();
    }
    return json::value(text);
  }
  if (node.is_object) {
    json::object object;
    for (const auto& member : node.members) {
      auto value = render(member.value, names, environment);
      if (!value.is_null()) object[member.name] = std::move(value);
    }
    return object;
  }
  if (!node.is_array) return node.literal;
  json::array array;
  for (const auto& element : node.elements) array.push_back(render(element, names, environment));
  return array;
}

void TemplateNodes::names(const Node& node, std::vector<std::string>* out) {
  const auto add = [out](const ops::Expression& expression) {
    for (auto& name : expression.names()) out->push_back(std::move(name));
  };
  if (node.expression) add(*node.expression);
  for (const auto& piece : node.pieces) {
    if (const auto* expression = std::get_if<ops::Expression>(&piece)) add(*expression);
  }
  for (const auto& member : node.members) names(member.value, out);
  for (const auto& element : node.elements) names(element, out);
}

Result<JsonTemplate> JsonTemplate::parse(const json::value& from, const std::string& base) {
  std::vector<FieldError> errors;
  JsonTemplate parsed;
  parsed.root_ = std::make_shared<const Node>(TemplateNodes::parse(from, base, &errors));
  if (errors.empty()) return parsed;
  return Error{Code::kInvalid, "rule.invalid", "a template is wrong", std::move(errors)};
}

void JsonTemplate::check(const TypeNode& type, const expr::Shape& names, const std::string& base,
                         std::vector<FieldError>* errors) const {
  TemplateNodes::check(*root_, type, names, base, errors);
}

json::value JsonTemplate::render(const expr::Record& names,
                                 const expr::Environment& environment) const {
  return TemplateNodes::render(*root_, names, environment);
}

std::vector<std::string> JsonTemplate::names() const {
  std::vector<std::string> out;
  TemplateNodes::names(*root_, &out);
  return out;
}

}  // namespace opsledger
