// Every byte of a small data directory changed, every file cut and removed: `verify` or a start
// says so and names the place, and nobody is served anything else than was written.
//
// Smoke: a sample by $OPSLEDGER_SEED. $OPSLEDGER_CORRUPTION=all tries everything, FROM:TO a range
// of it (to resume, or to share the work), with progress on standard error.
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "tests/corruption/small_directory.hpp"
#include "tests/corruption/trial.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmokeTrials = 90, kFindingsShown = 20, kPartTrials = 2'000;

std::uint64_t seed() {
  const char* text = std::getenv("OPSLEDGER_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
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

/// Makes the directory, tries, counts; the number that nobody told of and that changed nothing.
std::size_t run(const std::string& name, LeftAs left,
                const std::function<std::vector<Mutation>(const fs::path&)>& list) {
  const TemporaryDirectory temporary;
  const fs::path directory = temporary.path() / "good", scratch = temporary.path() / "scratch";
  fs::create_directories(scratch);
  in_child([&] { make_small_directory(directory, left); });
  const Reference reference = read_reference(directory, scratch);
  const std::vector<Mutation> mutations = choose(list(directory));
  Counts counts;
  std::size_t findings = 0, silent = 0;
  for (std::size_t from = 0; from < mutations.size(); from += kPartTrials) {
    const std::size_t to = std::min(from + kPartTrials, mutations.size());
    const std::vector<Mutation> part(mutations.begin() + static_cast<std::ptrdiff_t>(from),
                                     mutations.begin() + static_cast<std::ptrdiff_t>(to));
    const auto outcomes = try_all(reference, part, scratch);
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

std::vector<Mutation> flips(const fs::path& directory) {
  return all_flips(directory, seed());
}

TEST(Corruption, EveryChangedByteAfterAnOrderlyStopIsTold) {
  EXPECT_EQ(run("corruption.flips", LeftAs::kSealed, flips), 0u);
}

TEST(Corruption, EveryCutAndRemovedFileAfterAnOrderlyStopIsTold) {
  EXPECT_EQ(run("corruption.cuts", LeftAs::kSealed, all_cuts), 0u);
}

/// Without seals some bytes that nothing depends on may change unseen; none changes what is read.
TEST(Corruption, NoChangedByteAfterAKillServesSomethingElse) {
  run("corruption.flips_killed", LeftAs::kKilled, flips);
}

TEST(Corruption, NoCutFileAfterAKillServesSomethingElse) {
  run("corruption.cuts_killed", LeftAs::kKilled, all_cuts);
}

}  // namespace
}  // namespace opsledger::testing_support
