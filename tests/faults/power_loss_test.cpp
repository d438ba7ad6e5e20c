// The power goes at the Nth change of the disk, in the middle of everything: what was acknowledged
// is there, nothing else is, and the tables are what a rebuild gives.
// $OPSLEDGER_POWER_ROUNDS rounds of each kind of loss (25), seed from $OPSLEDGER_SEED.
#include "storage/rocksdb/bulk_load.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/simulated_disk.hpp"
#include "tests/faults/world.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::uint64_t kRoundsPerDisk = 8;  // then a fresh one: ledgers stay small
constexpr std::uint64_t kStepsMax = 120;
constexpr std::uint64_t kChangesMax = 500;  // of the disk, before the power goes
constexpr unsigned kRoundSecondsMax = 120;

class PowerLossRounds {
 public:
  PowerLossRounds(PowerLoss loss, std::uint64_t seed) : loss_(loss), random_(seed) { renew(); }

  void run(std::uint64_t rounds) {
    for (std::uint64_t round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const RoundGuard guard(kRoundSecondsMax);
      if (round % kRoundsPerDisk == 0) renew();
      live_until_dark();
      disk_->restore_power(loss_);
      check_files();
      if (random_() % 4 != 0) open_and_check();  // else the next round recovers, and may not end it
    }
  }

  std::uint64_t acknowledged() const { return acknowledged_ + world_->promises().size(); }
  std::uint64_t dark_while_opening() const { return dark_while_opening_; }

 private:
  void renew() {
    if (world_) acknowledged_ += world_->promises().size();
    world_.reset();
    directory_ = std::make_unique<RoundDirectory>();
    disk_ = std::make_shared<SimulatedDisk>(random_());
    env_ = env_of(disk_);
    world_ = std::make_unique<World>(env_.get(), directory_->path() / "disk", 1, random_());
  }

  void check_files() {
    const Scratch real(directory_->path() / "real");
    disk_->export_to((directory_->path() / "disk").string(), real.path());
    world_->check_files(real.path(), loss_ == PowerLoss::kTorn);
  }

  void live_until_dark() {
    if (random_() % 8 != 0) disk_->cut_power_after(random_() % kChangesMax);
    if (!world_->is_open()) {
      const auto opened = world_->open();
      if (!opened.ok() && !disk_->dark()) ADD_FAILURE() << opened.error().message;
      if (!opened.ok()) return void(++dark_while_opening_);
    }
    for (std::uint64_t steps = random_() % kStepsMax; steps > 0 && !disk_->dark(); --steps) {
      world_->do_something();
    }
    if (random_() % 2 == 0) disk_->cut_power();
    world_->close();
    disk_->cut_power();
  }

  void open_and_check() {
    const auto opened = world_->open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    world_->check_everything();
  }

  const PowerLoss loss_;
  std::mt19937_64 random_;
  std::unique_ptr<RoundDirectory> directory_;
  std::shared_ptr<SimulatedDisk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<World> world_;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t dark_while_opening_ = 0;
};

void run_campaign(const std::string& name, PowerLoss loss) {
  const std::uint64_t rounds = from_environment("OPSLEDGER_POWER_ROUNDS", 25);
  const std::uint64_t seed = campaign_seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  PowerLossRounds campaign(loss, seed);
  campaign.run(rounds);
  EXPECT_GT(campaign.acknowledged(), rounds);
  print_campaign(name, seed, rounds,
                 "acknowledged=" + std::to_string(campaign.acknowledged()) +
                     " while_opening=" + std::to_string(campaign.dark_while_opening()));
}

TEST(PowerLoss, EverythingAcknowledgedIsThereWhenTheUnsyncedIsGone) {
  run_campaign("power_loss_unsynced", PowerLoss::kUnsynced);
}

TEST(PowerLoss, EverythingAcknowledgedIsThereWhenTheUnsyncedIsTorn) {
  run_campaign("power_loss_torn", PowerLoss::kTorn);
}

constexpr std::uint64_t kBulkAppends = 8;
constexpr std::uint64_t kBulkEvents = 60;  // of each
constexpr std::uint64_t kBulkChangesMax = 260;

/// A load that the power interrupts: an error then.
Status load(rocksdb::Env* env, const std::filesystem::path& data, const ManualClock& clock) {
  BulkLoadOptions options;
  options.directory = data;
  options.env = env;
  options.table_bytes_max = 16u << 10;
  options.sorted_postings_max = 200;  // so that some are sorted in files
  OPS_TRY_ASSIGN(const auto begun, begin_bulk_load(options, clock));
  for (std::uint64_t number = 1; number <= kBulkAppends; ++number) {
    const Ticket ticket{1, number};
    Proposal proposal;
    for (std::size_t i = 0; i < kBulkEvents; ++i) {
      proposal.events.push_back(filler_event(ticket, i));
    }
    proposal = labelled(ticket, std::move(proposal));
    const auto taken = begun->append(std::move(proposal.events), clock.now());
    if (!taken.ok()) return taken.error();
  }
  const auto head = begun->finish();
  if (!head.ok()) return head.error();
  return {};
}

/// Everything or nothing; everything when `finished`.
void check_load(rocksdb::Env* env, const std::filesystem::path& data, bool finished,
                const ManualClock& clock) {
  LedgerOptions options;
  options.directory = data;
  options.env = env;
  options.disk_free_bytes_min = 0;
  const auto ledger = RocksLedger::open(options, clock);
  ASSERT_TRUE(ledger.ok()) << ledger.error().message;
  const std::uint64_t events = (*ledger)->durable().position.value;
  EXPECT_TRUE(events == kBulkAppends * kBulkEvents || (events == 0 && !finished))
      << events << " events, finished: " << finished;
  Promises promises;
  promises.knows_run(1);
  const Status right = promises.check(**ledger, **ledger);
  EXPECT_TRUE(right.ok()) << right.error().message;
}

TEST(PowerLoss, BulkLoadIsWholeOrNothing) {
  const std::uint64_t rounds = from_environment("OPSLEDGER_POWER_ROUNDS", 25);
  const std::uint64_t seed = campaign_seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  Random random(seed);
  std::uint64_t finished = 0;
  for (std::uint64_t round = 0; round < rounds && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const RoundGuard guard(kRoundSecondsMax);
    const RoundDirectory directory;
    const ManualClock clock;
    const auto disk = std::make_shared<SimulatedDisk>(random());
    const auto env = env_of(disk);
    disk->cut_power_after(random() % kBulkChangesMax);
    const Status loaded = load(env.get(), directory.path() / "data", clock);
    const bool done = loaded.ok();
    EXPECT_TRUE(done || disk->dark()) << loaded.error().message;
    finished += done ? 1 : 0;
    disk->cut_power();
    disk->restore_power(random() % 2 == 0 ? PowerLoss::kUnsynced : PowerLoss::kTorn);
    check_load(env.get(), directory.path() / "data", done, clock);
  }
  EXPECT_GT(finished, 0u);
  EXPECT_LT(finished, rounds);
  print_campaign("power_loss_bulk", seed, rounds, "finished=" + std::to_string(finished));
}

}  // namespace
}  // namespace opsledger::testing_support
