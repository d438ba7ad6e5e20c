#include "kernel/app/store.hpp"

#include <filesystem>

#include "kernel/app/kernel_events.hpp"
#include "kernel/app/serving_file.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"

namespace opsledger {
namespace {

LedgerOptions ledger_options(const Config& config, bool accept_torn_tail) {
  LedgerOptions options;
  options.directory = config.data_directory;
  options.accept_torn_tail = accept_torn_tail;
  options.block_cache_bytes = config.storage.ledger_cache_bytes;
  options.pending_proposals_max = config.storage.pending_proposals_max;
  options.pending_bytes_max = config.storage.pending_bytes_max;
  options.disk_free_bytes_min = config.storage.disk_free_bytes_min;
  return options;
}

Status check_present(const std::string& directory) {
  std::error_code failed;
  if (std::filesystem::exists(std::filesystem::path(directory) / "FORMAT", failed)) return {};
  return Error{Code::kNotFound, "data.missing",
               "no ledger in " + directory +
                   "; correct --data, or make one with `opsledger serve` or `opsledger demo`"};
}

}  // namespace

Store::Store(std::unique_ptr<RocksLedger> ledger) : ledger_(std::move(ledger)) {
  renderer_.emplace(ledger_->id(), schemas_);
}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Config& config, const Clock& clock,
                                           const Options& options) {
  if (!options.create) OPS_TRY(check_present(config.data_directory));
  auto ledger = RocksLedger::open(ledger_options(config, options.accept_torn_tail), clock);
  if (!ledger) {
    auto error = std::move(ledger).error();
    const auto url = read_serving_file(config.data_directory);
    if (error.code == Code::kNotReady && !url.empty()) error.message += "; use --url " + url;
    return error;
  }
  std::unique_ptr<Store> store(new Store(std::move(ledger).value()));
  if (store->ledger().durable().position.value == 0) {
    OPS_TRY(record_ledger_created(store->ledger()));
  }
  OPS_TRY(store->schemas_.load(store->ledger()));
  return store;
}

Ledger& Store::ledger() {
  return *ledger_;
}
const MerkleLog& Store::merkle() const {
  return *ledger_;
}
Status Store::health() const {
  return ledger_->health();
}

std::vector<MetricSample> Store::metrics() const {
  const auto stats = ledger_->stats();
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  return {
      {"opsledger_storage_commits_total", "Synced write batches.", number(stats.commits), {}},
      {"opsledger_storage_events_total", "Events made durable.", number(stats.events), {}},
      {"opsledger_storage_pending_proposals",
       "Accepted, not yet durable.",
       number(stats.pending_proposals),
       {}},
      {"opsledger_storage_pending_bytes", "The same in bytes.", number(stats.pending_bytes), {}},
      {"opsledger_storage_packed_position",
       "Runs of 64 events up to here are one value.",
       number(stats.packed_upto),
       {}},
      {"opsledger_storage_indexed_position",
       "Postings up to here are stored; later ones are in memory.",
       number(stats.indexed_upto),
       {}},
      {"opsledger_storage_disk_free_bytes",
       "Free space of the data directory.",
       number(stats.disk_free_bytes),
       {}},
      {"opsledger_storage_writable", "1 while appends are taken.", health().ok() ? 1.0 : 0.0, {}},
  };
}

}  // namespace opsledger
