// Attachments: contents by hash, and the events that say who stored them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/blobs/file_type.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/modules/registry.hpp"
#include "storage/api/blob_store.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Thread safe; every function may block on the disk. What is given must outlive it.
///
/// A blob is stored before the event that names it, so that no event ever names one that is not
/// there; a crash in between leaves a blob that nobody refers to, which `unreferenced` lists.
/// Nothing is deleted.
class BlobService {
 public:
  struct Options {
    std::size_t bytes_max = 50u << 20;
    std::vector<std::string> types = default_types();  ///< allowed, by content
  };
  static std::vector<std::string> default_types();

  static Result<std::unique_ptr<BlobService>> open(std::unique_ptr<BlobStore> store, Ledger& ledger,
                                                   const Registry& registry, Options options);

  struct Stored {
    Hash hash;
    BlobFacts facts;
    std::string name;
    Position position{};  ///< of `blob.stored`
  };
  /// Stores and appends `blob.stored` {sha256, size, mime, name}, tag `blob:<sha256>`, once per
  /// uploader and department. `name` loses folders and control characters. Errors: kTooLarge
  /// `blob.too_large`, kInvalid `blob.empty`, kUnsupported `blob.type`, and those of the ledger.
  Result<Stored> store(BytesView content, std::string_view name, const RequestContext& context);

  /// Whether one of the events that name the blob is seen by `sees`: its uploads, and events of
  /// modules with its tag. (Events of types that nobody owns do not count: whoever may append
  /// those could give himself a right.) Also the name it was stored under.
  struct Readable {
    BlobFacts facts;
    std::string name;
  };
  using Sees = std::function<bool(const EventView&)>;
  /// kNotFound `entity.not_found` for unknown and unseen ones alike.
  Result<Readable> find_readable(const Hash& hash, const Sees& sees) const;
  Result<Bytes> read_piece(const Hash& hash, std::uint64_t index) const;
  /// The whole content, checked against its hash; kCorrupt `blob.damaged`.
  Result<Bytes> read(const Hash& hash) const;

  /// Blobs that no event but their upload names, at most kListMax, after `after` in order of hash.
  Result<std::vector<Stored>> unreferenced(const Hash& after) const;

  std::size_t bytes_max() const { return options_.bytes_max; }

 private:
  BlobService(std::unique_ptr<BlobStore> store, std::unique_ptr<FileTypes> types, Ledger& ledger,
              const Registry& registry, Options options);
  Result<Position> record(const Stored& stored, const RequestContext& context);
  Result<Position> recorded(const Hash& hash, const RequestContext& context) const;
  Result<bool> referenced(const Hash& hash) const;

  const std::unique_ptr<BlobStore> store_;
  const std::unique_ptr<FileTypes> types_;
  Ledger& ledger_;
  const Registry& registry_;
  const Options options_;
};

/// Re-reads and re-hashes every blob; calls `report` for each that is damaged. The number looked
/// at.
using ReportDamage = std::function<void(const Hash& hash, const Error& error)>;
Result<std::uint64_t> verify_blobs(const BlobStore& store, const ReportDamage& report);

/// A file's name without folders, control characters and characters that break headers or paths;
/// `file` when nothing is left.
std::string safe_file_name(std::string_view name);

}  // namespace opsledger
