// Patterns of `matches` by RE2. Separate, so that only who includes this links with -lre2.
#pragma once

#include <opsledger/detail/expression/program.hpp>

#include <re2/re2.h>

namespace ops::expr {

/// Searches anywhere in the text (anchor with ^ and $), in time linear in its length. A pattern
/// that is wrong or needs more than 256 KiB throws ValueError.
inline PatternCompiler re2_compiler() {
  return [](std::string_view text) -> Pattern {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(256 << 10);
    const auto pattern =
        std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!pattern->ok()) throw ValueError("wrong pattern: " + pattern->error());
    return [pattern](std::string_view subject) {
      return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *pattern);
    };
  };
}

}  // namespace ops::expr
