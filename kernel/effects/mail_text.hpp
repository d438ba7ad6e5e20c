// A mail as text: RFC 5322 headers, RFC 2047 words, a base64 body.
#pragma once

#include <string>
#include <string_view>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

struct Mail {
  std::string from, to, subject, text;
  std::string id;  ///< of the message, without the part after the `@`
  Time date{};
};

/// Whether `text` is `local@domain` of plain characters: nothing that could end a header line, name
/// a second recipient or need quoting.
bool is_mail_address(std::string_view text);

/// CRLF lines of at most 78 bytes. Subjects of any text are encoded, so that no header can be
/// smuggled in. Errors: kInvalid `effect.mail_address` (from or to; the address is not named).
Result<std::string> mail_text(const Mail& mail);

}  // namespace opsledger
