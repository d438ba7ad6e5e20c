#include "tests/corruption/small_directory.hpp"

#include "storage/rocksdb/rocks_ledger.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {

namespace fs = std::filesystem;

namespace {

constexpr int kPackedAppends = 70, kTailAppends = 8, kEventsPerAppend = 4;
constexpr std::size_t kCacheBytes = 1u << 20;
const ManualClock kClock;

LedgerOptions options_of(const fs::path& directory) {
  LedgerOptions options;
  options.directory = directory;
  options.disk_free_bytes_min = 0;
  options.block_cache_bytes = kCacheBytes;
  options.background_jobs = 1;
  return options;
}

std::unique_ptr<RocksLedger> must_open(const LedgerOptions& options) {
  auto ledger = RocksLedger::open(options, kClock);
  OPS_ASSERT(ledger.ok());
  return std::move(ledger).value();
}

void append_some(Ledger& ledger, int from, int to) {
  for (int i = from; i < to; ++i) {
    Proposal proposal;
    const std::string number = std::to_string(i);
    for (int n = 0; n < kEventsPerAppend; ++n) {
      proposal.events.push_back(new_event(n == 1 ? "task.closed" : "task.opened",
                                          {"sku:x" + std::to_string(i % 5), "task:" + number},
                                          "{\"n\":" + number + "}"));
    }
    if (i % 4 == 0) proposal.key = key_of("wang", number);
    OPS_ASSERT(append_and_wait(ledger, std::move(proposal)).ok());
  }
}

std::unique_ptr<TableStore> fill_tables(const fs::path& directory) {
  auto opened = open_table_store({.directory = directory, .block_cache_bytes = kCacheBytes});
  OPS_ASSERT(opened.ok());
  auto store = std::move(opened).value();
  for (const std::string name : {"task.1", "sku.1"}) {
    auto generation = store->open(name);
    OPS_ASSERT(generation.ok());
    for (std::uint64_t position = 1; position <= 60; position += 20) {
      std::vector<std::string> keys;
      for (int row = 0; row < 20; ++row) keys.push_back("row" + std::to_string(row));
      std::vector<RowWrite> writes;
      for (const std::string& key : keys) {
        writes.push_back({.table = 1,
                          .key = key,
                          .row = key,
                          .position = {position},
                          .index_add = {{0, key + std::to_string(position)}}});
      }
      OPS_ASSERT((*generation)->commit(writes, {.position = {position + 19}}).ok());
    }
    OPS_ASSERT((*generation)->flush().ok());
  }
  return store;
}

/// Copies what a killed process leaves; `ack` replaces the side file.
void copy_as_killed(const fs::path& from, const fs::path& to, const fs::path& ack) {
  fs::copy(from, to, fs::copy_options::recursive);
  fs::copy_file(ack, to / "ACK", fs::copy_options::overwrite_existing);
}

Status add_events(const RocksLedger& ledger, const Query& query, std::string* out) {
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {}));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return {};
    for (const EventView& event : events) *out += hex(event.encoded) + "\n";
  }
}

Status add_rows(RowCursor& rows, std::string* out) {
  while (rows.next()) {
    *out += Bytes(rows.key()) + "=" + Bytes(rows.row()) + "@" +
            std::to_string(rows.position().value) + "\n";
  }
  return rows.status();
}

}  // namespace

void make_small_directory(const fs::path& directory, LeftAs left) {
  const fs::path live = directory.string() + (left == LeftAs::kSealed ? "" : ".live");
  LedgerOptions options = options_of(live);
  auto ledger = must_open(options);
  append_some(*ledger, 0, kPackedAppends);
  ledger->wait_packed();
  ledger.reset();
  options.pack = false;  // the tail stays in the write-ahead log
  ledger = must_open(options);
  append_some(*ledger, kPackedAppends, kPackedAppends + kTailAppends - kCommitsBehind);
  const fs::path older_ack = live / "ACK.older";
  fs::copy_file(live / "ACK", older_ack);
  append_some(*ledger, kPackedAppends + kTailAppends - kCommitsBehind,
              kPackedAppends + kTailAppends);
  const fs::path ack = live / "ACK.now";
  fs::copy_file(left == LeftAs::kAckBehind ? older_ack : live / "ACK", ack);
  fs::remove(older_ack);
  auto tables = fill_tables(live / "tables");
  if (left != LeftAs::kSealed) {
    copy_as_killed(live, directory, ack);
    fs::remove(directory / "ACK.now");
  }
  fs::remove(ack);
  tables.reset();
  ledger.reset();
  if (left != LeftAs::kSealed) fs::remove_all(live);
}

Result<std::string> ledger_contents(const fs::path& directory) {
  OPS_TRY_ASSIGN(const auto ledger, RocksLedger::open(options_of(directory), kClock));
  const TreeHead head = ledger->durable();
  std::string text = hex(ledger->id().bytes) + " " + std::to_string(head.position.value) + " " +
                     hex(head.root.bytes) + "\n";
  for (std::uint64_t size = 1; size <= head.position.value; size += 50) {
    OPS_TRY_ASSIGN(const Hash root, ledger->root(size));
    text += hex(root.bytes) + "\n";
  }
  OPS_TRY(add_events(*ledger, {}, &text));
  for (int i = 0; i < 5; ++i) {
    OPS_TRY(add_events(*ledger, query_of({{{}, {"sku:x" + std::to_string(i)}}}), &text));
  }
  OPS_TRY(add_events(*ledger, query_of({{{"task.closed"}, {}}}), &text));
  for (int i = 0; i < kPackedAppends + kTailAppends; ++i) {
    OPS_TRY_ASSIGN(const auto found, ledger->find(key_of("wang", std::to_string(i))));
    text += found ? std::to_string(found->first.value) + "\n" : "-\n";
  }
  return text;
}

Result<std::map<std::string, std::string>> table_contents(const fs::path& directory) {
  OPS_TRY_ASSIGN(const auto store,
                 open_table_store({.directory = directory, .block_cache_bytes = kCacheBytes}));
  std::map<std::string, std::string> contents;
  for (const std::string& name : store->list()) {
    OPS_TRY_ASSIGN(const auto generation, store->open(name));
    std::string text = std::to_string(generation->progress().position.value) + "\n";
    OPS_TRY(add_rows(*generation->scan(1, {}, kHead, false), &text));
    OPS_TRY(add_rows(*generation->scan(1, {}, {30}, false), &text));
    OPS_TRY(add_rows(*generation->scan_index(1, 0, {}, false), &text));
    if (text != "0\n") contents[name] = text;
  }
  return contents;
}

}  // namespace opsledger::testing_support
