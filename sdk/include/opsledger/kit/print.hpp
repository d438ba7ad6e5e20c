// Stored bytes as JSON text by a schema text: for messages, and for events read as JSON.
#pragma once

#include <opsledger/json.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace ops::kit {

/// Walks bytes along a schema. Throws DecodeError where they do not fit.
class SchemaPrinter {
 public:
  explicit SchemaPrinter(std::string_view bytes) : rest_(bytes) {}

  Json value(const Json& type) {
    if (type.is_string()) return basic(type.str());
    const auto& [kind, of] = *type.object().begin();
    if (kind == "struct") return structure(of);
    if (kind == "optional") return take(1)[0] == 0 ? Json() : value(of);
    if (kind == "list") return list(of);
    if (kind == "map") return map(of);
    if (kind == "enum") return of.array().at(length());
    if (kind == "variant") return variant(of);
    return take(length()), Json("<personal>");
  }
  bool at_end() const { return rest_.empty(); }

 private:
  Json structure(const Json& fields) {
    Json::Object out;
    for (const Json& field : fields.array()) out[field["name"].str()] = value(field["type"]);
    return out;
  }
  Json list(const Json& element) {
    Json::Array out;
    for (std::size_t n = length(); n > 0; --n) out.push_back(value(element));
    return out;
  }
  Json map(const Json& pair) {
    Json::Object out;
    for (std::size_t n = length(); n > 0; --n) {
      const Json key = value(pair.array().at(0));
      out[key.is_string() ? key.str() : key.dump()] = value(pair.array().at(1));
    }
    return out;
  }
  Json variant(const Json& alternatives) {
    const Json& chosen = alternatives.array().at(length());
    return Json::Object{{chosen["name"].str(), value(chosen["type"])}};
  }
  Json basic(const std::string& name) {
    if (name == "string") return std::string(take(length()));
    if (name == "bytes") return take(length()), Json("<bytes>");
    if (name == "bool") return take(1)[0] != 0;
    if (name == "time") return Time{integer<std::int64_t>()}.str();
    if (name == "date") return Date{integer<std::int32_t>()}.str();
    if (name == "f64") return integer<double>();
    if (name == "decimal") {
      const auto unscaled = integer<std::int64_t>();
      return Decimal(unscaled, integer<std::uint8_t>()).str();
    }
    if (name == "money") {
      const auto minor = integer<std::int64_t>();
      return Json::Object{{"minor", minor}, {"currency", std::string(take(3))}};
    }
    return number(name);
  }
  Json number(const std::string& name) {
    const bool is_signed = name[0] == 'i';
    switch (std::stoi(name.substr(1))) {
      case 8:
        return is_signed ? Json(integer<std::int8_t>()) : Json(integer<std::uint8_t>());
      case 16:
        return is_signed ? Json(integer<std::int16_t>()) : Json(integer<std::uint16_t>());
      case 32:
        return is_signed ? Json(integer<std::int32_t>()) : Json(integer<std::uint32_t>());
      default:
        return is_signed ? Json(integer<std::int64_t>()) : Json(integer<std::uint64_t>());
    }
  }
  std::string_view take(std::size_t n) {
    if (n > rest_.size()) throw DecodeError("bytes end early");
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  template <class T>
  T integer() {
    T v;
    std::memcpy(&v, take(sizeof v).data(), sizeof v);
    return v;
  }
  std::size_t length() {
    std::size_t n = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      n |= std::size_t{byte & 0x7fu} << shift;
      if (byte < 0x80) break;
    }
    return n;
  }

  std::string_view rest_;
};

/// `schema` empty: the bytes are JSON text already.
inline std::string print(std::string_view bytes, const std::string& schema) {
  if (schema.empty()) return std::string(bytes);
  try {
    return SchemaPrinter(bytes).value(Json::parse(schema)).dump();
  } catch (const std::exception& error) {
    return std::string("<unreadable: ") + error.what() + ">";
  }
}

}  // namespace ops::kit
