// Text files in the encodings that spreadsheets write.
#pragma once

#include <memory>
#include <string_view>

#include "kernel/import/byte_source.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

enum class TextEncoding { kUtf8, kUtf16Le, kUtf16Be, kGb18030 };

/// Reads all of `source`: a byte order mark decides; else UTF-8 where every byte is, else GB18030
/// (which GBK and GB2312 are part of) where every byte is. Text that is both is UTF-8. Errors:
/// kMalformed `sheet.encoding` (neither, or a NUL: no text), those of the source.
Result<TextEncoding> detect_encoding(ByteSource& source);

/// `utf-8`, `utf-16le`, `utf-16be`, `gb18030`, `gbk`, in any case. Errors: kInvalid
/// `sheet.encoding` listing them.
Result<TextEncoding> encoding_named(std::string_view name);

/// The same text in UTF-8, without a byte order mark where the encoding has one. `read` fails with
/// kMalformed `sheet.encoding` at the first byte that is none.
Result<std::unique_ptr<ByteSource>> to_utf8(std::unique_ptr<ByteSource> source,
                                            TextEncoding encoding);

}  // namespace opsledger
