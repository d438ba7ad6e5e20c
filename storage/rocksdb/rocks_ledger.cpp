#include "storage/rocksdb/rocks_ledger.hpp"

#include <algorithm>
#include <future>

#include "storage/base/sync_point.hpp"
#include "storage/core/random_bytes.hpp"
#include "storage/core/validate.hpp"
#include "storage/rocksdb/committer.hpp"
#include "storage/rocksdb/cursors.hpp"
#include "storage/rocksdb/data_directory.hpp"
#include "storage/rocksdb/disk_watch.hpp"
#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/merkle_store.hpp"
#include "storage/rocksdb/packer.hpp"
#include "storage/rocksdb/recovery.hpp"
#include "storage/rocksdb/rocks_status.hpp"
#include "storage/rocksdb/sequencer.hpp"

namespace opsledger {

using namespace rocks;

namespace {

Status create_identity(LedgerDb& db) {
  OPS_TRY_ASSIGN(const auto id, db.get(Family::kMeta, ledger_id_key()));
  if (id) return {};
  return db.put(Family::kMeta, ledger_id_key(), random_bytes(sizeof(LedgerId)));
}

/// All schemas registered so far: few, found through the type index.
Result<std::set<SchemaId>> load_schemas(const LedgerDb& db, const Recovered& recovered,
                                        const TailIndex& tail, TagHashFunction hash) {
  const Query query{{{{"schema.registered"}, {}}}};
  const auto cursor = make_cursor(
      db, {recovered.head.position, recovered.packed_upto, {}, tail.view()}, query, {}, hash);
  std::set<SchemaId> schemas;
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return schemas;
    for (const EventView& event : events) {
      const auto tags = event.tags();
      if (const auto id = registered_schema(event.type, tags)) schemas.insert(*id);
    }
  }
}

}  // namespace

/// The parts in the order in which they need each other.
class RocksLedger::Impl {
 public:
  Impl(LedgerOptions opened_with, const Clock& clock, DataDirectory opened_directory,
       std::unique_ptr<LedgerDb> opened, std::unique_ptr<TailIndex> loaded_tail,
       Recovered recovered, std::set<SchemaId> schemas, AckFile ack)
      : options(std::move(opened_with)),
        directory(std::move(opened_directory)),
        id(recovered.id),
        db(std::move(opened)),
        disk(directory.path(), options.disk_free_bytes_min, options.disk_free_bytes),
        tail(std::move(loaded_tail)),
        packed_upto(recovered.packed_upto.value),
        sequencer(*db, options, clock, *tail, packed_upto, {recovered.head, recovered.edge},
                  std::move(schemas)),
        packer(options.pack ? std::make_unique<Packer>(*db, *tail, packed_upto) : nullptr),
        committer({*db, sequencer, id, std::move(ack), subscribers,
                   [this](Position durable) {
                     if (packer) packer->advance(durable);
                   }},
                  {recovered.head, recovered.edge}) {
    if (packer) packer->advance(recovered.head.position);
  }
  ~Impl() { sequencer.stop(); }  // the committer then writes what is left, and ends

  const LedgerOptions options;
  DataDirectory directory;
  const LedgerId id;
  std::unique_ptr<LedgerDb> db;
  mutable DiskWatch disk;
  const std::unique_ptr<TailIndex> tail;
  std::atomic<std::uint64_t> packed_upto;
  Subscribers subscribers;
  Sequencer sequencer;
  std::unique_ptr<Packer> packer;
  Committer committer;
};

RocksLedger::RocksLedger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RocksLedger::~RocksLedger() = default;

Result<std::unique_ptr<RocksLedger>> RocksLedger::open(LedgerOptions options, const Clock& clock) {
  const auto files = files_of(options.env);
  OPS_TRY_ASSIGN(auto directory,
                 DataDirectory::open(options.directory, DataDirectory::Use::kWrite, *files));
  sync_point(SyncPoint::kOpenLocked);
  OPS_TRY_ASSIGN(auto db, LedgerDb::open({.directory = directory.ledger(),
                                          .accept_damage = options.accept_torn_tail,
                                          .block_cache_bytes = options.block_cache_bytes,
                                          .background_jobs = options.background_jobs,
                                          .env = options.env}));
  sync_point(SyncPoint::kOpenDatabase);
  OPS_TRY(create_identity(*db));
  OPS_TRY_ASSIGN(auto recovered, recover(*db));
  if (!options.accept_torn_tail) {
    OPS_TRY_ASSIGN(const auto acknowledged, AckFile::read(directory.ack_file(), *files));
    OPS_TRY(check_acknowledged(*db, recovered, acknowledged));
  }
  sync_point(SyncPoint::kOpenRecovered);
  OPS_TRY_ASSIGN(auto ack, AckFile::open(directory.ack_file(), *files));
  const LogHead& head = recovered.head;
  OPS_TRY(ack.begin_with({recovered.id, head.commit, head.position, head.root}));
  sync_point(SyncPoint::kOpenNoted);
  OPS_TRY_ASSIGN(auto tail,
                 load_tail(*db, recovered.indexed,
                           {recovered.head.position, options.tail_events_max}, options.tag_hash));
  OPS_TRY_ASSIGN(auto schemas, load_schemas(*db, recovered, *tail, options.tag_hash));
  return std::unique_ptr<RocksLedger>(new RocksLedger(std::make_unique<Impl>(
      std::move(options), clock, std::move(directory), std::move(db), std::move(tail),
      std::move(recovered), std::move(schemas), std::move(ack))));
}

const LedgerId& RocksLedger::id() const {
  return impl_->id;
}

Result<AppendOutcome> RocksLedger::append(Proposal proposal, Completion done) {
  OPS_TRY(impl_->disk.status());
  return impl_->sequencer.append(proposal, std::move(done), {});
}

std::optional<Result<AppendOutcome>> RocksLedger::append_from_memory(const Proposal& proposal,
                                                                     const Completion& done,
                                                                     bool may_commit) {
  if (auto disk = impl_->disk.status(); !disk) return std::move(disk).error();
  bool lead = false;
  auto accepted = impl_->sequencer.append(
      proposal, done, {.reach = Reach::kMemory, .lead = may_commit ? &lead : nullptr});
  if (!accepted && is_not_in_memory(accepted.error())) return std::nullopt;
  if (lead) impl_->committer.lead();
  return accepted;
}

/// A lone append is committed here: waking the committer and being woken by it would cost a tenth
/// of the time that the disk takes.
Result<AppendOutcome> RocksLedger::append_and_wait(const Proposal& proposal) {
  OPS_TRY(impl_->disk.status());
  // Shared: another thread may commit it, and be in set_value still when get() returns here.
  auto promise = std::make_shared<std::promise<Result<AppendOutcome>>>();
  auto future = promise->get_future();
  bool lead = false;
  const auto accepted = impl_->sequencer.append(
      proposal,
      [promise](Result<AppendOutcome> outcome) { promise->set_value(std::move(outcome)); },
      {.lead = &lead});
  if (!accepted) return accepted.error();
  if (lead) impl_->committer.lead();
  return future.get();
}

Result<std::optional<AppendOutcome>> RocksLedger::find(const IdempotencyKey& key) const {
  return impl_->sequencer.find(key);
}

Result<std::unique_ptr<EventCursor>> RocksLedger::read(const Query& query,
                                                       const ReadOptions& options) const {
  OPS_TRY(validate_query(query, "/query"));
  const bool forward = options.direction == Direction::kForward;
  LogView log = impl_->sequencer.view(options.accepted, forward ? options.after : Position{});
  return make_cursor(*impl_->db, std::move(log), query, options, impl_->options.tag_hash);
}

Result<OwnedEvent> RocksLedger::get(Position position) const {
  const LogView log = impl_->sequencer.view(false, {});
  if (position.value == 0 || position > log.durable) {
    return Error{Code::kNotFound, "event.not_found",
                 "there is no event at position " + std::to_string(position.value) +
                     ", the ledger ends at " + std::to_string(log.durable.value)};
  }
  EventFetcher fetcher(*impl_->db, log.durable, log.packed_upto, {});
  OPS_TRY_ASSIGN(const auto events, fetcher.fetch({&position, 1}));
  return OwnedEvent(events[0].encoded);
}

TreeHead RocksLedger::durable() const {
  return impl_->sequencer.durable();
}
TreeHead RocksLedger::accepted() const {
  return impl_->sequencer.accepted();
}

std::shared_ptr<void> RocksLedger::subscribe(std::function<void(Position)> on_advance) {
  return impl_->subscribers.add(std::move(on_advance));
}

Result<Hash> RocksLedger::root(std::uint64_t size) const {
  const DurableState state = impl_->sequencer.with_durable([](const auto& s) { return s; });
  if (size == state.head.position.value) return state.head.root;
  if (size > state.head.position.value) {
    return Error{Code::kNotFound, "tree.not_found",
                 "the tree has " + std::to_string(state.head.position.value) + " entries, not " +
                     std::to_string(size)};
  }
  return merkle::root(MerkleStore(*impl_->db, state.edge), size);
}

Result<Bytes> RocksLedger::tile(unsigned level, std::uint64_t index, unsigned width) const {
  const DurableState state = impl_->sequencer.with_durable([](const auto& s) { return s; });
  return MerkleStore(*impl_->db, state.edge).tile(level, index, width);
}

Status RocksLedger::health() const {
  OPS_TRY(impl_->sequencer.health());
  OPS_TRY(impl_->tail->health());
  OPS_TRY(impl_->db->background());
  return impl_->disk.status();
}

LedgerStats RocksLedger::stats() const {
  LedgerStats stats;
  stats.commits = impl_->committer.commits();
  stats.events = impl_->committer.events();
  impl_->sequencer.count_pending(&stats.pending_proposals, &stats.pending_bytes);
  stats.packed_upto = impl_->packed_upto;
  stats.indexed_upto = impl_->tail->view()->indexed_upto.value;
  stats.disk_free_bytes = impl_->disk.free_bytes();
  return stats;
}

rocksdb::DB& RocksLedger::database() const {
  return impl_->db->db();
}

void RocksLedger::wait_packed() const {
  if (impl_->packer) impl_->packer->wait(impl_->sequencer.durable().position);
}

}  // namespace opsledger
