#include "kernel/sheets/text_encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include <algorithm>
#include <array>
#include <vector>

namespace opsledger {

namespace {

constexpr std::size_t kChunkBytes = 64 << 10;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF", kLeMark = "\xFF\xFE", kBeMark = "\xFE\xFF";

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

const char* icu_name(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kUtf8:
      return "UTF-8";
    case TextEncoding::kUtf16Le:
      return "UTF-16LE";
    case TextEncoding::kUtf16Be:
      return "UTF-16BE";
    case TextEncoding::kGb18030:
      break;
  }
  return "gb18030";
}

Error not_text(const std::string& why) {
  return {Code::kMalformed, "sheet.encoding",
          "the file is not readable as text: " + why +
              "; save it as CSV in UTF-8, UTF-16 with a byte order mark, or GB18030"};
}

/// A converter that stops at the first byte that is wrong.
Result<Converter> strict_converter(TextEncoding encoding) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(icu_name(encoding), &status));
  if (U_SUCCESS(status)) {
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  }
  if (U_FAILURE(status)) {
    return Error{Code::kInternal, "sheet.encoding",
                 std::string("ICU has no converter: ") + u_errorName(status)};
  }
  return converter;
}

/// Whether bytes that arrive in pieces are text of one encoding.
class Check {
 public:
  explicit Check(Converter converter) : converter_(std::move(converter)) {}
  void feed(std::string_view bytes, bool last) {
    const char* from = bytes.data();
    while (good_) {
      UErrorCode status = U_ZERO_ERROR;
      UChar* to = units_.data();
      ucnv_toUnicode(converter_.get(), &to, units_.data() + units_.size(), &from,
                     bytes.data() + bytes.size(), nullptr, last, &status);
      if (status == U_BUFFER_OVERFLOW_ERROR) continue;
      good_ = U_SUCCESS(status);
      return;
    }
  }
  bool good() const { return good_; }

 private:
  Converter converter_;
  std::array<UChar, 4096> units_{};
  bool good_ = true;
};

std::optional<TextEncoding> by_mark(std::string_view head) {
  if (head.starts_with(kUtf8Mark)) return TextEncoding::kUtf8;
  if (head.starts_with(kLeMark)) return TextEncoding::kUtf16Le;
  if (head.starts_with(kBeMark)) return TextEncoding::kUtf16Be;
  return {};
}

/// Fills as much of `buffer` as there is, so that a mark is never split.
Result<std::size_t> read_full(ByteSource& source, char* out, std::size_t size) {
  std::size_t filled = 0;
  while (filled < size) {
    OPS_TRY_ASSIGN(const auto count, source.read(out + filled, size - filled));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

/// Bytes of one encoding in, UTF-8 out, through UTF-16.
class Utf8Source final : public ByteSource {
 public:
  Utf8Source(std::unique_ptr<ByteSource> source, Converter from, Converter to)
      : source_(std::move(source)), from_(std::move(from)), to_(std::move(to)), raw_(kChunkBytes) {}

  Result<std::size_t> read(char* out, std::size_t size) override {
    while (at_ == ready_.size()) {
      if (ended_) return std::size_t{0};
      OPS_TRY(convert());
    }
    const auto count = std::min(size, ready_.size() - at_);
    ready_.copy(out, count, at_);
    at_ += count;
    return count;
  }
  std::uint64_t bytes_read() const override { return source_->bytes_read(); }
  std::uint64_t bytes_total() const override { return source_->bytes_total(); }

 private:
  Status convert() {
    OPS_TRY_ASSIGN(const auto count, source_->read(raw_.data(), raw_.size()));
    ended_ = count == 0;
    ready_.clear();
    at_ = 0;
    const char* from = raw_.data();
    for (bool more = true; more;) {
      UErrorCode status = U_ZERO_ERROR;
      UChar* units = units_.data();
      ucnv_toUnicode(from_.get(), &units, units_.data() + units_.size(), &from, raw_.data() + count,
                     nullptr, ended_, &status);
      more = status == U_BUFFER_OVERFLOW_ERROR;
      if (U_FAILURE(status) && !more) return not_text(std::string("found ") + u_errorName(status));
      OPS_TRY(append(units));
    }
    if (first_ && ready_.starts_with(kUtf8Mark)) at_ = kUtf8Mark.size();
    first_ = first_ && ready_.empty();
    return {};
  }

  Status append(const UChar* end) {
    const UChar* units = units_.data();
    for (bool more = true; more;) {
      UErrorCode status = U_ZERO_ERROR;
      char* out = utf8_.data();
      ucnv_fromUnicode(to_.get(), &out, utf8_.data() + utf8_.size(), &units, end, nullptr, ended_,
                       &status);
      more = status == U_BUFFER_OVERFLOW_ERROR;
      if (U_FAILURE(status) && !more) return not_text(std::string("found ") + u_errorName(status));
      ready_.append(utf8_.data(), out);
    }
    return {};
  }

  std::unique_ptr<ByteSource> source_;
  Converter from_, to_;
  std::vector<char> raw_;
  std::array<UChar, 4096> units_{};
  std::array<char, 4096> utf8_{};
  std::string ready_;
  std::size_t at_ = 0;
  bool ended_ = false, first_ = true;
};

}  // namespace

Result<TextEncoding> detect_encoding(ByteSource& source) {
  OPS_TRY_ASSIGN(auto utf8, strict_converter(TextEncoding::kUtf8));
  OPS_TRY_ASSIGN(auto gb18030, strict_converter(TextEncoding::kGb18030));
  Check is_utf8(std::move(utf8)), is_gb18030(std::move(gb18030));
  std::vector<char> buffer(kChunkBytes);
  for (bool first = true;; first = false) {
    OPS_TRY_ASSIGN(const auto count, read_full(source, buffer.data(), buffer.size()));
    const std::string_view bytes(buffer.data(), count);
    if (first) {
      if (const auto marked = by_mark(bytes)) return *marked;
    }
    if (bytes.find('\0') != std::string_view::npos) return not_text("it holds a NUL byte");
    is_utf8.feed(bytes, count == 0);
    is_gb18030.feed(bytes, count == 0);
    if (count == 0) break;
  }
  if (is_utf8.good()) return TextEncoding::kUtf8;
  if (is_gb18030.good()) return TextEncoding::kGb18030;
  return not_text("it is neither UTF-8 nor GB18030");
}

Result<TextEncoding> encoding_named(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "utf-8" || lower == "utf8") return TextEncoding::kUtf8;
  if (lower == "utf-16le") return TextEncoding::kUtf16Le;
  if (lower == "utf-16be") return TextEncoding::kUtf16Be;
  if (lower == "gb18030" || lower == "gbk" || lower == "gb2312") return TextEncoding::kGb18030;
  return Error{Code::kInvalid, "sheet.encoding",
               "unknown encoding '" + std::string(name) +
                   "'; known are utf-8, utf-16le, utf-16be, gb18030, gbk"};
}

Result<std::unique_ptr<ByteSource>> to_utf8(std::unique_ptr<ByteSource> source,
                                            TextEncoding encoding) {
  OPS_TRY_ASSIGN(auto from, strict_converter(encoding));
  OPS_TRY_ASSIGN(auto to, strict_converter(TextEncoding::kUtf8));
  return std::unique_ptr<ByteSource>(
      std::make_unique<Utf8Source>(std::move(source), std::move(from), std::move(to)));
}

}  // namespace opsledger
