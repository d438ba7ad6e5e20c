#include "kernel/config/toml_reader.hpp"

#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace opsledger {
namespace {

Error invalid(const std::string& place, const std::string& detail) {
  return {Code::kInvalid, "config.invalid", place + ": " + detail};
}

/// Joins a list of strings; false when an element is none or holds a comma.
bool join(const toml::array& list, std::string* out) {
  for (const auto& element : list) {
    const auto* text = element.as_string();
    if (text == nullptr || (*text)->find(',') != std::string::npos) return false;
    *out += (out->empty() ? "" : ",") + text->get();
  }
  return true;
}

Status read_value(const std::string& name, const toml::node& node, const std::string& place,
                  TomlValue* out) {
  out->name = name;
  out->line = node.source().begin.line;
  if (const auto* text = node.as_string()) {
    out->kind = TomlValue::Kind::kText;
    out->text = text->get();
  } else if (const auto* number = node.as_integer()) {
    out->kind = TomlValue::Kind::kNumber;
    out->text = std::to_string(number->get());
  } else if (const auto* truth = node.as_boolean()) {
    out->kind = TomlValue::Kind::kBool;
    out->text = truth->get() ? "true" : "false";
  } else if (const auto* list = node.as_array(); list != nullptr && join(*list, &out->text)) {
    out->kind = TomlValue::Kind::kList;
  } else {
    return invalid(place, name +
                              ": expected a string, a whole number, true, false or a list of "
                              "strings without commas");
  }
  return {};
}

Status flatten(const toml::table& table, const std::string& prefix, const std::string& origin,
               std::vector<TomlValue>* out) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      OPS_TRY(flatten(*inner, name + ".", origin, out));
      continue;
    }
    const auto place = origin + ":" + std::to_string(node.source().begin.line);
    OPS_TRY(read_value(name, node, place, &out->emplace_back()));
  }
  return {};
}

}  // namespace

Result<std::string> read_toml_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return invalid(path, std::string("cannot be read: ") + std::strerror(errno) +
                             "; check the path and its rights");
  }
  return text;
}

Result<std::vector<TomlValue>> parse_toml(std::string_view text, const std::string& origin) {
  std::vector<TomlValue> values;
  try {
    const toml::table table = toml::parse(text, origin);
    OPS_TRY(flatten(table, "", origin, &values));
  } catch (const toml::parse_error& error) {
    return invalid(origin + ":" + std::to_string(error.source().begin.line),
                   "is not TOML: " + std::string(error.description()));
  }
  return values;
}

}  // namespace opsledger
