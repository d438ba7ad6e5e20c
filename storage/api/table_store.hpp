// Versioned rows of projections. Apart from the ledger: everything here can be rebuilt from it.
// Knows bytes, keys and positions; knows nothing of schemas, columns or JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// How far a projection generation has read, stored atomically with its rows.
struct Progress {
  LedgerId ledger{};
  Position position{};
  Hash root{};  ///< tree root at `position`; zero = not known (checked on open where known)
};

/// One version of one row. `position` = the event that wrote it.
struct RowVersion {
  Bytes key;
  Bytes row;  ///< empty when erased
  Position position{};
  bool erased = false;
};

/// One change of one row. Several changes of one key in a batch are applied in order, and each
/// stays a version of its own unless it has the same position as the one before. Positions of a
/// row never go back, within a batch and from one batch to the next. Key and row are borrowed.
struct RowWrite {
  std::uint32_t table = 0;
  BytesView key;
  std::optional<BytesView> row;  ///< nothing = erase
  Position position{};
  /// Head index entries: (index number, order-preserving column bytes). The store keeps the row
  /// key with them: entries are ordered by column bytes, then by row key. `index_remove` names
  /// entries of the version that this one replaces and is applied before `index_add`.
  std::vector<std::pair<std::uint32_t, Bytes>> index_add;
  std::vector<std::pair<std::uint32_t, Bytes>> index_remove;
};

/// Half-open range of keys; an empty `end` = to the end.
struct KeyRange {
  Bytes begin;
  Bytes end;
};

inline constexpr Position kHead{UINT64_MAX};  ///< as_of value: the newest version

/// Pulls rows in key order; a false from `next` = the end or an error (`status`). Views live
/// until the next call. Sees the generation as it was when created.
class RowCursor {
 public:
  virtual ~RowCursor() = default;
  virtual bool next() = 0;
  virtual BytesView key() const = 0;      ///< row key (for index scans too)
  virtual BytesView row() const = 0;      ///< row bytes; for an index scan the head row
  virtual Position position() const = 0;  ///< event that wrote this version
  virtual Status status() const = 0;
};

/// Rows of all tables of one module generation. Reads are thread safe; `commit` and `flush` are
/// called by one projector at a time.
class TableGeneration {
 public:
  virtual ~TableGeneration() = default;
  virtual Progress progress() const = 0;
  virtual Result<std::optional<RowVersion>> get(std::uint32_t table, BytesView key,
                                                Position as_of) const = 0;
  /// Newest rows of many keys at once, cheaper than one `get` each. `keys` ascend, each once.
  /// `take(i, row)` is called for every key in order; the row is borrowed for the call.
  using TakeRow = std::function<void(std::size_t, std::optional<BytesView>)>;
  virtual Status get_heads(std::uint32_t table, std::span<const BytesView> keys,
                           const TakeRow& take) const = 0;
  /// Rows of `table` with keys in `range` as of a position; backward = descending keys.
  virtual std::unique_ptr<RowCursor> scan(std::uint32_t table, const KeyRange& range,
                                          Position as_of, bool backward) const = 0;
  /// Head rows in order of index `index`, index bytes within `range`. Never walks rows that once
  /// were there.
  virtual std::unique_ptr<RowCursor> scan_index(std::uint32_t table, std::uint32_t index,
                                                const KeyRange& range, bool backward) const = 0;
  /// All versions of a row, oldest first, erasures included.
  virtual Result<std::vector<RowVersion>> history(std::uint32_t table, BytesView key) const = 0;
  /// Applies all writes and the progress atomically; nothing is applied when one is refused
  /// (kInvalid `row.key`: empty; `row.index`: an erased row adds index entries). Not synced: after
  /// a crash the progress is older and the tail is projected again.
  virtual Status commit(std::span<const RowWrite> writes, const Progress& progress) = 0;
  virtual Status flush() = 0;
};

/// The database of all generations. Thread safe.
class TableStore {
 public:
  virtual ~TableStore() = default;
  /// Opens or creates the generation called `name` (1 to 200 of [a-z0-9_.@-], e.g.
  /// `order@1f3c…`). Errors: kInvalid `generation.name`.
  virtual Result<std::shared_ptr<TableGeneration>> open(const std::string& name) = 0;
  /// Errors: kNotFound `generation.not_found`.
  virtual Status drop(const std::string& name) = 0;
  virtual std::vector<std::string> list() const = 0;
};

}  // namespace opsledger
