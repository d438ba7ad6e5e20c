#include "kernel/projection/search_terms.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace opsledger {
namespace {

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString folded(std::string_view text) {
  text = text.substr(0, kSearchTextBytesMax);
  const auto raw = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  UErrorCode error = U_ZERO_ERROR;
  const auto* const folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
  if (U_FAILURE(error)) return raw;
  auto out = folding->normalize(raw, error);
  return U_FAILURE(error) ? raw : out;
}

/// Scripts that are written without spaces.
bool is_unspaced(UChar32 c) {
  if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) return true;
  const auto block = ublock_getCode(c);
  return block == UBLOCK_HIRAGANA || block == UBLOCK_KATAKANA;
}

bool is_word(UChar32 c) {
  return u_isalnum(c) || u_hasBinaryProperty(c, UCHAR_DIACRITIC) ||
         u_charType(c) == U_NON_SPACING_MARK;
}

class Splitter {
 public:
  explicit Splitter(bool last_alone) : last_alone_(last_alone) {}

  std::vector<std::string> split(std::string_view text) {
    const auto source = folded(text);
    for (int32_t at = 0; at < source.length() && terms_.size() < kSearchTermsMax;) {
      const UChar32 c = source.char32At(at);
      at = source.moveIndex32(at, 1);
      if (is_unspaced(c)) {
        end_word();
        ideograph(c);
      } else if (is_word(c) && c != 0xFFFD) {
        end_run();
        word_.append(c);
      } else {
        end_word();
        end_run();
      }
    }
    end_word();
    end_run();
    std::sort(terms_.begin(), terms_.end());
    terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
    return std::move(terms_);
  }

 private:
  void ideograph(UChar32 c) {
    if (run_ != 0) add(icu::UnicodeString(last_).append(c));
    last_ = c;
    ++run_;
  }
  void end_run() {
    if (run_ == 1 || (run_ > 1 && last_alone_)) add(icu::UnicodeString(last_));
    run_ = 0;
  }
  void end_word() {
    if (!word_.isEmpty()) add(word_);
    word_.remove();
  }
  void add(const icu::UnicodeString& term) {
    auto bytes = utf8(term);
    if (bytes.size() > kSearchTermBytesMax) {
      auto end = kSearchTermBytesMax;
      while ((bytes[end] & 0xC0) == 0x80) --end;  // not inside a character
      bytes.resize(end);
    }
    terms_.push_back(std::move(bytes));
  }

  const bool last_alone_;
  std::vector<std::string> terms_;
  icu::UnicodeString word_;
  UChar32 last_ = 0;
  std::size_t run_ = 0;
};

}  // namespace

std::vector<std::string> search_terms(std::string_view text) {
  return Splitter(true).split(text);
}

std::vector<std::string> question_terms(std::string_view text) {
  return Splitter(false).split(text);
}

bool terms_match(const std::vector<std::string>& terms, const std::vector<std::string>& question) {
  return std::all_of(question.begin(), question.end(), [&](const std::string& wanted) {
    const auto found = std::lower_bound(terms.begin(), terms.end(), wanted);
    return found != terms.end() && found->starts_with(wanted);
  });
}

}  // namespace opsledger
