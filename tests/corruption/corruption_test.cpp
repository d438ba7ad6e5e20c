// Every byte of a small data directory changed, every file cut and removed: `verify` or a start
// says so and names the place, and nobody is served anything else than was written.
//
// Smoke: a sample by $OPSLEDGER_SEED. $OPSLEDGER_CORRUPTION=all tries everything, FROM:TO a range
// of it (to resume, or to share the work), with progress on standard error.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>

#include "storage/rocksdb/backup.hpp"
#include "tests/corruption/small_directory.hpp"
#include "tests/corruption/trial.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"
#include "tests/support/environment.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmokeTrials = 90, kFindingsShown = 20, kPartTrials = 2'000;
constexpr std::uint64_t kBytesBehind = 6'000;  // more than what the side file does not know of

std::uint64_t seed() {
  return from_environment("OPSLEDGER_SEED", 1);
}

/// A sample, everything, or the range that is asked for.
std::vector<Mutation> choose(std::vector<Mutation> all) {
  const char* text = std::getenv("OPSLEDGER_CORRUPTION");
  const std::string range = text == nullptr ? "" : text;
  if (range.empty()) {
    std::vector<Mutation> sample;
    std::mt19937_64 random(seed());
    std::sample(all.begin(), all.end(), std::back_inserter(sample), kSmokeTrials, random);
    return sample;
  }
  if (range == "all") return all;
  const std::size_t from = std::stoull(range), to = std::stoull(range.substr(range.find(':') + 1));
  return {all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size())),
          all.begin() + static_cast<std::ptrdiff_t>(std::min(to, all.size()))};
}

/// Outcomes by file class.
using Counts = std::map<std::string, std::array<std::size_t, kOutcomeKinds>>;

std::size_t count(const std::vector<Mutation>& mutations, const std::vector<Outcome>& outcomes,
                  Counts* counts) {
  std::size_t findings = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    ++(*counts)[class_of(mutations[i].file)][static_cast<std::size_t>(outcomes[i].kind)];
    if (outcomes[i].kind == Outcome::Kind::kTold) continue;
    findings += is_finding(outcomes[i].kind);
    if (findings > kFindingsShown) continue;
    std::cerr << name_of(outcomes[i].kind) << ": " << mutations[i].name() << ": "
              << outcomes[i].said << std::endl;
  }
  return findings;
}

void print(const std::string& name, const Counts& counts, std::size_t rounds,
           std::size_t findings) {
  std::size_t silent = 0;
  for (const auto& [kind, outcomes] : counts) {
    std::cout << "  " << kind << ":";
    for (int i = 0; i < kOutcomeKinds; ++i) {
      const std::size_t some = outcomes[static_cast<std::size_t>(i)];
      if (some > 0) std::cout << " " << name_of(static_cast<Outcome::Kind>(i)) << "=" << some;
    }
    silent += outcomes[static_cast<std::size_t>(Outcome::Kind::kSilent)];
    std::cout << "\n";
  }
  std::cout << "campaign: " << name << " seed=" << seed() << " rounds=" << rounds
            << " findings=" << findings << " silent=" << silent << std::endl;
}

/// Tries what is chosen of `all`, counts and prints; how many nobody told of and changed nothing.
std::size_t run(const std::string& name, std::vector<Mutation> all, const fs::path& scratch,
                const Trial& trial) {
  const std::vector<Mutation> mutations = choose(std::move(all));
  Counts counts;
  std::size_t findings = 0, silent = 0;
  for (std::size_t from = 0; from < mutations.size(); from += kPartTrials) {
    const std::size_t to = std::min(from + kPartTrials, mutations.size());
    const std::vector<Mutation> part(mutations.begin() + static_cast<std::ptrdiff_t>(from),
                                     mutations.begin() + static_cast<std::ptrdiff_t>(to));
    const auto outcomes = try_all(part, scratch, trial);
    findings += count(part, outcomes, &counts);
    if (mutations.size() > kPartTrials) {
      std::cerr << name << ": " << to << " of " << mutations.size() << ", findings " << findings
                << std::endl;
    }
  }
  print(name, counts, mutations.size(), findings);
  EXPECT_EQ(findings, 0u);
  for (const auto& [kind, outcomes] : counts) {
    silent += outcomes[static_cast<std::size_t>(Outcome::Kind::kSilent)];
  }
  return silent;
}

class Corruption : public testing::Test {
 protected:
  Corruption() { fs::create_directories(scratch_); }

  /// Makes the directory and damages it in the ways that `list` names.
  std::size_t run_on(LeftAs left, const std::string& name,
                     const std::function<std::vector<Mutation>(const fs::path&)>& list) {
    in_child([&] { make_small_directory(good_, left); });
    const Reference reference = read_reference(good_, scratch_);
    return run(name, list(good_), scratch_, [&](const Mutation& mutation) {
      return try_directory(reference, mutation, scratch_ / "data");
    });
  }

  const TemporaryDirectory temporary_;
  const fs::path good_ = temporary_.path() / "good", scratch_ = temporary_.path() / "scratch";
};

std::vector<Mutation> flips(const fs::path& directory) {
  return all_flips(directory, seed());
}

TEST_F(Corruption, EveryChangedByteAfterAnOrderlyStopIsTold) {
  EXPECT_EQ(run_on(LeftAs::kSealed, "corruption.flips", flips), 0u);
}

TEST_F(Corruption, EveryCutAndRemovedFileAfterAnOrderlyStopIsTold) {
  EXPECT_EQ(run_on(LeftAs::kSealed, "corruption.cuts", all_cuts), 0u);
}

/// Without seals some bytes that nothing depends on may change unseen; none changes what is read.
TEST_F(Corruption, NoChangedByteAfterAKillServesSomethingElse) {
  run_on(LeftAs::kKilled, "corruption.flips_killed", flips);
}

TEST_F(Corruption, NoCutFileAfterAKillServesSomethingElse) {
  run_on(LeftAs::kKilled, "corruption.cuts_killed", all_cuts);
}

/// What the newest backup is said to be, and what restoring it gives.
Result<std::string> restored_contents(const fs::path& backups, const fs::path& target) {
  OPS_TRY_ASSIGN(const auto listed, list_backups(backups));
  std::string text;
  for (const BackupInfo& info : listed) {
    text += std::to_string(info.id) + " " + std::to_string(info.taken_at.us) + " " +
            std::to_string(info.position.value) + " " + std::to_string(info.bytes) + "\n";
  }
  fs::remove_all(target);
  OPS_TRY(restore_backup(backups, 0, target));
  OPS_TRY_ASSIGN(const auto contents, ledger_contents(target));
  return text + contents;
}

TEST_F(Corruption, EveryDamageToABackupIsToldWhenItIsRestored) {
  in_child([&] {
    make_small_directory(good_, LeftAs::kSealed);
    ManualClock clock;
    const auto ledger = RocksLedger::open({.directory = good_, .disk_free_bytes_min = 0}, clock);
    OPS_ASSERT(ledger.ok() && create_backup(**ledger, temporary_.path() / "backups").ok());
  });
  const fs::path backups = temporary_.path() / "backups", copy = scratch_ / "backups";
  in_child([&] {
    std::ofstream(scratch_ / "contents") << restored_contents(backups, scratch_ / "data").value();
  });
  std::ifstream in(scratch_ / "contents");
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  std::vector<Mutation> all = flips(backups), cuts = all_cuts(backups);
  all.insert(all.end(), cuts.begin(), cuts.end());
  EXPECT_EQ(run("corruption.backup", std::move(all), scratch_,
                [&](const Mutation& mutation) {
                  copy_mutated(backups, copy, mutation);
                  const auto contents = restored_contents(copy, scratch_ / "data");
                  const std::string said = contents.ok() ? "" : contents.error().message;
                  const bool different = contents.ok() && *contents != good;
                  return Outcome{judge(said, mutation.file, different), said};
                }),
            0u);
}

/// After a power cut the side file may know less than the log has. A cut of the log within what it
/// does not know is then the only damage that opens as something shorter.
TEST_F(Corruption, OnlyATornLastSecondNeedsAnOutsideRoot) {
  in_child([&] { make_small_directory(good_, LeftAs::kAckBehind); });
  const Reference reference = read_reference(good_, scratch_);
  std::vector<Mutation> all = flips(good_), cuts = all_cuts(good_), of_the_log;
  all.insert(all.end(), cuts.begin(), cuts.end());
  std::copy_if(all.begin(), all.end(), std::back_inserter(of_the_log), [&](const Mutation& m) {
    return m.file.starts_with("ledger/") && m.file.ends_with(".log") &&
           m.at + kBytesBehind >= fs::file_size(good_ / m.file);
  });
  const auto mutations = choose(std::move(of_the_log));
  const auto outcomes = try_all(mutations, scratch_, [&](const Mutation& mutation) {
    return try_directory(reference, mutation, scratch_ / "data");
  });
  std::size_t shorter = 0, untold = 0, findings = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const bool cut = mutations[i].kind == Mutation::Kind::kTruncate;
    const bool torn = outcomes[i].said.find("a write ends early") != std::string::npos;
    if (outcomes[i].kind == Outcome::Kind::kDifferent) {
      ++shorter;
      untold += outcomes[i].said.empty();
      findings += !(torn || (cut && outcomes[i].said.empty()));
    } else {
      findings += is_finding(outcomes[i].kind);
    }
  }
  std::cout << "campaign: corruption.ack_behind seed=" << seed() << " rounds=" << outcomes.size()
            << " findings=" << findings << " shorter=" << shorter << " untold=" << untold
            << std::endl;
  EXPECT_EQ(findings, 0u);
}

}  // namespace
}  // namespace opsledger::testing_support
