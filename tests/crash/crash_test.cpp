// kill -9 at random moments: nothing acknowledged is lost, nothing half-written is visible.
// $OPSLEDGER_CRASH_ROUNDS rounds (20), seed from $OPSLEDGER_SEED.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <sstream>

#include "storage/rocksdb/verify.hpp"
#include "tests/storage_rocksdb/rocks_harness.hpp"

namespace opsledger::testing_support {
namespace {

constexpr int kKillAfterMsMax = 400;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What one acknowledgement promised.
struct Promise {
  int counter = 0;
  long value = 0;
};
using Promises = std::map<std::uint64_t, Promise>;  // by position

/// The child process and the read end of its standard output.
struct Child {
  pid_t pid = -1;
  int out = -1;
};

Child start_child(const std::filesystem::path& directory, std::uint64_t seed) {
  int ends[2];
  OPS_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
  const std::string path = directory.string(), number = std::to_string(seed);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl(OPSLEDGER_CRASH_CHILD, "crash_child", path.c_str(), number.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

/// Reads what the child says until `milliseconds` after its first word, kills it, and reads the
/// rest: what stands in the pipe was acknowledged.
std::string run_and_kill(const Child& child, int milliseconds) {
  std::string text;
  char buffer[4096];
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  bool killed = false;
  for (;;) {
    pollfd out{child.out, POLLIN, 0};
    ::poll(&out, 1, 1);
    if (out.revents != 0) {
      const ssize_t got = ::read(child.out, buffer, sizeof buffer);
      if (got <= 0) break;
      if (text.empty()) {
        deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
      }
      text.append(buffer, static_cast<std::size_t>(got));
    }
    if (!killed && std::chrono::steady_clock::now() >= deadline) {
      ::kill(child.pid, SIGKILL);
      killed = true;
    }
  }
  ::close(child.out);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself, status " << status;
  return text;
}

void note_promises(const std::string& text, Promises* promises) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t position = 0;
    Promise promise;
    ASSERT_TRUE(words >> position >> promise.counter >> promise.value) << line;
    (*promises)[position] = promise;
  }
}

void check_promises(const Ledger& ledger, const Promises& promises) {
  for (const auto& [position, promise] : promises) {
    const auto event = ledger.get({position});
    ASSERT_TRUE(event.ok()) << "lost: " << position << ": " << event.error().message;
    EXPECT_TRUE((*event)->has_tag("counter:" + std::to_string(promise.counter))) << position;
    EXPECT_EQ((*event)->data, std::to_string(promise.value)) << position;
  }
}

/// Every counter counts 1, 2, 3, …: no condition was ever broken.
void check_counters(const Ledger& ledger) {
  std::map<std::string, long> values;
  const auto cursor = ledger.read(query_of({{{"counter.set"}, {}}}), {});
  ASSERT_TRUE(cursor.ok());
  for (;;) {
    const auto events = (*cursor)->next();
    ASSERT_TRUE(events.ok()) << events.error().message;
    if (events->empty()) break;
    for (const EventView& event : *events) {
      const long value = ++values[std::string(event.tags()[0])];
      ASSERT_EQ(event.data, std::to_string(value)) << event.position.value;
    }
  }
}

TEST(Crash, KilledLedgerKeepsEveryAcknowledgedEvent) {
  const std::uint64_t rounds = from_environment("OPSLEDGER_CRASH_ROUNDS", 20);
  const std::uint64_t seed = from_environment("OPSLEDGER_SEED", std::random_device()());
  SCOPED_TRACE("OPSLEDGER_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  TemporaryDirectory directory;
  const auto data = directory.path() / "data";
  Promises promises;
  for (std::uint64_t round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const Child child = start_child(data, seed + round);
    note_promises(run_and_kill(child, static_cast<int>(random() % kKillAfterMsMax)), &promises);
    if (round % 4 == 3) {  // sees the write-ahead log as the crash left it
      const auto report = verify_ledger({.directory = data});
      EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.message;
    }
    ManualClock clock;
    LedgerOptions options;
    options.directory = data;
    const auto ledger = RocksLedger::open(options, clock);
    ASSERT_TRUE(ledger.ok()) << "round " << round << ": " << ledger.error().message;
    check_promises(**ledger, promises);
    check_counters(**ledger);
  }
  const auto report = verify_ledger({.directory = data});
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.message;
  EXPECT_GT(promises.size(), rounds);
  RecordProperty("acknowledged", std::to_string(promises.size()));
}

}  // namespace
}  // namespace opsledger::testing_support
