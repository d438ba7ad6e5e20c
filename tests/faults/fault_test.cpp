// Every operation of the disk fails in turn, once or from then on: nobody is told a lie, nothing
// acknowledged is lost, and the program neither dies nor hangs.
// $OPSLEDGER_FAULT_STRIDE = 1: every Nth operation of every kind (campaign); 97: one in 97 (CI).
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "tests/faults/campaign.hpp"
#include "tests/faults/simulated_disk.hpp"
#include "tests/faults/world.hpp"

namespace opsledger::testing_support {
namespace {

constexpr unsigned kRoundSecondsMax = 120;

struct FaultKind {
  DiskOperation operation;
  DiskError error;
};
constexpr FaultKind kFaultKinds[] = {
    {DiskOperation::kOpen, DiskError::kIo},
    {DiskOperation::kOpen, DiskError::kTooManyOpenFiles},
    {DiskOperation::kCreate, DiskError::kNoSpace},
    {DiskOperation::kCreate, DiskError::kTooManyOpenFiles},
    {DiskOperation::kRead, DiskError::kIo},
    {DiskOperation::kWrite, DiskError::kIo},
    {DiskOperation::kWrite, DiskError::kNoSpace},
    {DiskOperation::kWrite, DiskError::kShortWrite},
    {DiskOperation::kSync, DiskError::kIo},
    {DiskOperation::kSync, DiskError::kNoSpace},
    {DiskOperation::kSyncDirectory, DiskError::kIo},
    {DiskOperation::kRename, DiskError::kIo},
    {DiskOperation::kRename, DiskError::kNoSpace},
    {DiskOperation::kLink, DiskError::kIo},
    {DiskOperation::kUnlink, DiskError::kIo},
    {DiskOperation::kMakeDirectory, DiskError::kNoSpace},
    {DiskOperation::kLook, DiskError::kIo},
};

std::string name_of(const DiskFault& fault) {
  return std::string(kDiskOperationNames[static_cast<std::size_t>(fault.operation)]) + " " +
         std::to_string(fault.nth) + " " + kDiskErrorNames[static_cast<std::size_t>(fault.error)] +
         (fault.stays ? " and ever after" : "");
}

/// Open, append, pack, flush, compact, read, project, back up, close; the same every time.
class Scenario {
 public:
  explicit Scenario(std::uint64_t seed)
      : disk_(std::make_shared<SimulatedDisk>(seed)),
        env_(env_of(disk_)),
        random_(seed),
        world_(env_.get(), directory_.path() / "disk", 1, seed) {}

  /// How often each operation happens when nothing fails.
  std::array<std::uint64_t, kDiskOperationNames.size()> rehearse() {
    live();
    check_again();
    return counts_;
  }

  /// True when the fault happened.
  bool suffer(const DiskFault& fault) {
    disk_->arm(fault);
    live();
    const bool fired = disk_->fired();
    disk_->disarm();
    if (random_() % 2 == 0) {
      disk_->cut_power();
      disk_->restore_power(PowerLoss::kUnsynced);
    }
    check_again();
    return fired;
  }

 private:
  void live() {
    if (world_.open().ok()) {
      work();
      // Whoever was accepted and then failed: no more appends, and it says so.
      if (world_.broken_answers() > 0) {
        EXPECT_FALSE(world_.ledger().health().ok()) << "ready after a failed commit";
      }
      if (refuses_writes()) {
        EXPECT_FALSE(world_.ledger().health().ok()) << "ready, but the next write will fail";
      }
      world_.close();
    } else {
      EXPECT_TRUE(disk_->fired()) << "does not open";
    }
    counts_ = disk_->counts();
  }

  /// An empty write fails when RocksDB has seen an error.
  bool refuses_writes() {
    rocksdb::WriteBatch nothing;
    return !world_.ledger().database().Write({}, &nothing).ok();
  }

  void work() {
    for (int i = 0; i < 70; ++i) {
      world_.append_counter(random_);
      if (i % 3 == 0) world_.append_fillers(2, true);
      if (i % 7 == 0) world_.settle();
    }
    world_.append_fillers(130, false);
    world_.settle();
    world_.ledger().wait_packed();
    world_.hand_out_root();
    read();
    for (int i = 0; i < 5; ++i) {  // the fifth makes RocksDB compact
      world_.append_fillers(3, false);
      world_.settle();
      world_.flush_ledger();
    }
    world_.take_backup();
    world_.rebuild_tables();
    world_.append_counter(random_);
    world_.settle();
    read();
  }

  void read() {
    const Status right = world_.read_everything();
    EXPECT_TRUE(right.ok() || disk_->fired()) << right.error().message;
  }

  /// On the repaired disk.
  void check_again() {
    const Scratch real(directory_.path() / "real");
    disk_->export_to((directory_.path() / "disk").string(), real.path());
    world_.check_files(real.path());
    const auto opened = world_.open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    world_.check_everything();
    world_.append_fillers(1, false);
    world_.settle();
    EXPECT_TRUE(world_.ledger().health().ok());
    world_.close();
  }

  RoundDirectory directory_;
  std::shared_ptr<SimulatedDisk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  Random random_;
  World world_;
  std::array<std::uint64_t, kDiskOperationNames.size()> counts_{};
};

TEST(Faults, EveryOperationOfTheDiskMayFail) {
  const std::uint64_t stride = from_environment("OPSLEDGER_FAULT_STRIDE", 97);
  const std::uint64_t seed = campaign_seed();
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  const auto counts = Scenario(seed).rehearse();
  std::uint64_t rounds = 0, fired = 0;
  for (const FaultKind& kind : kFaultKinds) {
    const std::uint64_t operations = counts[static_cast<std::size_t>(kind.operation)];
    for (std::uint64_t nth = 1 + seed % std::clamp<std::uint64_t>(operations, 1, stride);
         nth <= operations; nth += stride) {
      for (const bool stays : {false, true}) {
        const DiskFault fault{kind.operation, nth, kind.error, stays};
        SCOPED_TRACE(name_of(fault));
        const RoundGuard guard(kRoundSecondsMax);
        fired += Scenario(seed).suffer(fault) ? 1 : 0;
        ++rounds;
        if (::testing::Test::HasFailure()) {
          return print_campaign("faults", seed, rounds, "fired=" + std::to_string(fired));
        }
      }
    }
  }
  EXPECT_GT(fired, rounds / 2);
  print_campaign("faults", seed, rounds, "fired=" + std::to_string(fired));
}

}  // namespace
}  // namespace opsledger::testing_support
