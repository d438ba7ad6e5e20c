#include "kernel/plugin/description_reader.hpp"

#include "kernel/schema/json_parse.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

void DescriptionReader::fail(const std::string& place, const std::string& why) {
  if (error_) return;
  error_ = Error{Code::kInvalid, "plugin.description_invalid",
                 "the plugin's description is refused: " + place + ": " + why +
                     "; run `opsledger plugin check` and rebuild the plugin"};
}

bool DescriptionReader::counted(const void* data, std::uint32_t count, const std::string& place) {
  if (count > plugin_limits::kDescriptorsMax) {
    fail(place, std::to_string(count) + " entries, at most " +
                    std::to_string(plugin_limits::kDescriptorsMax) + " are allowed");
  } else if (count > 0 && data == nullptr) {
    fail(place, "null with " + std::to_string(count) + " entries");
  }
  return ok();
}

bool DescriptionReader::sound(const ops_array& array, std::size_t bytes_min,
                              const std::string& place) {
  if (!ok() || !counted(array.data, array.count, place)) return false;
  if (array.count > 0 && array.stride < bytes_min) {
    fail(place, "entries of " + std::to_string(array.stride) + " bytes, ABI 1.0 has " +
                    std::to_string(bytes_min));
  }
  return ok();
}

std::string DescriptionReader::text(const ops_view& view, const std::string& place) {
  if (!ok()) return {};
  if (!is_sound(view) || view.size > plugin_limits::kTextBytesMax) {
    fail(place, "text of " + std::to_string(view.size) + " bytes is null or too long");
    return {};
  }
  if (!is_utf8(text_of(view))) fail(place, "text is not UTF-8");
  return ok() ? std::string(text_of(view)) : std::string();
}

std::string DescriptionReader::json_text(const ops_view& view, const std::string& place) {
  std::string text = this->text(view, place);
  if (text.empty()) return text;
  const auto parsed = parse_json(text);
  if (!parsed.ok()) fail(place, parsed.error().message);
  return text;
}

Label DescriptionReader::label(const ops_label& label, const std::string& place) {
  return {text(label.en, place + "/label/en"), text(label.zh, place + "/label/zh")};
}

std::shared_ptr<const Schema> DescriptionReader::schema(const ops_view& view,
                                                        const std::string& place) {
  const std::string text = this->text(view, place + "/schema");
  if (!ok() || text.empty()) return nullptr;
  auto schema = Schema::parse(text);
  if (schema.ok()) return std::move(*schema);
  fail(place + "/schema", schema.error().message);
  return nullptr;
}

std::vector<std::uint32_t> DescriptionReader::indices(const std::uint32_t* data,
                                                      std::uint32_t count, std::size_t below,
                                                      const std::string& place) {
  if (!ok() || !counted(data, count, place) || count == 0) return {};
  std::vector<std::uint32_t> indices(data, data + count);
  for (const std::uint32_t index : indices) {
    if (index >= below) {
      fail(place, "index " + std::to_string(index) + " of " + std::to_string(below));
    }
  }
  return indices;
}

std::vector<std::string> DescriptionReader::texts(const ops_view* data, std::uint32_t count,
                                                  const std::string& place) {
  std::vector<std::string> texts;
  if (!ok() || !counted(data, count, place)) return texts;
  for (std::uint32_t i = 0; i < count; ++i) {
    texts.push_back(text(data[i], place + "/" + std::to_string(i)));
  }
  return texts;
}

}  // namespace opsledger
