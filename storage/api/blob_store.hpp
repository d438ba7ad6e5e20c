// Contents by their SHA-256, apart from the ledger: what is too large for an event.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

inline constexpr std::size_t kBlobPieceBytes = 1u << 20;  ///< stored and read at once

struct BlobFacts {
  std::uint64_t size = 0;
  std::string mime;  ///< as it was told when it was stored first
  std::uint64_t pieces() const { return (size + kBlobPieceBytes - 1) / kBlobPieceBytes; }
};

/// Thread safe. Errors of every function: kIo; kCorrupt `storage.corrupt` naming the blob.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// Stores `content` under its hash, which the caller has computed; durable on return. True =
  /// it was not there before. A crash in between leaves nothing that `find` sees.
  virtual Result<bool> put(const Hash& hash, BytesView content, std::string_view mime) = 0;
  virtual Result<std::optional<BlobFacts>> find(const Hash& hash) const = 0;
  /// Piece `index` (0 ..) of a blob that is there; all but the last have kBlobPieceBytes.
  virtual Result<Bytes> read_piece(const Hash& hash, std::uint64_t index) const = 0;
  /// Every blob, by hash, as the store was when called; stops when `visit` says false.
  using Visit = std::function<bool(const Hash& hash, const BlobFacts& facts)>;
  virtual Status scan(const Visit& visit) const = 0;
};

}  // namespace opsledger
