#include "storage/rocksdb/table_keys.hpp"

#include <cstring>

namespace opsledger::rocks {

namespace {
constexpr char kZero = '\0';
constexpr char kEscape = '\xff';
constexpr char kTerminator = '\x01';
constexpr std::size_t kProgressBytes = 16 + 8 + 32;

void append_table_prefix(char kind, std::uint32_t table, std::string* out) {
  out->push_back(kind);
  append_be32(table, out);
}
std::string table_prefix(char kind, std::uint32_t table) {
  std::string key;
  append_table_prefix(kind, table, &key);
  return key;
}

template <class Number>
void append_big_endian(Number value, std::string* out) {
  char bytes[sizeof value];
  for (char& byte : bytes) {
    byte = static_cast<char>(value >> (8 * (sizeof value - 1)));
    value = static_cast<Number>(value << 8);
  }
  out->append(bytes, sizeof bytes);
}
}  // namespace

void append_be32(std::uint32_t value, std::string* out) {
  append_big_endian(value, out);
}

void append_be64(std::uint64_t value, std::string* out) {
  append_big_endian(value, out);
}

std::uint64_t read_be64(BytesView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

void append_escaped(BytesView bytes, std::string* out) {
  for (;;) {
    const auto zero = bytes.find(kZero);
    if (zero == bytes.npos) break;
    out->append(bytes.substr(0, zero + 1)).push_back(kEscape);
    bytes.remove_prefix(zero + 1);
  }
  out->append(bytes);
}

bool take_escaped(BytesView* in, std::string* out) {
  out->clear();
  for (std::size_t i = 0; i + 1 < in->size(); ++i) {
    const char c = (*in)[i];
    if (c != kZero) {
      out->push_back(c);
    } else if ((*in)[i + 1] == kEscape) {
      out->push_back(c), ++i;
    } else {
      if ((*in)[i + 1] != kTerminator) return false;
      in->remove_prefix(i + 2);
      return true;
    }
  }
  return false;
}

std::string head_prefix(std::uint32_t table) {
  return table_prefix(kHeadKind, table);
}

void append_head_key(std::uint32_t table, BytesView key, std::string* out) {
  append_table_prefix(kHeadKind, table, out);
  out->append(key);
}

std::string head_key(std::uint32_t table, BytesView key) {
  std::string out;
  append_head_key(table, key, &out);
  return out;
}

std::string index_prefix(std::uint32_t table, std::uint32_t index) {
  std::string key = table_prefix(kIndexKind, table);
  append_be32(index, &key);
  return key;
}

std::string index_key(std::uint32_t table, std::uint32_t index, BytesView column, BytesView key) {
  std::string out = index_prefix(table, index);
  append_escaped(column, &out);
  out.push_back(kZero);
  out.push_back(kTerminator);
  return out.append(key);
}

std::string version_prefix(std::uint32_t table) {
  return table_prefix(kVersionKind, table);
}

void append_version_row_prefix(std::uint32_t table, BytesView key, std::string* out) {
  append_table_prefix(kVersionKind, table, out);
  append_escaped(key, out);
  out->push_back(kZero);
  out->push_back(kTerminator);
}

void append_version_key(std::uint32_t table, BytesView key, Position position, std::string* out) {
  append_version_row_prefix(table, key, out);
  append_be64(~position.value, out);
}

std::string version_key(std::uint32_t table, BytesView key, Position position) {
  std::string out;
  append_version_key(table, key, position, &out);
  return out;
}

void append_version(Position first, Position position, std::optional<BytesView> row,
                    std::string* run) {
  put_varint(run, position.value - first.value);
  put_varint(run, row ? row->size() + 1 : 0);
  if (row) run->append(*row);
}

RunReader::RunReader(BytesView key, BytesView value) : in_(value) {
  damaged_ = key.size() < kPositionBytes || value.empty();
  if (!damaged_) first_ = {~read_be64(key.substr(key.size() - kPositionBytes))};
}

bool RunReader::next() {
  if (damaged_ || in_.empty()) return false;
  std::uint64_t later = 0, size = 0;
  damaged_ = !in_.varint(&later) || !in_.varint(&size);
  erased_ = size == 0;
  if (!damaged_) damaged_ = !in_.bytes(erased_ ? 0 : size - 1, &row_);
  position_ = {first_.value + later};
  return !damaged_;
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  OPS_ASSERT(!prefix.empty());
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::string encode_progress(const Progress& progress) {
  std::string out(reinterpret_cast<const char*>(progress.ledger.bytes.data()), 16);
  append_be64(progress.position.value, &out);
  return out.append(progress.root.view());
}

std::optional<Progress> decode_progress(BytesView bytes) {
  if (bytes.size() != kProgressBytes) return std::nullopt;
  Progress progress;
  std::memcpy(progress.ledger.bytes.data(), bytes.data(), 16);
  progress.position = {read_be64(bytes.substr(16))};
  std::memcpy(progress.root.bytes.data(), bytes.data() + 24, 32);
  return progress;
}

}  // namespace opsledger::rocks
