// The parts of an event that are decoded on demand. The sections' layout is in storage/FORMAT.md;
// damaged sections read as if they ended at the damage.
#include "storage/api/event.hpp"

#include "storage/base/varint.hpp"

namespace opsledger {

std::vector<std::string_view> EventView::tags() const {
  std::vector<std::string_view> tags;
  tags.reserve(tag_count_);
  ByteReader reader(tags_);
  for (std::string_view tag; tags.size() < tag_count_ && reader.sized(&tag);) tags.push_back(tag);
  return tags;
}

bool EventView::has_tag(std::string_view wanted) const {
  ByteReader reader(tags_);
  std::string_view tag;
  for (std::uint32_t i = 0; i < tag_count_ && reader.sized(&tag); ++i) {
    if (tag == wanted) return true;
  }
  return false;
}

std::optional<std::string_view> EventView::metadata(std::string_view wanted) const {
  ByteReader reader(metadata_);
  for (std::string_view key, value; reader.sized(&key) && reader.sized(&value);) {
    if (key == wanted) return value;
  }
  return std::nullopt;
}

std::vector<std::pair<std::string_view, std::string_view>> EventView::metadata() const {
  std::vector<std::pair<std::string_view, std::string_view>> entries;
  ByteReader reader(metadata_);
  for (std::string_view key, value; reader.sized(&key) && reader.sized(&value);) {
    entries.emplace_back(key, value);
  }
  return entries;
}

std::string EventView::id() const {
  if (const auto id = metadata("id")) return std::string(*id);
  return std::to_string(position.value);
}

}  // namespace opsledger
