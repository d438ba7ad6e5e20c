// kill -9 while timers fire and rules send: each timer and each trigger has exactly one outcome,
// and each command happened exactly once. $OPSLEDGER_ROUNDS kills (8), seed from $OPSLEDGER_SEED.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <thread>

#include "tests/automation/automation_world.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::uint64_t kPerRound = 60;  // alarms and marks
constexpr int kLifeMsMax = 250;

pid_t start_child(const std::filesystem::path& directory, std::uint64_t count, int* out) {
  int ends[2];
  OPS_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
  const std::string program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "automation_child";
  std::string path = directory.string(), number = std::to_string(count);
  char* values[] = {const_cast<char*>("automation_child"), path.data(), number.data(), nullptr};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execv(program.c_str(), values);
    ::_exit(127);
  }
  ::close(ends[1]);
  *out = ends[0];
  return pid;
}

/// Kills the child some time after its first word.
void run_and_kill(const std::filesystem::path& directory, std::uint64_t count, int life_ms) {
  int out = -1;
  const pid_t pid = start_child(directory, count, &out);
  char byte = 0;
  static_cast<void>(::read(out, &byte, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(life_ms));
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ::close(out);
}

int run_to_the_end(const std::filesystem::path& directory, std::uint64_t count) {
  int out = -1, status = -1;
  const pid_t pid = start_child(directory, count, &out);
  ::waitpid(pid, &status, 0);
  ::close(out);
  return status;
}

/// How often each first tag of the type's events occurs.
std::map<std::string, int> by_tag(const RocksLedger& ledger, const std::string& type,
                                  std::string_view key) {
  std::map<std::string, int> found;
  const auto cursor = ledger.read({{{{type}, {}}}}, {}).value();
  for (auto span = cursor->next().value(); !span.empty(); span = cursor->next().value()) {
    for (const auto& event : span) {
      for (const auto tag : event.tags()) {
        if (tag.starts_with(key)) ++found[std::string(tag)];
      }
    }
  }
  return found;
}

int not_equal(const std::map<std::string, int>& counts, std::size_t expected, int each) {
  int findings = counts.size() == expected ? 0 : 1;
  for (const auto& [tag, count] : counts) {
    if (count == each) continue;
    ++findings;
    ADD_FAILURE() << tag << " " << count << " times instead of " << each;
  }
  return findings;
}

TEST(AutomationKilled, EveryTimerAndEveryTriggerHasExactlyOneOutcome) {
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", std::random_device{}());
  const auto rounds = testing_support::from_environment("OPSLEDGER_ROUNDS", 8);
  std::mt19937_64 random(seed);
  const TemporaryDirectory directory;
  std::uint64_t count = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    count += kPerRound;
    run_and_kill(directory.path(), count, 1 + static_cast<int>(random() % kLifeMsMax));
  }
  ASSERT_EQ(run_to_the_end(directory.path(), count), 0) << "OPSLEDGER_SEED=" << seed;
  const RealClock clock;
  LedgerOptions options;
  options.directory = directory.path() / "ledger";
  options.disk_free_bytes_min = 0;
  const auto ledger = RocksLedger::open(options, clock).value();
  int findings = 0;
  findings += not_equal(by_tag(*ledger, "timer.scheduled", "timer:"), count, 2);
  findings += not_equal(by_tag(*ledger, "timer.fired", "timer:"), count, 2);
  findings += not_equal(by_tag(*ledger, "alarm.rang", "alarm:"), count, 2);
  findings += not_equal(by_tag(*ledger, "rule.fired", "trigger:"), count, 1);
  findings += not_equal(by_tag(*ledger, "chain.added", "chain:"), count, 1);
  EXPECT_EQ(findings, 0) << "OPSLEDGER_SEED=" << seed;
  std::printf("campaign: automation seed=%llu rounds=%llu findings=%d timers=%llu triggers=%llu\n",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(rounds),
              findings, static_cast<unsigned long long>(2 * count),
              static_cast<unsigned long long>(count));
}

}  // namespace
}  // namespace opsledger::testing_support
