// Program: an expression after parsing, as a tree in one vector. Immutable once built.
#pragma once

#include <opsledger/expression/value.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ops::expr {

/// True when a text matches the pattern it was made for.
using Pattern = std::function<bool(std::string_view)>;
/// Makes a Pattern; throws ValueError when the pattern is wrong. See expression/re2.hpp.
using PatternCompiler = std::function<Pattern(std::string_view)>;

/// What is wrong with an expression, and where.
class ExpressionError : public ValueError {
 public:
  ExpressionError(std::string_view source, std::size_t byte, const std::string& what)
      : ValueError("at column " + std::to_string(column_of(source, byte)) + ": " + what),
        byte_(byte) {}
  /// Offset into the source, from 0. (The message counts characters from 1.)
  std::size_t byte() const { return byte_; }

 private:
  static std::size_t column_of(std::string_view source, std::size_t byte) {
    std::size_t column = 1;
    for (const char c : source.substr(0, byte)) column += (c & 0xC0) != 0x80 ? 1 : 0;
    return column;
  }
  std::size_t byte_;
};

namespace detail {

enum class Op : std::uint8_t {
  kLiteral,
  kPath,
  kList,
  kNot,
  kNegate,
  kAnd,
  kOr,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kContains,
  kMatches,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kCall
};

/// The first nine in the order of AggregateKind.
enum class Function : std::uint8_t {
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kP50,
  kP90,
  kFirst,
  kLast,
  kHas,
  kFilter,
  kIf,
  kDefault,
  kRound,
  kMoney,
  kMinor,
  kDate,
  kTime,
  kDecimal,
  kDaysBetween,
  kHoursBetween,
  kWorkhoursBetween,
  kAddDays,
  kAddHours
};

struct FunctionInfo {
  const char* name;
  unsigned arguments_min, arguments_max;
};
inline constexpr FunctionInfo kFunctions[] = {{"count", 1, 1},         {"sum", 1, 1},
                                              {"avg", 1, 1},           {"min", 1, 16},
                                              {"max", 1, 16},          {"p50", 1, 1},
                                              {"p90", 1, 1},           {"first", 1, 1},
                                              {"last", 1, 1},          {"has", 1, 1},
                                              {"filter", 2, 2},        {"if", 3, 3},
                                              {"default", 2, 2},       {"round", 2, 2},
                                              {"money", 2, 2},         {"minor", 1, 1},
                                              {"date", 1, 1},          {"time", 1, 1},
                                              {"decimal", 1, 1},       {"days_between", 2, 2},
                                              {"hours_between", 2, 2}, {"workhours_between", 2, 3},
                                              {"add_days", 2, 2},      {"add_hours", 2, 2}};
constexpr bool is_aggregate(Function f) {
  return f <= Function::kLast;
}

/// One node. `arguments` are indexes of nodes that stand before it.
struct Node {
  Op op = Op::kLiteral;
  Function function{};
  std::size_t byte = 0;  ///< where in the source
  std::vector<std::uint32_t> arguments;
  std::vector<std::string> path;  ///< kPath; the first may be `it`
  Value literal;                  ///< kLiteral; kMatches: the pattern's text
  Pattern pattern;                ///< kMatches
};

struct Program {
  std::string source;
  std::vector<Node> nodes;  ///< the root is the last

  const Node& argument(const Node& node, std::size_t i) const { return nodes[node.arguments[i]]; }
  [[noreturn]] void fail(const Node& node, const std::string& what) const {
    throw ExpressionError(source, node.byte, what);
  }
};

inline std::string joined(const std::vector<std::string>& path) {
  std::string out;
  for (const auto& name : path) out += (out.empty() ? "" : ".") + name;
  return out;
}

}  // namespace detail
}  // namespace ops::expr
