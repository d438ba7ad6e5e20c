#include "kernel/config/settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <type_traits>

#include "kernel/config/toml_reader.hpp"

namespace opsledger {
namespace {

Error invalid(std::string name, std::string detail, const std::string& origin) {
  Error error{Code::kInvalid, "config.invalid", origin + ": " + name + ": " + detail};
  error.fields.push_back({name, std::move(detail)});
  return error;
}

/// Levenshtein distance: enough to guess which key was meant.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

template <class T>
struct IsDuration : std::false_type {};
template <class R, class P>
struct IsDuration<std::chrono::duration<R, P>> : std::true_type {};

/// Largest number that fits the bound variable.
template <class T>
constexpr std::uint64_t type_max() {
  if constexpr (IsDuration<T>::value) {
    return std::numeric_limits<std::int64_t>::max() / 1'000'000;
  } else {
    return std::numeric_limits<T>::max();
  }
}

/// Parses `text` into the variable. Returns what is wrong with it, or nothing.
template <class T>
std::string assign(T* variable, std::string_view text, Settings::Bounds bounds) {
  if constexpr (std::is_same_v<T, std::string>) {
    *variable = text;
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    *variable = split(text, ',');
  } else if constexpr (std::is_same_v<T, bool>) {
    if (text != "true" && text != "false") {
      return "expected true or false, got '" + std::string(text) + "'";
    }
    *variable = text == "true";
  } else {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) {
      return "expected a whole number, got '" + std::string(text) + "'";
    }
    const auto max = std::min(bounds.max, type_max<T>());
    if (number < bounds.min || number > max) {
      return "is " + std::to_string(number) + ", must be " + std::to_string(bounds.min) + " to " +
             std::to_string(max);
    }
    *variable = T(number);
  }
  return {};
}

}  // namespace

void Settings::add(std::string name, Target target, std::string help, Bounds bounds) {
  OPS_ASSERT(find(name) == nullptr && name.find('.') != std::string::npos);
  entries_.push_back(
      {std::move(name), target, std::move(help), bounds, toml_value(target), "default"});
}

Settings::Entry* Settings::find(std::string_view name) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

bool Settings::has_section(std::string_view section) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.name.starts_with(section) && entry.name[section.size()] == '.';
  });
}

Error Settings::unknown(std::string_view name, const std::string& origin) const {
  const auto nearest =
      std::min_element(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        return distance(a.name, name) < distance(b.name, name);
      });
  std::string detail = "no such setting";
  if (nearest != entries_.end()) detail += "; did you mean " + nearest->name + "?";
  return invalid(std::string(name), detail + " `opsledger serve --print-config` lists all", origin);
}

Status Settings::set(std::string_view name, std::string_view text, const std::string& origin) {
  Entry* entry = find(name);
  if (entry == nullptr) return unknown(name, origin);
  const auto wrong = std::visit(
      [&](auto* variable) { return assign(variable, text, entry->bounds); }, entry->target);
  if (!wrong.empty()) return invalid(entry->name, wrong, origin);
  entry->origin = origin;
  return {};
}

Status Settings::load_file(const std::string& path) {
  OPS_TRY_ASSIGN(const auto values, read_toml_file(path));
  return load_text(values, path);
}

Status Settings::load_text(std::string_view toml, const std::string& origin) {
  OPS_TRY_ASSIGN(const auto values, parse_toml(toml, origin));
  Error all{Code::kInvalid, "config.invalid", ""};
  for (const auto& value : values) {
    const auto place = origin + ":" + std::to_string(value.line);
    Entry* entry = find(value.name);
    const bool wants_list =
        entry != nullptr && std::holds_alternative<std::vector<std::string>*>(entry->target);
    const bool wants_text = entry != nullptr && std::holds_alternative<std::string*>(entry->target);
    Status status;
    if (entry != nullptr && wants_list != (value.kind == TomlValue::Kind::kList)) {
      status = invalid(value.name, wants_list ? "expected a list" : "expected no list", place);
    } else if (wants_text && value.kind != TomlValue::Kind::kText) {
      status = invalid(value.name, "expected a string in quotes", place);
    } else {
      status = set(value.name, value.text, place);
    }
    if (status.ok()) continue;
    all.message += (all.message.empty() ? "" : "\n") + status.error().message;
    all.fields.push_back(status.error().fields.front());
  }
  if (!all.fields.empty()) return all;
  return {};
}

Status Settings::load_environment(const std::vector<std::string>& environment) {
  constexpr std::string_view kPrefix = "OPSLEDGER_";
  for (const auto& line : environment) {
    const auto equals = line.find('=');
    if (!line.starts_with(kPrefix) || equals == std::string::npos) continue;
    std::string name = line.substr(kPrefix.size(), equals - kPrefix.size());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto border = name.find('_');
    if (border == std::string::npos || !has_section(name.substr(0, border))) continue;
    name[border] = '.';
    OPS_TRY(set(name, std::string_view(line).substr(equals + 1), line.substr(0, equals)));
  }
  return {};
}

std::string Settings::toml_value(const Target& target) {
  return std::visit(
      [](auto* variable) -> std::string {
        using T = std::remove_pointer_t<decltype(variable)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return quoted(*variable);
        } else if constexpr (std::is_same_v<T, bool>) {
          return *variable ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          std::string out = "[";
          for (const auto& item : *variable) out += (out == "[" ? "" : ", ") + quoted(item);
          return out + "]";
        } else if constexpr (IsDuration<T>::value) {
          return std::to_string(variable->count());
        } else {
          return std::to_string(*variable);
        }
      },
      target);
}

std::string Settings::print() const {
  std::string out, section;
  for (const auto& entry : entries_) {
    const auto dot = entry.name.find('.');
    if (entry.name.substr(0, dot) != section) {
      section = entry.name.substr(0, dot);
      out += (out.empty() ? "[" : "\n[") + section + "]\n";
    }
    out += "# " + entry.help;
    if (entry.bounds.max != UINT64_MAX) {
      out +=
          " (" + std::to_string(entry.bounds.min) + " to " + std::to_string(entry.bounds.max) + ")";
    }
    out += "\n" + entry.name.substr(dot + 1) + " = " + toml_value(entry.target);
    if (entry.origin != "default") {
      out += "  # from " + entry.origin + ", default " + entry.fallback;
    }
    out += "\n";
  }
  return out;
}

}  // namespace opsledger
