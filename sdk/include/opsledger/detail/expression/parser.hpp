// Tokens → Program, by recursive descent: or < and < not < comparison < sum < product < minus.
#pragma once

#include <opsledger/detail/expression/lexer.hpp>

#include <initializer_list>
#include <optional>

namespace ops::expr {

inline constexpr std::size_t kSourceBytesMax = 4096;
/// Of brackets, `not` and minus signs within each other.
inline constexpr unsigned kDepthMax = 64;

namespace detail {

class Parser {
 public:
  Parser(std::string_view source, const PatternCompiler& compiler)
      : lexer_(source), compiler_(compiler) {
    program_.source = source;
  }

  Program run() {
    if (program_.source.size() > kSourceBytesMax) {
      fail(0, "the expression is longer than " + std::to_string(kSourceBytesMax) + " bytes");
    }
    advance();
    disjunction();
    if (token_.kind != TokenKind::kEnd) {
      fail(token_.byte, "expected an operator or the end, not '" + std::string(token_.text) + "'");
    }
    return std::move(program_);
  }

 private:
  using Index = std::uint32_t;
  struct Operator {
    const char* text;
    Op op;
  };
  static constexpr Operator kComparisons[] = {
      {"==", Op::kEqual},     {"!=", Op::kNotEqual},       {"<", Op::kLess},
      {"<=", Op::kLessEqual}, {">", Op::kGreater},         {">=", Op::kGreaterEqual},
      {"in", Op::kIn},        {"contains", Op::kContains}, {"matches", Op::kMatches}};
  static constexpr Operator kSums[] = {{"+", Op::kAdd}, {"-", Op::kSubtract}};
  static constexpr Operator kProducts[] = {{"*", Op::kMultiply}, {"/", Op::kDivide}};

  class Deeper {
   public:
    explicit Deeper(Parser& parser) : depth_(parser.depth_) {
      if (++depth_ > kDepthMax) {
        parser.fail(parser.token_.byte, "nested more than " + std::to_string(kDepthMax) + " deep");
      }
    }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    unsigned& depth_;
  };

  [[noreturn]] void fail(std::size_t byte, const std::string& what) const {
    throw ExpressionError(program_.source, byte, what);
  }
  void advance() { token_ = lexer_.next(); }
  bool is(std::string_view text) const {
    return (token_.kind == TokenKind::kSymbol || token_.kind == TokenKind::kName) &&
           token_.text == text;
  }
  bool take(std::string_view text) {
    if (!is(text)) return false;
    advance();
    return true;
  }
  void need(std::string_view text, const char* after) {
    if (!take(text)) {
      fail(token_.byte,
           "expected '" + std::string(text) + "' " + after +
               (token_.kind == TokenKind::kEnd ? ", but the expression ends"
                                               : ", not '" + std::string(token_.text) + "'"));
    }
  }
  template <std::size_t N>
  const Operator* one_of(const Operator (&operators)[N]) const {
    for (const auto& candidate : operators) {
      if (is(candidate.text)) return &candidate;
    }
    return nullptr;
  }
  Index add(Node node) {
    program_.nodes.push_back(std::move(node));
    return static_cast<Index>(program_.nodes.size() - 1);
  }
  Index operation(Op op, std::size_t byte, std::vector<Index> arguments) {
    Node node;
    node.op = op;
    node.byte = byte;
    node.arguments = std::move(arguments);
    return add(std::move(node));
  }

  // A chain of equal operators is one node: its depth is not the length of the chain.
  Index chain(const char* word, Op op, Index (Parser::*part)()) {
    std::vector<Index> parts{(this->*part)()};
    const std::size_t byte = token_.byte;
    while (take(word)) parts.push_back((this->*part)());
    return parts.size() == 1 ? parts[0] : operation(op, byte, std::move(parts));
  }
  Index disjunction() {
    const Deeper deeper(*this);
    return chain("or", Op::kOr, &Parser::conjunction);
  }
  Index conjunction() { return chain("and", Op::kAnd, &Parser::negation); }
  Index negation() {
    const std::size_t byte = token_.byte;
    if (!take("not")) return comparison();
    const Deeper deeper(*this);
    return operation(Op::kNot, byte, {negation()});
  }

  Index comparison() {
    const Index left = sum();
    const std::size_t byte = token_.byte;
    const bool negated = is("not");  // a not in b
    if (negated) advance();
    const Operator* found = one_of(kComparisons);
    if (negated && (found == nullptr || token_.kind != TokenKind::kName)) {
      fail(byte, "'not' stands before a condition, or in 'not in', 'not contains', 'not matches'");
    }
    if (found == nullptr) return left;
    advance();
    const Index result =
        found->op == Op::kMatches ? match(left, byte) : operation(found->op, byte, {left, sum()});
    if (one_of(kComparisons) != nullptr) {
      fail(token_.byte, "comparisons do not chain: write a < b and b < c");
    }
    return negated ? operation(Op::kNot, byte, {result}) : result;
  }
  Index match(Index left, std::size_t byte) {
    Node node;
    node.op = Op::kMatches;
    node.byte = byte;
    node.arguments = {left};
    node.literal = token_.literal;
    if (token_.kind != TokenKind::kLiteral || token_.literal.kind() != Kind::kText) {
      fail(token_.byte, "a pattern is written as a text, so that it can be checked beforehand");
    }
    if (!compiler_) fail(byte, "'matches' is not available here");
    try {
      node.pattern = compiler_(*token_.literal.get<std::string>());
    } catch (const ValueError& error) {
      fail(token_.byte, error.what());
    }
    advance();
    return add(std::move(node));
  }

  template <std::size_t N>
  Index left_to_right(const Operator (&operators)[N], Index (Parser::*part)()) {
    Index left = (this->*part)();
    unsigned links = 0;
    while (const Operator* found = one_of(operators)) {
      const std::size_t byte = token_.byte;
      if (++links > kDepthMax) fail(byte, "more than " + std::to_string(kDepthMax) + " terms");
      advance();
      left = operation(found->op, byte, {left, (this->*part)()});
    }
    return left;
  }
  Index sum() { return left_to_right(kSums, &Parser::term); }
  Index term() { return left_to_right(kProducts, &Parser::factor); }
  Index factor() {
    const std::size_t byte = token_.byte;
    if (!take("-")) return primary();
    const Deeper deeper(*this);
    return operation(Op::kNegate, byte, {factor()});
  }

  Index primary() {
    const std::size_t byte = token_.byte;
    if (token_.kind == TokenKind::kLiteral) return literal(token_.literal);
    if (take("(")) {
      const Index inner = disjunction();
      need(")", "after the bracket's content");
      return inner;
    }
    if (take("[")) return operation(Op::kList, byte, arguments("]"));
    if (token_.kind == TokenKind::kName) return named();
    fail(byte, token_.kind == TokenKind::kEnd
                   ? "the expression ends where a value is expected"
                   : "expected a value, not '" + std::string(token_.text) + "'");
  }
  Index literal(Value value) {
    Node node;
    node.byte = token_.byte;
    node.literal = std::move(value);
    advance();
    return add(std::move(node));
  }
  std::vector<Index> arguments(std::string_view closing) {
    std::vector<Index> out;
    if (take(closing)) return out;
    do {
      out.push_back(disjunction());
    } while (take(","));
    need(closing, "after the last element");
    return out;
  }

  Index named() {
    if (token_.text == "true") return literal(true);
    if (token_.text == "false") return literal(false);
    if (token_.text == "null") return literal({});
    for (const char* word : {"and", "or", "not", "in", "contains", "matches"}) {
      if (token_.text == word)
        fail(token_.byte, "'" + std::string(word) + "' stands between values");
    }
    Node node;
    node.op = Op::kPath;
    node.byte = token_.byte;
    node.path.emplace_back(token_.text);
    advance();
    if (node.path[0] != "it" && take("(")) return call(node.path[0], node.byte);
    while (take(".")) {
      if (token_.kind != TokenKind::kName) fail(token_.byte, "expected a name after the point");
      node.path.emplace_back(token_.text);
      advance();
    }
    if (node.path[0] == "it" && filters_ == 0)
      fail(node.byte, "'it' has a meaning in filter alone");
    return add(std::move(node));
  }

  Index call(const std::string& name, std::size_t byte) {
    const auto* info = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                    [&](const auto& f) { return name == f.name; });
    if (info == std::end(kFunctions)) fail(byte, "there is no function '" + name + "'");
    Node node;
    node.op = Op::kCall;
    node.byte = byte;
    node.function = static_cast<Function>(info - kFunctions);
    node.arguments = call_arguments(node.function);
    const std::size_t given = node.arguments.size();
    if (given < info->arguments_min || given > info->arguments_max) {
      fail(byte, name + " takes " + std::to_string(info->arguments_min) +
                     (info->arguments_min == info->arguments_max
                          ? ""
                          : " to " + std::to_string(info->arguments_max)) +
                     " arguments, not " + std::to_string(given));
    }
    if (node.function == Function::kHas && program_.argument(node, 0).op != Op::kPath) {
      fail(byte, "has asks for a name: has(data.due_at)");
    }
    if (is_aggregate(node.function) && given > 1) {  // min(a, b) is min([a, b])
      node.arguments = {operation(Op::kList, byte, std::move(node.arguments))};
    }
    return add(std::move(node));
  }
  // The names of filter's condition may start with `it`.
  std::vector<Index> call_arguments(Function function) {
    if (function != Function::kFilter) return arguments(")");
    std::vector<Index> out{disjunction()};
    need(",", "between filter's list and its condition");
    ++filters_;
    out.push_back(disjunction());
    --filters_;
    need(")", "after filter's condition");
    return out;
  }

  Lexer lexer_;
  const PatternCompiler& compiler_;
  Program program_;
  Token token_;
  unsigned depth_ = 0, filters_ = 0;
};

}  // namespace detail
}  // namespace ops::expr
