// Text -> the terms it is found by. Both sides of search use it: the index entries of a row and the
// words of a question, so that the two can never disagree.
//
// Text is folded first (Unicode NFKC_Casefold: full-width letters, case). Letters and digits form
// words; everything else separates them. Ideographs and kana, which no space separates, become
// bigrams of neighbours, and the last of a run also a term alone, so that every single ideograph
// is a prefix of some term.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

/// Most terms of one text; what comes after them is not found.
inline constexpr std::size_t kSearchTermsMax = 64;
/// Bytes of a text that are looked at.
inline constexpr std::size_t kSearchTextBytesMax = 4'096;
/// Longest term in bytes; a longer word is found by its beginning.
inline constexpr std::size_t kSearchTermBytesMax = 60;

/// Sorted, each once. Pure, thread safe. Bytes that are no UTF-8 separate words.
std::vector<std::string> search_terms(std::string_view text);

/// The same for a question: of each run of ideographs its bigrams only (a lone ideograph stays).
/// A row matches when each of these is a prefix of one of its terms.
std::vector<std::string> question_terms(std::string_view text);

/// Whether each of `question` is a prefix of one of `terms`; both sorted.
bool terms_match(const std::vector<std::string>& terms, const std::vector<std::string>& question);

}  // namespace opsledger
