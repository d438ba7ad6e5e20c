// The expression language of conditions, rules and formulas: EXPRESSION.md.
//
//   auto urgent = ops::Expression::parse("data.level <= 3 and not data.drill");
//   bool yes = urgent.test({{"data", ops::expr::record_of(json)}});
#pragma once

#include <opsledger/detail/expression/checker.hpp>
#include <opsledger/detail/expression/evaluator.hpp>
#include <opsledger/detail/expression/parser.hpp>

namespace ops {

using expr::ExpressionError;

/// A parsed expression: immutable, shared by its copies, usable from any thread. Deterministic: no
/// clock, no I/O, no floating numbers; an overflow is an error and never wraps.
class Expression {
 public:
  /// At most 4,096 bytes, nested at most 64 deep. `compiler` makes the patterns of `matches`
  /// (<opsledger/expression/re2.hpp> has one); without it `matches` is an error. Throws
  /// ExpressionError, which says where.
  static Expression parse(std::string_view source, const expr::PatternCompiler& compiler = {}) {
    return Expression(std::make_shared<const expr::detail::Program>(
        expr::detail::Parser(source, compiler).run()));
  }

  /// What the expression yields when the names have the shapes of the record `names`. Throws
  /// ExpressionError: a name that is not there, kinds that do not go together, a text that an
  /// enum does not have. After that, evaluating over such values fails only for what the values
  /// bring: overflow, two currencies, too many steps, text that is no date.
  expr::Shape check(const expr::Shape& names) const {
    return expr::detail::Checker(*program_, names).run();
  }
  /// Throws ExpressionError.
  expr::Value evaluate(const expr::Record& names, const expr::Environment& environment = {}) const {
    return expr::detail::Evaluator(*program_, names, environment).run();
  }
  /// A condition: null counts as false. Throws ExpressionError, also when the value is no
  /// condition.
  bool test(const expr::Record& names, const expr::Environment& environment = {}) const {
    const expr::Value value = evaluate(names, environment);
    if (const bool* flag = value.get<bool>()) return *flag;
    if (value.is_null()) return false;
    throw ExpressionError(source(), 0,
                          std::string("expected a condition, not ") + name_of(value.kind()));
  }

  const std::string& source() const { return program_->source; }
  /// Every name it looks at (`data.level`), sorted, each once; names of list elements (`it.x`) not.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& node : program_->nodes) {
      if (node.op != expr::detail::Op::kPath || node.path[0] == "it") continue;
      out.push_back(expr::detail::joined(node.path));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  explicit Expression(std::shared_ptr<const expr::detail::Program> program)
      : program_(std::move(program)) {}

  std::shared_ptr<const expr::detail::Program> program_;
};

}  // namespace ops
