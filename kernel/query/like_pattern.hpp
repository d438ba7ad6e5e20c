// SQL LIKE as PostgREST offers it: `%` or `*` any run, `_` any one character, `\` escapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/result.hpp"

namespace opsledger {

/// Immutable. Characters are UTF-8 code points. `ilike` folds A-Z only, so that the answer depends
/// on no locale. Time: at most text x pattern, no recursion.
class LikePattern {
 public:
  /// Errors: kInvalid for a pattern that ends in its escape character.
  static Result<LikePattern> parse(std::string_view pattern, bool ignore_case,
                                   std::string_view parameter);
  bool matches(std::string_view text) const;
  /// What every matching text begins with; empty when case is ignored.
  std::string prefix() const;

 private:
  struct Token {
    enum class Kind { kByte, kOne, kRun } kind;
    char byte = 0;
  };
  bool same(char a, char b) const;
  std::vector<Token> tokens_;
  bool ignore_case_ = false;
};

}  // namespace opsledger
