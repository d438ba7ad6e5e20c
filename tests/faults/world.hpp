// A ledger with tables and backups, used at random or step by step, on any disk.
#pragma once

#include <rocksdb/env.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>

#include "kernel/modules/registry.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "storage/rocksdb/backup.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/faults/promises.hpp"
#include "tests/projection/counter_module.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {

using Random = std::mt19937_64;

/// A backup that was reported as taken.
struct BackupMade {
  std::uint32_t id = 0;
  Position position{};
};

/// Told what callers were told, on any thread, before anybody else. For a process that is killed.
struct WorldObserver {
  std::function<void(Ticket, std::size_t events)> asking;  ///< an append with a key begins
  std::function<void(Ticket, const AppendOutcome&)> acknowledged;
  std::function<void(const TreeHead&)> handed_out;
  std::function<void(const BackupMade&)> backed_up;
};

/// Survives its own disasters: `open` after `close`. One thread drives it; appends by any.
class World {
 public:
  /// Everything is below `directory`: `data` and `backups`. `env` outlives it; null = the system's.
  /// `run` names this run of the program in the events.
  World(rocksdb::Env* env, std::filesystem::path directory, std::uint64_t run, std::uint64_t seed);
  ~World() { close(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// The ledger, the tables and projecting. On an error everything is closed again.
  Status open();
  void close();
  bool is_open() const { return engine_ != nullptr; }

  /// One random thing that a busy server does. Errors of the disk are noted, never fatal.
  void do_something();

  // What it does:
  void append_counter(Random& random);
  void append_fillers(std::size_t events, bool with_key);
  void flush_ledger();
  void take_backup();
  void hand_out_root();
  void rebuild_tables();
  void jump_clock();
  /// Reads everything and holds it against the promises. Errors of the disk are returned.
  Status read_everything();
  /// Waits until every append is answered; fails the test when that takes too long.
  void settle();

  /// What must hold when the disk works again: the promises, keyed appends that nobody was
  /// answered sent again, the tables equal to a rebuild.
  void check_everything();
  /// Closed, with its files below `root` in the real file system: they pass `verify`, and the last
  /// backup can be restored. `torn`: a slot of the side file may be damaged until the next start.
  void check_files(const std::filesystem::path& root, bool torn = false);

  RocksLedger& ledger() { return *ledger_; }
  Promises& promises() { return promises_; }
  /// Appends that were accepted and then failed.
  std::uint64_t broken_answers() const { return broken_answers_; }
  const std::filesystem::path& data() const { return data_; }
  /// An append with a key that may have been made or not: to be sent again.
  void unanswered(Ticket ticket, std::size_t events);
  void answered(Ticket ticket);
  void note_backup(const BackupMade& made) { backup_ = made; }
  WorldObserver observer;
  bool accept_torn_tail = false;  ///< as `doctor --accept-torn-tail`

 private:
  void append(Ticket ticket, Proposal proposal);
  Proposal fillers(Ticket ticket, std::size_t events, bool with_key) const;
  Ticket next_ticket() { return {run_, ++number_}; }
  Status open_parts();
  Status start_projecting();
  void send_again();
  void check_tables();
  void check_backup(const std::filesystem::path& backups);

  rocksdb::Env* const env_;
  const std::filesystem::path directory_, data_;
  Random random_;
  const std::uint64_t run_;
  std::atomic<std::uint64_t> number_{0};
  Promises promises_;
  std::optional<BackupMade> backup_;
  ManualClock clock_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable settled_;
  std::size_t waiting_ = 0;
  std::map<Ticket, std::size_t> unanswered_;  // with a key: how many events
  std::atomic<std::uint64_t> broken_answers_{0};

  SchemaId schema_{};
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<SchemaCatalog> schemas_;
  std::unique_ptr<RocksLedger> ledger_;
  std::unique_ptr<TableStore> tables_;
  std::unique_ptr<ProjectionEngine> engine_;
};

}  // namespace opsledger::testing_support
