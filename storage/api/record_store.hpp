// Small opaque records by key, apart from the ledger and the tables: they can be overwritten and
// erased for good, and nothing can build them again.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// One change of one record.
struct RecordWrite {
  Bytes key;                   ///< 1 to 65,535 bytes
  std::optional<Bytes> value;  ///< nothing = erase
};

/// Thread safe. Errors of every function: kIo, kCorrupt.
class RecordStore {
 public:
  virtual ~RecordStore() = default;

  virtual Result<std::optional<Bytes>> get(BytesView key) const = 0;
  /// All or none, durable on return.
  virtual Status write(std::span<const RecordWrite> writes) = 0;
  /// Calls `visit` for every record whose key begins with `prefix`, in key order, as the store was
  /// when called. Views live for the call.
  using Visit = std::function<void(BytesView key, BytesView value)>;
  virtual Status scan(BytesView prefix, const Visit& visit) const = 0;
  /// Erases the records, durably, and every copy of their values, older ones included: on success
  /// no file of the store holds a byte of them. (What the file system does with the blocks of a
  /// deleted file is not ours to say.) Rewrites the files they stood in: for what is rare.
  virtual Status erase_for_good(std::span<const Bytes> keys) = 0;
};

}  // namespace opsledger
