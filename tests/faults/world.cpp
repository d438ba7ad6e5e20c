#include "tests/faults/world.hpp"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "storage/rocksdb/verify.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/table_dump.hpp"

namespace opsledger::testing_support {

namespace {

constexpr int kPatienceSeconds = 60;  // in which the program runs: it may be stopped meanwhile
constexpr int kCounters = 4;
constexpr char kModule[] = "counter";

}  // namespace

World::World(rocksdb::Env* env, std::filesystem::path directory, std::uint64_t run,
             std::uint64_t seed)
    : env_(env),
      directory_(std::move(directory)),
      data_(directory_ / "data"),
      random_(seed),
      run_(run) {
  promises_.knows_run(run_);
}

Status World::open() {
  const Status opened = open_parts();
  if (!opened.ok()) close();
  return opened;
}

Status World::open_parts() {
  LedgerOptions options;
  options.directory = data_;
  options.env = env_;
  options.block_cache_bytes = 4u << 20;
  options.disk_free_bytes_min = 0;
  options.accept_torn_tail = accept_torn_tail;
  OPS_TRY_ASSIGN(ledger_, RocksLedger::open(options, clock_));
  TableStoreOptions tables;
  tables.directory = data_ / "tables";
  tables.block_cache_bytes = 4u << 20;
  tables.env = env_;
  OPS_TRY_ASSIGN(tables_, open_table_store(tables));
  return start_projecting();
}

/// Sometimes with other code than last time: then a new generation is built beside the old one.
Status World::start_projecting() {
  const char code = random_() % 8 == 0 ? 'b' : 'a';
  auto module = std::make_shared<testing::CounterModule>(kModule, code,
                                                         std::make_shared<testing::CounterKnobs>());
  registry_ = std::make_unique<Registry>();
  schemas_ = std::make_unique<SchemaCatalog>();
  OPS_TRY(schemas_->load(*ledger_));
  for (const auto& type : module->info().event_types) {
    OPS_TRY(schemas_->ensure(*ledger_, type.type, 1, type.schema));
  }
  schema_ = module->info().event_types[0].schema->id();
  OPS_TRY(registry_->add(module));
  ProjectionEngine::Options options;
  options.batch_events_max = 1 + random_() % 100;
  options.row_cache_bytes_per_module = 4'096;  // small: rows come back from the store
  options.flush_interval = std::chrono::milliseconds(random_() % 3);  // 0: every batch
  options.merkle = ledger_.get();
  engine_ = std::make_unique<ProjectionEngine>(*ledger_, *tables_, *registry_, *schemas_, clock_,
                                               options);
  return engine_->start();
}

void World::close() {
  if (engine_) engine_->stop();
  engine_.reset();
  tables_.reset();
  ledger_.reset();
  schemas_.reset();
  registry_.reset();
  std::lock_guard lock(mutex_);
  EXPECT_EQ(waiting_, 0u) << "closing left callers without an answer";
}

void World::append(Ticket ticket, Proposal proposal) {
  const bool keyed = proposal.key.has_value();
  if (keyed) unanswered(ticket, proposal.events.size());
  {
    std::lock_guard lock(mutex_);
    ++waiting_;
  }
  const auto done = [this, ticket, keyed](const Result<AppendOutcome>& outcome) {
    if (outcome.ok()) {
      if (observer.acknowledged) observer.acknowledged(ticket, *outcome);
      promises_.acknowledged(ticket, *outcome);
    }
    if (outcome.ok() && keyed) answered(ticket);
    if (!outcome.ok()) ++broken_answers_;
    std::lock_guard lock(mutex_);
    --waiting_;
    settled_.notify_all();
  };
  const auto accepted = ledger_->append(labelled(ticket, std::move(proposal)), done);
  if (accepted.ok()) return;
  std::lock_guard lock(mutex_);
  --waiting_;
  settled_.notify_all();
}

void World::unanswered(Ticket ticket, std::size_t events) {
  if (observer.asking) observer.asking(ticket, events);
  std::lock_guard lock(mutex_);
  unanswered_[ticket] = events;
}

void World::answered(Ticket ticket) {
  std::lock_guard lock(mutex_);
  unanswered_.erase(ticket);
}

void World::append_counter(Random& random) {
  const int id = static_cast<int>(random() % kCounters);
  const auto counter = read_counter(*ledger_, id);
  if (!counter.ok()) return;
  const Ticket ticket = next_ticket();
  Proposal proposal;
  proposal.events.push_back(counter_event(id, counter->value + 1, schema_));
  for (std::uint64_t more = random() % 3; more > 0; --more) {
    proposal.events.push_back(filler_event(ticket, proposal.events.size()));
  }
  proposal.condition = {query_of_counter(id), counter->position};
  append(ticket, std::move(proposal));
}

Proposal World::fillers(Ticket ticket, std::size_t events, bool with_key) const {
  Proposal proposal;
  for (std::size_t i = 0; i < events; ++i) proposal.events.push_back(filler_event(ticket, i));
  if (with_key) {
    IdempotencyKey key{"tester", "key-" + label(ticket, 0, 0), {}, false};
    key.request.bytes[0] = static_cast<std::uint8_t>(ticket.number);
    proposal.key = std::move(key);
  }
  return proposal;
}

void World::append_fillers(std::size_t events, bool with_key) {
  const Ticket ticket = next_ticket();
  append(ticket, fillers(ticket, events, with_key));
}

void World::settle() {
  std::unique_lock lock(mutex_);
  for (int passed = 0; passed < kPatienceSeconds; ++passed) {
    if (settled_.wait_for(lock, std::chrono::seconds(1), [&] { return waiting_ == 0; })) return;
  }
  ADD_FAILURE() << "no answer";
}

/// Every memtable; several times in a row make RocksDB compact.
void World::flush_ledger() {
  std::vector<std::string> files;
  std::uint64_t manifest_bytes = 0;
  ledger_->database().GetLiveFiles(files, &manifest_bytes, true).PermitUncheckedError();
}

void World::take_backup() {
  const auto made = create_backup(*ledger_, directory_ / "backups");
  if (!made.ok()) return;
  backup_ = BackupMade{made->id, made->position};
  if (observer.backed_up) observer.backed_up(*backup_);
}

void World::hand_out_root() {
  const TreeHead head = ledger_->durable();
  if (observer.handed_out) observer.handed_out(head);
  promises_.handed_out(head);
}

void World::rebuild_tables() {
  static_cast<void>(engine_->rebuild(kModule));
}

/// Forwards and back, by hours.
void World::jump_clock() {
  clock_.advance(static_cast<std::int64_t>(random_() % 7'200'000'000) - 3'600'000'000);
}

void World::do_something() {
  const std::uint64_t dice = random_() % 100;
  if (dice < 60) return append_counter(random_);
  if (dice < 75) return append_fillers(1 + random_() % 5, true);
  if (dice < 79) return append_fillers(random_() % 150 + 1, false);
  if (dice < 84) return settle();
  if (dice < 88) return hand_out_root();
  if (dice < 95) return flush_ledger();
  if (dice < 97) return jump_clock();
  if (dice < 98) return rebuild_tables();
  if (dice < 99) return take_backup();
  ledger_->wait_packed();
}

Status World::read_everything() {
  return promises_.check(*ledger_, *ledger_);
}

/// Whoever got no answer asks again with the same key: done once, then or now.
void World::send_again() {
  std::map<Ticket, std::size_t> again;
  {
    std::lock_guard lock(mutex_);
    again.swap(unanswered_);
  }
  for (const auto& [ticket, events] : again) {
    const auto outcome = append_and_wait(*ledger_, labelled(ticket, fillers(ticket, events, true)));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    promises_.acknowledged(ticket, *outcome);
  }
}

void World::check_tables() {
  const Position head = ledger_->durable().position;
  Status caught_up = engine_->wait_for(kModule, head, std::chrono::seconds(1));
  for (int passed = 1; passed < kPatienceSeconds && !caught_up.ok(); ++passed) {
    if (caught_up.error().code != Code::kTimeout) break;
    caught_up = engine_->wait_for(kModule, head, std::chrono::seconds(1));
  }
  ASSERT_TRUE(caught_up.ok()) << caught_up.error().message;
  const auto shown = engine_->open("counter.counters", kHead);
  ASSERT_TRUE(shown.ok()) << shown.error().message;
  const auto rebuilt = rebuilt_dump(*ledger_, *registry_, *schemas_, kModule);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  EXPECT_EQ(dump_of(*shown->generation), *rebuilt) << "tables are not what a rebuild gives";
}

void World::check_everything() {
  settle();
  send_again();
  const Status read = read_everything();
  EXPECT_TRUE(read.ok()) << read.error().message;
  check_tables();
}

void World::check_backup(const std::filesystem::path& backups) {
  const Scratch target(directory_ / "restored");
  const auto report = restore_backup(backups, backup_->id, target.path());
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_GE(report->events, backup_->position.value);
  LedgerOptions options;
  options.directory = target.path();
  options.disk_free_bytes_min = 0;
  const auto restored = RocksLedger::open(options, clock_);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  const Position end = (*restored)->durable().position;
  const Status read = promises_.check(**restored, **restored, end);
  EXPECT_TRUE(read.ok()) << read.error().message;
}

void World::check_files(const std::filesystem::path& root, bool torn) {
  if (!std::filesystem::exists(root / "data" / "ACK")) return;  // not born yet
  VerifyOptions options;
  options.directory = root / "data";
  options.block_cache_bytes = 4u << 20;
  const auto report = verify_ledger(options);
  const bool ack_torn = torn && report.message.find("(ACK)") != std::string::npos;
  EXPECT_TRUE(report.verdict == VerifyVerdict::kGood || ack_torn) << report.message;
  if (backup_) check_backup(root / "backups");
}

}  // namespace opsledger::testing_support
