#include "kernel/sheets/xml_parser.hpp"

#include <expat.h>

#include <exception>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/sheet_error.hpp"

namespace opsledger {

namespace {

std::string_view without_prefix(const char* name) {
  const std::string_view whole(name);
  const auto colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name) const {
  for (auto pair = pairs_; *pair != nullptr; pair += 2) {
    if (without_prefix(pair[0]) == name) return pair[1];
  }
  return {};
}

struct XmlParser::Impl {
  explicit Impl(XmlHandler& told) : handler(told), parser(XML_ParserCreate(nullptr)) {
    OPS_ASSERT(parser != nullptr);
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
  }
  ~Impl() { XML_ParserFree(parser); }

  void stop(Error why) {
    if (!error) error = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }
  /// Nothing may be thrown through expat.
  template <class Call>
  void guarded(Call call) {
    if (error) return;
    try {
      if (auto status = call(); !status.ok()) stop(std::move(status).error());
    } catch (const std::exception& thrown) {
      stop({Code::kInternal, "internal", std::string("reading XML failed: ") + thrown.what()});
    }
  }

  static Impl& of(void* data) { return *static_cast<Impl*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    Impl& self = of(data);
    self.guarded([&]() -> Status {
      if (++self.depth > sheet_limits::kXmlDepthMax) {
        return sheet_too_large("levels of elements", sheet_limits::kXmlDepthMax);
      }
      return self.handler.start(without_prefix(name), XmlAttributes(attributes));
    });
  }
  static void on_end(void* data, const XML_Char* name) {
    Impl& self = of(data);
    --self.depth;
    self.guarded([&] { return self.handler.end(without_prefix(name)); });
  }
  static void on_text(void* data, const XML_Char* text, int size) {
    Impl& self = of(data);
    self.guarded([&] { return self.handler.text({text, static_cast<std::size_t>(size)}); });
  }
  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    of(data).stop({Code::kMalformed, "sheet.doctype",
                   "the workbook declares a document type, which could name files or grow without "
                   "end; no spreadsheet program writes one, so it is refused"});
  }

  XmlHandler& handler;
  XML_Parser parser;
  std::optional<Error> error;
  unsigned depth = 0;
  std::uint64_t fed = 0;
};

XmlParser::XmlParser(XmlHandler& handler) : impl_(std::make_unique<Impl>(handler)) {}
XmlParser::~XmlParser() = default;

Status XmlParser::feed(std::string_view bytes, bool last) {
  const auto result =
      XML_Parse(impl_->parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  if (impl_->error) return *impl_->error;
  if (result == XML_STATUS_ERROR) {
    return sheet_malformed(std::string("its XML is broken (") +
                           XML_ErrorString(XML_GetErrorCode(impl_->parser)) + " in line " +
                           std::to_string(XML_GetCurrentLineNumber(impl_->parser)) + ")");
  }
  impl_->fed += bytes.size();
  const auto at = XML_GetCurrentByteIndex(impl_->parser);
  const auto held = impl_->fed - (at < 0 ? impl_->fed : static_cast<std::uint64_t>(at));
  if (!last && held > sheet_limits::kXmlTokenBytesMax) {
    return sheet_too_large("bytes in one XML tag", sheet_limits::kXmlTokenBytesMax);
  }
  return {};
}

Status parse_xml(ByteSource& source, XmlHandler& handler) {
  XmlParser parser(handler);
  std::vector<char> buffer(sheet_limits::kReadBytes);
  for (;;) {
    OPS_TRY_ASSIGN(const auto count, source.read(buffer.data(), buffer.size()));
    OPS_TRY(parser.feed({buffer.data(), count}, count == 0));
    if (count == 0) return {};
  }
}

}  // namespace opsledger
