// XML in pieces, through expat: no document types, no entities of a document's own, bounded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/import/byte_source.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Attributes of one element, names without their prefix. Valid during the call.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  /// Empty where there is none.
  std::string_view get(std::string_view name) const;

 private:
  const char* const* pairs_;
};

/// Told what is read. Names come without their prefix. An error stops the reading.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual Status start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual Status end(std::string_view name) = 0;
  /// Part of a text: one text may come in several calls. UTF-8.
  virtual Status text(std::string_view text) = 0;
};

/// A document type declaration is refused (`sheet.doctype`), so that no entity can be declared:
/// neither one that names a file nor one that grows. One thread at a time.
class XmlParser {
 public:
  /// `handler` must outlive the parser.
  explicit XmlParser(XmlHandler& handler);
  ~XmlParser();
  /// The next bytes; `last` with or after the final ones. Errors: kMalformed `sheet.malformed` |
  /// `sheet.doctype`, kTooLarge `sheet.too_large`, the handler's. Not to be called after an error.
  Status feed(std::string_view bytes, bool last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads all of `source` into `handler`.
Status parse_xml(ByteSource& source, XmlHandler& handler);

}  // namespace opsledger
