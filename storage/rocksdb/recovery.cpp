#include "storage/rocksdb/recovery.hpp"

#include <algorithm>

#include "storage/base/varint.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/log_reader.hpp"
#include "storage/rocksdb/merkle_store.hpp"
#include "storage/rocksdb/rocks_status.hpp"

namespace opsledger::rocks {

namespace {

constexpr std::uint64_t kChainChecked = 1'024;  // commit records; `verify` checks them all

Result<LedgerId> load_id(const LedgerDb& db) {
  OPS_TRY_ASSIGN(const auto bytes, db.get(Family::kMeta, ledger_id_key()));
  const auto id = bytes ? parse_ledger_id(*bytes) : std::nullopt;
  if (!id) return corrupt("the ledger's identity", "it is missing or not 16 bytes long");
  return *id;
}

/// Walks back from the last record; each must name the digest of the one before and begin where
/// that one ended.
Status check_chain(const LedgerDb& db, CommitRecord record) {
  const std::uint64_t oldest = record.number > kChainChecked ? record.number - kChainChecked : 0;
  while (record.number > oldest + 1) {
    OPS_TRY_ASSIGN(const CommitRecord before, db.commit(record.number - 1));
    if (!follows_digest(record, commit_digest(encode_commit(before))) ||
        before.last.next() != record.first) {
      return corrupt("commit record " + std::to_string(record.number),
                     "it does not continue the record before it");
    }
    record = before;
  }
  return {};
}

Status check_last_chunk(const LedgerDb& db, Position last) {
  ChunkWalk walk(db);
  OPS_TRY(walk.seek_last());
  if (walk.valid() && walk.last() == last) return {};
  return corrupt("the end of the log", "its last chunk ends at position " +
                                           std::to_string(walk.valid() ? walk.last().value : 0) +
                                           ", the last commit at " + std::to_string(last.value));
}

Error torn_tail(const Recovered& recovered, const Acknowledged& acknowledged) {
  const std::uint64_t missing = acknowledged.position.value - recovered.head.position.value;
  return {Code::kCorrupt, "ledger.torn_tail",
          "the ledger ends at position " + std::to_string(recovered.head.position.value) +
              " but position " + std::to_string(acknowledged.position.value) +
              " was acknowledged: " + std::to_string(missing) + " events (" +
              std::to_string(recovered.head.position.value + 1) + " to " +
              std::to_string(acknowledged.position.value) +
              ") are missing; restore a backup, or accept the loss with `opsledger doctor "
              "--accept-torn-tail`"};
}

}  // namespace

Bytes packed_key() {
  return log_key({0});
}
Bytes encode_packed(Position position) {
  Bytes note;
  put_u64_le(&note, position.value);
  return note;
}
Bytes ledger_id_key() {
  return "ledger";
}

std::optional<LedgerId> parse_ledger_id(BytesView bytes) {
  LedgerId id;
  if (bytes.size() != id.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

Result<Recovered> recover(const LedgerDb& db) {
  Recovered recovered;
  OPS_TRY_ASSIGN(recovered.id, load_id(db));
  OPS_TRY_ASSIGN(const auto commit, db.last_commit());
  if (commit) {
    recovered.head = {commit->number, commit_digest(encode_commit(*commit)), commit->last,
                      commit->recorded_at, commit->root};
    OPS_TRY(check_chain(db, *commit));
    OPS_TRY(check_last_chunk(db, commit->last));
  } else {
    recovered.head.root = merkle::empty_root();
  }
  OPS_TRY_ASSIGN(recovered.edge, load_edge(db, recovered.head.position.value));
  if (recovered.edge.root() != recovered.head.root) {
    return corrupt("the right edge of the ledger",
                   "its Merkle root is not that of the last commit");
  }
  OPS_TRY_ASSIGN(const auto packed, db.get(Family::kLog, packed_key()));
  if (packed && packed->size() == 8) recovered.packed_upto = {get_u64_le(packed->data())};
  OPS_TRY_ASSIGN(recovered.indexed, load_index_note(db, recovered.head.position));
  return recovered;
}

Status check_acknowledged(const LedgerDb& db, const Recovered& recovered,
                          const std::optional<Acknowledged>& acknowledged) {
  const std::uint64_t size = recovered.head.position.value;
  if (!acknowledged && size == 0) return {};
  if (!acknowledged) {
    return Error{Code::kCorrupt, "ledger.no_ack",
                 "the file of acknowledged positions (ACK) is missing or damaged, so a loss at the "
                 "end of the ledger would go unnoticed; compare position " +
                     std::to_string(size) +
                     " with an outside checkpoint, then accept it with `opsledger doctor "
                     "--accept-torn-tail`"};
  }
  if (acknowledged->position.value > size) return torn_tail(recovered, *acknowledged);
  OPS_TRY_ASSIGN(const Hash root,
                 merkle::root(MerkleStore(db, recovered.edge), acknowledged->position.value));
  if (root == acknowledged->root && acknowledged->ledger == recovered.id) return {};
  return Error{Code::kCorrupt, "ledger.rewritten",
               "the ledger has another root at position " +
                   std::to_string(acknowledged->position.value) +
                   " than the one that was acknowledged; run `opsledger verify`, and restore a "
                   "backup"};
}

}  // namespace opsledger::rocks
