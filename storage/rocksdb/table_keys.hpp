// Keys of the table store, within the column family of one generation. Everything here can be
// rebuilt from the ledger, so these bytes are private to this folder.
//
//   'P'                                              -> progress (56 bytes)
//   'H' table                 row key                -> position, row          newest rows
//   'I' table index  esc(column bytes) 00 01 row key -> (empty)                index of newest rows
//   'V' table        esc(row key) 00 01  ~position   -> run of versions        every version
//
// Numbers are big-endian, so that byte order is number order; `~position` puts the newest version
// of a row first. A run holds the versions that one commit gave a row, oldest first, under the
// position of its first: each a varint position - first, a varint size + 1 (0 = erased), the row.
// So the entry at or behind ~P is the run that holds the newest version that is not newer than P.
// `esc` writes 00 as 00 FF, so that the terminator 00 01 ends a component without
// breaking its order: "a" sorts before "a\0" before "ab", as the bare bytes do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/api/table_store.hpp"
#include "storage/base/types.hpp"
#include "storage/base/varint.hpp"

namespace opsledger::rocks {

inline constexpr char kProgressKind = 'P';
inline constexpr char kHeadKind = 'H';
inline constexpr char kIndexKind = 'I';
inline constexpr char kVersionKind = 'V';
inline constexpr std::size_t kPositionBytes = 8;

void append_be32(std::uint32_t value, std::string* out);
void append_be64(std::uint64_t value, std::string* out);
std::uint64_t read_be64(BytesView bytes);  ///< precondition: at least 8 bytes

void append_escaped(BytesView bytes, std::string* out);
/// Takes an escaped component and its terminator off `*in`; false when it is malformed.
bool take_escaped(BytesView* in, std::string* out);

std::string head_prefix(std::uint32_t table);
void append_head_key(std::uint32_t table, BytesView key, std::string* out);
std::string head_key(std::uint32_t table, BytesView key);
std::string index_prefix(std::uint32_t table, std::uint32_t index);
std::string index_key(std::uint32_t table, std::uint32_t index, BytesView column, BytesView key);
std::string version_prefix(std::uint32_t table);
/// All versions of one row share this prefix, which is the whole key but its position.
void append_version_row_prefix(std::uint32_t table, BytesView key, std::string* out);
void append_version_key(std::uint32_t table, BytesView key, Position position, std::string* out);
std::string version_key(std::uint32_t table, BytesView key, Position position);

/// The smallest key after every key that starts with `prefix` (which is not all 0xFF).
std::string after_prefix(std::string prefix);

std::string encode_progress(const Progress& progress);
std::optional<Progress> decode_progress(BytesView bytes);

/// A run is closed when it has this many versions or bytes: what reading one version may walk.
inline constexpr std::size_t kRunVersionsMax = 64;
inline constexpr std::size_t kRunBytesMax = 16u << 10;

/// Appends a version to the run that begins at `first` (<= its position); no row = erased.
void append_version(Position first, Position position, std::optional<BytesView> row,
                    std::string* run);

/// The versions of one run, oldest first.
class RunReader {
 public:
  /// `key`, `value`: of the entry; they must outlive the reader.
  RunReader(BytesView key, BytesView value);
  /// False at the end, and where the bytes are damaged (`damaged`).
  bool next();
  bool damaged() const { return damaged_; }
  Position first() const { return first_; }
  Position position() const { return position_; }
  bool erased() const { return erased_; }
  BytesView row() const { return row_; }

 private:
  Position first_{}, position_{};
  ByteReader in_;
  BytesView row_;
  bool erased_ = false, damaged_ = false;
};

}  // namespace opsledger::rocks
