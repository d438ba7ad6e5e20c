// Source text → tokens.
#pragma once

#include <opsledger/detail/expression/arithmetic.hpp>
#include <opsledger/detail/expression/program.hpp>

namespace ops::expr::detail {

enum class TokenKind : std::uint8_t { kEnd, kName, kLiteral, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t byte = 0;
  std::string_view text;  ///< of the source; a literal's as written
  Value literal;
};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Token next() {
    while (at_ < source_.size() && is_space(source_[at_])) ++at_;
    Token token{TokenKind::kEnd, at_, {}, {}};
    if (at_ == source_.size()) return token;
    const char c = source_[at_];
    if (is_letter(c)) {
      while (at_ < source_.size() && (is_letter(source_[at_]) || is_digit(source_[at_]))) ++at_;
      token.kind = TokenKind::kName;
    } else if (is_digit(c)) {
      number(token);
    } else if (c == '"' || c == '\'') {
      text(token, c);
    } else {
      symbol(token);
    }
    token.text = source_.substr(token.byte, at_ - token.byte);
    return token;
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  [[noreturn]] void fail(std::size_t byte, const std::string& what) const {
    throw ExpressionError(source_, byte, what);
  }

  void number(Token& token) {
    const auto digits = [&] {
      while (at_ < source_.size() && is_digit(source_[at_])) ++at_;
    };
    digits();
    const bool has_point =
        at_ + 1 < source_.size() && source_[at_] == '.' && is_digit(source_[at_ + 1]);
    if (has_point) ++at_, digits();
    if (at_ < source_.size() && (is_letter(source_[at_]) || source_[at_] == '.')) {
      fail(token.byte,
           "a number ends before a letter or a second point (write 0.5, not .5 or 5e1)");
    }
    token.kind = TokenKind::kLiteral;
    const auto written = source_.substr(token.byte, at_ - token.byte);
    try {
      const Decimal value = Decimal::parse(written);
      if (value.scale() > kPlaces)
        fail(token.byte, "a number has at most four digits after the point");
      token.literal = has_point ? Value(value) : Value(value.unscaled());
    } catch (const ExpressionError&) {
      throw;
    } catch (const ValueError&) {
      fail(token.byte, "the number is too large");
    }
  }

  void text(Token& token, char quote) {
    std::string value;
    for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
      if (static_cast<unsigned char>(source_[at_]) < 0x20) fail(at_, "a text stays on one line");
      if (source_[at_] != '\\') {
        value += source_[at_];
        continue;
      }
      if (++at_ == source_.size()) break;
      constexpr std::string_view kWritten = "\\\"'nt", kMeant = "\\\"'\n\t";
      const auto which = kWritten.find(source_[at_]);
      if (which == kWritten.npos) fail(at_ - 1, "unknown escape: write \\\\ \\\" \\' \\n or \\t");
      value += kMeant[which];
    }
    if (at_ >= source_.size()) fail(token.byte, "the text has no closing quote");
    ++at_;
    token.kind = TokenKind::kLiteral;
    token.literal = Value(std::move(value));
  }

  void symbol(Token& token) {
    constexpr std::string_view kPairs[] = {"==", "!=", "<=", ">="};
    token.kind = TokenKind::kSymbol;
    for (const auto pair : kPairs) {
      if (source_.substr(at_, 2) == pair) {
        at_ += 2;
        return;
      }
    }
    const char c = source_[at_];
    constexpr std::string_view kSingles = "<>+-*/()[],.";
    if (kSingles.find(c) == kSingles.npos) {
      fail(at_, c == '=' ? "write == to compare" : "this character has no meaning here");
    }
    ++at_;
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace ops::expr::detail
