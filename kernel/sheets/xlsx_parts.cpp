#include "kernel/sheets/xlsx_parts.hpp"

#include <charconv>
#include <map>

#include "kernel/sheets/limits.hpp"
#include "kernel/sheets/sheet_error.hpp"
#include "kernel/sheets/xml_parser.hpp"

namespace opsledger {

namespace {

unsigned number(std::string_view text, unsigned otherwise) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

/// A relation's target as the name of a part; `folder` is the one of the part that has it.
Result<std::string> resolve(std::string_view folder, std::string_view target) {
  std::vector<std::string_view> parts;
  const auto add = [&](std::string_view path) -> bool {
    for (std::size_t at = 0; at < path.size();) {
      const auto end = std::min(path.find('/', at), path.size());
      const auto part = path.substr(at, end - at);
      at = end + 1;
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return false;
      } else {
        parts.pop_back();
      }
    }
    return true;
  };
  const bool inside = (target.starts_with('/') || add(folder)) && add(target);
  if (!inside || parts.empty()) return sheet_malformed("a relation leads out of the workbook");
  std::string name;
  for (const auto part : parts) name += (name.empty() ? "" : "/") + std::string(part);
  return name;
}

struct Relation {
  std::string type, target;  ///< the last word of the type's address
};

/// `_rels/x.rels`: id -> relation.
class RelationsHandler final : public XmlHandler {
 public:
  explicit RelationsHandler(std::string folder) : folder_(std::move(folder)) {}
  Status start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || attributes.get("TargetMode") == "External") return {};
    if (relations.size() >= sheet_limits::kEntriesMax) {
      return sheet_too_large("relations", sheet_limits::kEntriesMax);
    }
    const auto type = attributes.get("Type");
    OPS_TRY_ASSIGN(auto target, resolve(folder_, attributes.get("Target")));
    relations[std::string(attributes.get("Id"))] = {std::string(type.substr(type.rfind('/') + 1)),
                                                    std::move(target)};
    return {};
  }
  Status end(std::string_view) override { return {}; }
  Status text(std::string_view) override { return {}; }

  const Relation* of_type(std::string_view type) const {
    for (const auto& [id, relation] : relations) {
      if (relation.type == type) return &relation;
    }
    return nullptr;
  }

  std::map<std::string, Relation, std::less<>> relations;

 private:
  const std::string folder_;
};

struct NamedSheet {
  std::string name, relation;
};

class WorkbookHandler final : public XmlHandler {
 public:
  Status start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") {
      const auto value = attributes.get("date1904");
      since_1904 = value == "1" || value == "true" || value == "on";
    } else if (name == "sheet") {
      if (sheets.size() >= sheet_limits::kSheetsMax) {
        return sheet_too_large("sheets", sheet_limits::kSheetsMax);
      }
      sheets.push_back({std::string(attributes.get("name")), std::string(attributes.get("id"))});
    }
    return {};
  }
  Status end(std::string_view) override { return {}; }
  Status text(std::string_view) override { return {}; }

  std::vector<NamedSheet> sheets;
  bool since_1904 = false;
};

class StylesHandler final : public XmlHandler {
 public:
  Status start(std::string_view name, const XmlAttributes& attributes) override {
    if (shows.size() >= sheet_limits::kStylesMax || formats_.size() >= sheet_limits::kStylesMax) {
      return sheet_too_large("cell styles", sheet_limits::kStylesMax);
    }
    if (name == "numFmt") {
      formats_[number(attributes.get("numFmtId"), 0)] = format_shows(attributes.get("formatCode"));
    } else if (name == "cellXfs") {
      in_cells_ = true;
    } else if (name == "xf" && in_cells_) {
      const auto id = number(attributes.get("numFmtId"), 0);
      const auto custom = formats_.find(id);
      shows.push_back(custom != formats_.end() ? custom->second : builtin_format_shows(id));
    }
    return {};
  }
  Status end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
    return {};
  }
  Status text(std::string_view) override { return {}; }

  std::vector<NumberShows> shows;

 private:
  std::map<unsigned, NumberShows> formats_;
  bool in_cells_ = false;
};

class SharedStringsHandler final : public XmlHandler {
 public:
  Status start(std::string_view name, const XmlAttributes&) override {
    if (name == "rPh") ++phonetic_;
    if (name == "t") in_text_ = phonetic_ == 0;
    return {};
  }
  Status end(std::string_view name) override {
    if (name == "rPh") --phonetic_;
    if (name == "t") in_text_ = false;
    if (name != "si") return {};
    OPS_TRY(strings.add(unescape_xstring(text_)));
    text_.clear();
    return {};
  }
  Status text(std::string_view text) override {
    if (!in_text_) return {};
    if (text_.size() + text.size() > sheet_limits::kCellBytesMax) {
      return sheet_too_large("bytes in one cell", sheet_limits::kCellBytesMax);
    }
    text_ += text;
    return {};
  }

  SharedStrings strings;

 private:
  std::string text_;
  unsigned phonetic_ = 0;
  bool in_text_ = false;
};

Status parse_part(Package& package, const std::string& part, XmlHandler& handler) {
  OPS_TRY_ASSIGN(const auto source, package.open(part));
  return parse_xml(*source, handler);
}

std::string folder_of(const std::string& part) {
  const auto slash = part.rfind('/');
  return slash == std::string::npos ? "" : part.substr(0, slash);
}

/// Relations of `part`; of the package itself when it is empty.
Result<RelationsHandler> relations_of(Package& package, const std::string& part) {
  const auto folder = folder_of(part);
  const auto name = part.substr(folder.empty() ? 0 : folder.size() + 1);
  RelationsHandler handler(folder);
  OPS_TRY(parse_part(package, (folder.empty() ? "" : folder + "/") + "_rels/" + name + ".rels",
                     handler));
  return handler;
}

Result<std::string> choose_sheet(const std::vector<NamedSheet>& sheets, const std::string& name) {
  std::string known;
  for (const auto& sheet : sheets) {
    if (name.empty() || sheet.name == name) return sheet.relation;
    known += (known.empty() ? "" : ", ") + sheet.name;
  }
  if (name.empty()) return sheet_malformed("it has no sheet");
  return Error{Code::kNotFound, "sheet.unknown",
               "the workbook has no sheet '" + name + "'; it has " + known};
}

}  // namespace

Status SharedStrings::add(std::string_view text) {
  if (ends_.size() >= sheet_limits::kSharedStringsMax) {
    return sheet_too_large("shared texts", sheet_limits::kSharedStringsMax);
  }
  if (bytes_.size() + text.size() > sheet_limits::kSharedStringBytesMax) {
    return sheet_too_large("bytes of shared texts", sheet_limits::kSharedStringBytesMax);
  }
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  return {};
}

std::string_view SharedStrings::at(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(bytes_).substr(begin, ends_[index] - begin);
}

Result<Workbook> read_workbook(Package& package, const std::string& name) {
  OPS_TRY_ASSIGN(const auto roots, relations_of(package, ""));
  const Relation* root = roots.of_type("officeDocument");
  if (root == nullptr) return sheet_malformed("it names no workbook");
  WorkbookHandler handler;
  OPS_TRY(parse_part(package, root->target, handler));
  OPS_TRY_ASSIGN(const auto relations, relations_of(package, root->target));
  OPS_TRY_ASSIGN(const auto id, choose_sheet(handler.sheets, name));
  const auto found = relations.relations.find(id);
  if (found == relations.relations.end() || found->second.type != "worksheet") {
    return sheet_malformed("the sheet is no worksheet of the workbook");
  }
  Workbook workbook{found->second.target, {}, {}, handler.since_1904};
  if (const auto* styles = relations.of_type("styles")) workbook.styles = styles->target;
  if (const auto* texts = relations.of_type("sharedStrings")) {
    workbook.shared_strings = texts->target;
  }
  return workbook;
}

Result<std::vector<NumberShows>> read_styles(Package& package, const std::string& part) {
  StylesHandler handler;
  OPS_TRY(parse_part(package, part, handler));
  return std::move(handler.shows);
}

Result<SharedStrings> read_shared_strings(Package& package, const std::string& part) {
  SharedStringsHandler handler;
  OPS_TRY(parse_part(package, part, handler));
  return std::move(handler.strings);
}

std::string unescape_xstring(std::string_view text) {
  constexpr std::size_t kEscapeBytes = 7;  // _xHHHH_
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto next = std::min(text.find("_x", at), text.size());
    out += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    unsigned value = 0;
    const char* digits = text.data() + at + 2;
    const bool whole = text.size() - at >= kEscapeBytes && text[at + kEscapeBytes - 1] == '_';
    const auto parsed = whole ? std::from_chars(digits, digits + 4, value, 16)
                              : std::from_chars_result{digits, std::errc::invalid_argument};
    if (parsed.ec == std::errc() && parsed.ptr == digits + 4 && value < 0x80) {
      out += static_cast<char>(value);
      at += kEscapeBytes;
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace opsledger
