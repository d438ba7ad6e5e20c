#include "storage/core/record.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/base/limits.hpp"
#include "storage/base/varint.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kPositionOffset = 2;
constexpr std::size_t kRecordedAtOffset = 10;
constexpr std::uint8_t kFlagsKnown =
    kRecordHasTime | kRecordHasCausation | kRecordHasSchema | kRecordHasPersonal;

std::size_t varint_bytes(std::uint64_t value) {
  std::size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

std::size_t sized_bytes(std::string_view text) {
  return varint_bytes(text.size()) + text.size();
}

void put_sized(Bytes* out, std::string_view text) {
  put_varint(out, text.size());
  out->append(text);
}

void put_tags(Bytes* out, const std::vector<std::string>& tags) {
  OPS_ASSERT(tags.size() <= limits::kTagsPerEventMax);
  std::array<std::string_view, limits::kTagsPerEventMax> sorted;
  auto end = std::copy(tags.begin(), tags.end(), sorted.begin());
  std::sort(sorted.begin(), end);
  end = std::unique(sorted.begin(), end);
  std::size_t bytes = 0;
  for (auto tag = sorted.begin(); tag != end; ++tag) bytes += sized_bytes(*tag);
  put_varint(out, static_cast<std::uint64_t>(end - sorted.begin()));
  put_varint(out, bytes);
  for (auto tag = sorted.begin(); tag != end; ++tag) put_sized(out, *tag);
}

void put_metadata(Bytes* out, const Metadata& metadata, BytesView key_stamp) {
  OPS_ASSERT(metadata.size() <= limits::kMetadataEntriesMax);
  using Entry = std::pair<std::string_view, std::string_view>;
  std::array<Entry, limits::kMetadataEntriesMax + 1> sorted;
  auto end = std::copy(metadata.begin(), metadata.end(), sorted.begin());
  if (!key_stamp.empty()) *end++ = {"key", key_stamp};
  std::sort(sorted.begin(), end);
  std::size_t bytes = 0;
  for (auto entry = sorted.begin(); entry != end; ++entry) {
    bytes += sized_bytes(entry->first) + sized_bytes(entry->second);
  }
  put_varint(out, bytes);
  for (auto entry = sorted.begin(); entry != end; ++entry) {
    put_sized(out, entry->first);
    put_sized(out, entry->second);
  }
}

Error corrupt(std::string why) {
  return {Code::kCorrupt, "record.corrupt",
          "The bytes are not an event record (" + std::move(why) +
              "): restore them from a backup or another copy of the log"};
}

}  // namespace

void encode_event(const NewEvent& event, Position position, Time recorded_at, BytesView key_stamp,
                  Bytes* out) {
  const bool has_causation = event.causation.value != 0;
  const bool has_schema = !event.schema.is_json();
  out->push_back(static_cast<char>(kRecordVersion));
  out->push_back(static_cast<char>((event.time ? kRecordHasTime : 0) |
                                   (has_causation ? kRecordHasCausation : 0) |
                                   (has_schema ? kRecordHasSchema : 0)));
  put_u64_le(out, position.value);
  put_u64_le(out, static_cast<std::uint64_t>(recorded_at.us));
  if (event.time) put_u64_le(out, static_cast<std::uint64_t>(event.time->us));
  if (has_causation) put_varint(out, event.causation.value);
  if (has_schema) {
    out->append(reinterpret_cast<const char*>(event.schema.bytes.data()),
                event.schema.bytes.size());
  }
  for (const auto* text :
       {&event.type, &event.department, &event.actor, &event.correlation, &event.module}) {
    put_sized(out, *text);
  }
  put_tags(out, event.tags);
  put_metadata(out, event.metadata, key_stamp);
  out->append(event.data);
}

void stamp_record(char* record, Position position, Time recorded_at) {
  std::memcpy(record + kPositionOffset, &position.value, 8);
  std::memcpy(record + kRecordedAtOffset, &recorded_at.us, 8);
}

bool EventDecoder::decode(BytesView record, EventView* out) {
  ByteReader reader(record);
  std::uint8_t version, flags;
  std::uint64_t recorded_at;
  if (!reader.u8(&version) || version != kRecordVersion) return false;
  if (!reader.u8(&flags) || (flags & ~kFlagsKnown) != 0) return false;
  if (!reader.u64_le(&out->position.value) || !reader.u64_le(&recorded_at)) return false;
  std::uint64_t time = recorded_at;
  if ((flags & kRecordHasTime) != 0 && !reader.u64_le(&time)) return false;
  out->recorded_at.us = static_cast<std::int64_t>(recorded_at);
  out->time.us = static_cast<std::int64_t>(time);
  out->causation.value = 0;
  if ((flags & kRecordHasCausation) != 0 && !reader.varint(&out->causation.value)) return false;
  out->schema = {};
  if ((flags & kRecordHasSchema) != 0) {
    BytesView schema;
    if (!reader.bytes(out->schema.bytes.size(), &schema)) return false;
    std::memcpy(out->schema.bytes.data(), schema.data(), schema.size());
  }
  std::uint64_t tag_count;
  if (!reader.sized(&out->type) || !reader.sized(&out->department) || !reader.sized(&out->actor) ||
      !reader.sized(&out->correlation) || !reader.sized(&out->module) ||
      !reader.varint(&tag_count) || tag_count > limits::kTagsPerEventMax ||
      !reader.sized(&out->tags_) || !reader.sized(&out->metadata_)) {
    return false;
  }
  out->tag_count_ = static_cast<std::uint32_t>(tag_count);
  out->data = reader.rest();
  out->encoded = record;
  return true;
}

Result<EventView> EventDecoder::decode_strict(BytesView record) {
  EventView event;
  if (record.size() > limits::kEventBytesMax) return corrupt("longer than an event may be");
  if (!decode(record, &event)) return corrupt("a field is cut short or of another version");
  const auto metadata = event.metadata();
  if (metadata.size() > limits::kMetadataEntriesMax + 1) return corrupt("too much metadata");
  const auto flags = static_cast<std::uint8_t>(record[1]);
  NewEvent copy = to_new_event(event);
  copy.time = std::nullopt;
  if ((flags & kRecordHasTime) != 0) copy.time = event.time;
  if (copy.metadata.size() > limits::kMetadataEntriesMax) return corrupt("too much metadata");
  Bytes again;
  encode_event(copy, event.position, event.recorded_at, event.metadata("key").value_or(""), &again);
  again[1] = static_cast<char>(again[1] | (flags & kRecordHasPersonal));
  if (again != record) return corrupt("tags, metadata or numbers are not in canonical form");
  if (!is_valid_event(copy)) return corrupt("a text in it is none an append would have taken");
  return event;
}

NewEvent to_new_event(const EventView& event) {
  NewEvent copy;
  copy.type = event.type;
  for (const auto tag : event.tags()) copy.tags.emplace_back(tag);
  copy.department = event.department;
  copy.actor = event.actor;
  copy.time = event.time;
  copy.correlation = event.correlation;
  copy.causation = event.causation;
  copy.module = event.module;
  copy.schema = event.schema;
  copy.data = event.data;
  for (const auto& [key, value] : event.metadata()) {
    if (key != "key") copy.metadata.emplace_back(key, value);
  }
  return copy;
}

OwnedEvent::OwnedEvent(BytesView encoded) : bytes_(encoded.begin(), encoded.end()) {
  OPS_ASSERT(EventDecoder::decode({bytes_.data(), bytes_.size()}, &view_));
}

}  // namespace opsledger
