#include <opsledger/expression.hpp>
#include <opsledger/expression/json.hpp>
#include <opsledger/expression/re2.hpp>

#include "storage/base/assert.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {
namespace {

using namespace ops;  // NOLINT: the language and its values

std::string result_of(const Expression& expression, const expr::Record& names) {
  expr::Environment environment;
  environment.steps_max = 20'000;
  try {
    const auto value = expression.evaluate(names, environment);
    return std::string(name_of(value.kind())) + value.str();
  } catch (const ExpressionError& error) {
    OPS_ASSERT(error.byte() <= expression.source().size());
    return error.what();
  }
}

}  // namespace

void fuzz_expression(BytesView input) {
  const auto newline = input.find('\n');
  const auto json = newline == input.npos ? BytesView("{}") : input.substr(newline + 1);
  try {
    const auto parsed = Expression::parse(input.substr(0, newline), expr::re2_compiler());
    const auto again = Expression::parse(parsed.source(), expr::re2_compiler());
    const auto names = expr::record_of(Json::parse(json));
    static_cast<void>(parsed.names());
    OPS_ASSERT(result_of(parsed, names) == result_of(again, names));
    static_cast<void>(parsed.check(expr::Shape()));
  } catch (const ExpressionError& error) {
    OPS_ASSERT(error.byte() <= input.size());
  } catch (const DecodeError&) {
  }
}

}  // namespace opsledger::fuzz
