#include "kernel/query/like_pattern.hpp"

#include "kernel/query/query_error.hpp"

namespace opsledger {
namespace {

char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Bytes of the character at `at`; continuation bytes follow their lead.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

}  // namespace

Result<LikePattern> LikePattern::parse(std::string_view pattern, bool ignore_case,
                                       std::string_view parameter) {
  LikePattern like;
  like.ignore_case_ = ignore_case;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '%' || c == '*') {
      like.tokens_.push_back({Token::Kind::kRun});
    } else if (c == '_') {
      like.tokens_.push_back({Token::Kind::kOne});
    } else if (c == '\\' && i + 1 == pattern.size()) {
      return query_invalid(parameter, "a LIKE pattern must not end with its escape character");
    } else {
      like.tokens_.push_back({Token::Kind::kByte, c == '\\' ? pattern[++i] : c});
    }
  }
  return like;
}

bool LikePattern::same(char a, char b) const {
  return ignore_case_ ? fold(a) == fold(b) : a == b;
}

bool LikePattern::matches(std::string_view text) const {
  // Greedy with one way back: to the last run, one character further than before.
  std::size_t at = 0, token = 0, run_token = SIZE_MAX, run_at = 0;
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::kRun) {
      run_token = token++;
      run_at = at;
    } else if (token < tokens_.size() && tokens_[token].kind == Token::Kind::kOne) {
      at += character_bytes(text, at);
      ++token;
    } else if (token < tokens_.size() && same(tokens_[token].byte, text[at])) {
      ++at;
      ++token;
    } else if (run_token != SIZE_MAX) {
      run_at += character_bytes(text, run_at);
      at = run_at;
      token = run_token + 1;
    } else {
      return false;
    }
  }
  while (token < tokens_.size() && tokens_[token].kind == Token::Kind::kRun) ++token;
  return token == tokens_.size();
}

std::string LikePattern::prefix() const {
  std::string prefix;
  if (ignore_case_) return prefix;
  for (const auto& token : tokens_) {
    if (token.kind != Token::Kind::kByte) break;
    prefix.push_back(token.byte);
  }
  return prefix;
}

}  // namespace opsledger
