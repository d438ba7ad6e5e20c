// Log chunks: version, count, all lengths, all records (storage/FORMAT.md §3).
#include <cstring>

#include "storage/base/assert.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/log_keys.hpp"

namespace opsledger {
namespace {

constexpr char kChunkVersion = 1;
constexpr std::size_t kHeaderBytes = 5;  // version u8, count u32
constexpr std::size_t kLengthBytes = 2;

void put_header(std::size_t count, Bytes* out) {
  OPS_ASSERT(count > 0 && count <= UINT32_MAX);
  const auto stored = static_cast<std::uint32_t>(count);
  out->push_back(kChunkVersion);
  out->append(reinterpret_cast<const char*>(&stored), sizeof stored);
}

void put_length(std::size_t length, Bytes* out) {
  OPS_ASSERT(length <= limits::kEventBytesMax);
  const auto stored = static_cast<std::uint16_t>(length);
  out->append(reinterpret_cast<const char*>(&stored), sizeof stored);
}

}  // namespace

void encode_log_chunk(BytesView records, std::span<const std::uint32_t> ends, Bytes* out) {
  put_header(ends.size(), out);
  std::uint32_t begin = 0;
  for (const std::uint32_t end : ends) {
    put_length(end - begin, out);
    begin = end;
  }
  OPS_ASSERT(begin == records.size());
  out->append(records);
}

void encode_log_chunk(std::span<const BytesView> records, Bytes* out) {
  put_header(records.size(), out);
  for (const BytesView record : records) put_length(record.size(), out);
  for (const BytesView record : records) out->append(record);
}

std::optional<LogChunkView> LogChunkView::parse(BytesView value) {
  if (value.size() < kHeaderBytes || value[0] != kChunkVersion) return std::nullopt;
  LogChunkView chunk;
  std::memcpy(&chunk.count_, value.data() + 1, sizeof chunk.count_);
  value.remove_prefix(kHeaderBytes);
  const std::size_t lengths_bytes = std::size_t{chunk.count_} * kLengthBytes;
  if (chunk.count_ == 0 || value.size() < lengths_bytes) return std::nullopt;
  chunk.lengths_ = value.substr(0, lengths_bytes);
  chunk.records_ = value.substr(lengths_bytes);
  std::size_t sum = 0;
  for (std::uint32_t i = 0; i < chunk.count_; ++i) sum += chunk.length(i);
  if (sum != chunk.records_.size()) return std::nullopt;
  return chunk;
}

std::uint32_t LogChunkView::length(std::uint32_t i) const {
  std::uint16_t length;
  std::memcpy(&length, lengths_.data() + i * kLengthBytes, sizeof length);
  return length;
}

BytesView LogChunkView::record(std::uint32_t i) const {
  OPS_ASSERT(i < count_);
  std::size_t offset = 0;
  for (std::uint32_t before = 0; before < i; ++before) offset += length(before);
  return records_.substr(offset, length(i));
}

bool LogChunkView::Iterator::next(BytesView* record) {
  if (i_ == chunk_.count_) return false;
  const std::size_t size = chunk_.length(i_++);
  *record = {chunk_.records_.data() + offset_, size};
  offset_ += size;
  return true;
}

}  // namespace opsledger
