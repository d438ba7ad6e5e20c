#include "storage/rocksdb/rocks_blob_store.hpp"

#include <rocksdb/db.h>

#include <algorithm>
#include <cstring>

#include "storage/base/varint.hpp"
#include "storage/rocksdb/info_log.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/small_files.hpp"

namespace opsledger {
namespace {

constexpr char kFactsKey = 'f';  // + hash -> varint size, mime
constexpr char kPieceKey = 'p';  // + hash + big-endian index -> bytes

Bytes facts_key(const Hash& hash) {
  return kFactsKey + Bytes(hash.view());
}
Bytes piece_key(const Hash& hash, std::uint64_t index) {
  Bytes key = kPieceKey + Bytes(hash.view());
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(index >> shift));
  return key;
}
std::string name_of(const Hash& hash) {
  return "blob " + hex(hash.bytes);
}

bool decode_facts(BytesView value, BlobFacts* facts) {
  ByteReader reader(value);
  BytesView mime;
  if (!reader.varint(&facts->size) || !reader.bytes(reader.left(), &mime)) return false;
  facts->mime = mime;
  return true;
}

class RocksBlobStore final : public BlobStore {
 public:
  explicit RocksBlobStore(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  Result<bool> put(const Hash& hash, BytesView content, std::string_view mime) override {
    OPS_TRY_ASSIGN(const auto known, find(hash));
    if (known) return false;
    for (std::uint64_t i = 0; i * kBlobPieceBytes < content.size(); ++i) {
      const auto piece = content.substr(i * kBlobPieceBytes, kBlobPieceBytes);
      OPS_TRY(write(piece_key(hash, i), piece, false));
    }
    Bytes facts;
    put_varint(&facts, content.size());
    facts += mime;
    OPS_TRY(write(facts_key(hash), facts, true));  // after it in the log: syncs all of it
    return true;
  }

  Result<std::optional<BlobFacts>> find(const Hash& hash) const override {
    Bytes value;
    const auto status = db_->Get({}, facts_key(hash), &value);
    if (status.IsNotFound()) return std::optional<BlobFacts>();
    OPS_TRY(rocks::to_status(status, "read the facts of " + name_of(hash)));
    BlobFacts facts;
    if (!decode_facts(value, &facts))
      return rocks::corrupt(name_of(hash), "its facts do not decode");
    return std::optional(facts);
  }

  Result<Bytes> read_piece(const Hash& hash, std::uint64_t index) const override {
    Bytes piece;
    const auto status = db_->Get({}, piece_key(hash, index), &piece);
    if (status.IsNotFound()) {
      return rocks::corrupt(name_of(hash), "piece " + std::to_string(index) + " is missing");
    }
    OPS_TRY(rocks::to_status(status, "read " + name_of(hash)));
    return piece;
  }

  Status scan(const Visit& visit) const override {
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    // An iterator that stands on a piece has read it: the last step must not.
    const Bytes end(1, static_cast<char>(kFactsKey + 1));
    const rocksdb::Slice end_slice(end);
    options.iterate_upper_bound = &end_slice;
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
    for (at->Seek(Bytes(1, kFactsKey)); at->Valid(); at->Next()) {
      Hash hash;
      if (at->key().size() != hash.bytes.size() + 1) {
        return rocks::corrupt("the blobs' index", "a key has another length");
      }
      std::memcpy(hash.bytes.data(), at->key().data() + 1, hash.bytes.size());
      BlobFacts facts;
      if (!decode_facts({at->value().data(), at->value().size()}, &facts)) {
        return rocks::corrupt(name_of(hash), "its facts do not decode");
      }
      if (!visit(hash, facts)) return {};
    }
    return rocks::to_status(at->status(), "list the blobs");
  }

 private:
  Status write(const Bytes& key, BytesView value, bool sync) {
    rocksdb::WriteOptions options;
    options.sync = sync;
    return rocks::to_status(db_->Put(options, key, {value.data(), value.size()}), "write a blob");
  }

  std::unique_ptr<rocksdb::DB> db_;
};

rocksdb::Options database_options(const BlobStoreOptions& options) {
  rocksdb::Options db;
  db.create_if_missing = true;
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.enable_blob_files = true;
  db.min_blob_size = 4'096;
  db.blob_file_size = 256u << 20;
  db.write_buffer_size = 16u << 20;
  db.max_total_wal_size = 64u << 20;
  db.compression = rocksdb::kNoCompression;  // images, archives
  db.paranoid_checks = true;
  db.max_background_jobs = 2;
  db.keep_log_file_num = 2;
  db.stats_dump_period_sec = 0;
  db.info_log_level = rocksdb::WARN_LEVEL;
  if (options.env != nullptr) db.env = options.env;
  return db;
}

}  // namespace

Result<std::unique_ptr<BlobStore>> open_blob_store(const BlobStoreOptions& options) {
  OPS_TRY(rocks::create_directories_durably(*rocks::files_of(options.env), options.directory));
  rocksdb::Options db_options = database_options(options);
  db_options.info_log = rocks::make_info_log(options.directory);
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(db_options, options.directory.string(), &opened);
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    return Error{Code::kNotReady, "storage.locked",
                 "blobs in " + options.directory.string() +
                     " are open in another process; stop it, or use another data directory"};
  }
  if (!status.ok()) return rocks::to_error(status, "open " + options.directory.string());
  return std::unique_ptr<BlobStore>(
      std::make_unique<RocksBlobStore>(std::unique_ptr<rocksdb::DB>(opened)));
}

}  // namespace opsledger
