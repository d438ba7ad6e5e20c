// Kill rounds: the process dies between a call and the record of its outcome.
//   OPSLEDGER_EFFECT_KILLS=200 (default 8), OPSLEDGER_SEED
#include <sys/wait.h>

#include <map>
#include <random>
#include <set>

#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/effects/effect_world.hpp"
#include "tests/effects/local_server.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {
namespace {

/// The child, and the right to kill it from any thread.
class Child {
 public:
  void start(const std::string& directory, const std::string& place, std::size_t count) {
    const std::string number = std::to_string(count);
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl(DELIVERY_CHILD_PATH, "delivery_child", directory.c_str(), place.c_str(),
              number.c_str(), nullptr);
      ::_exit(127);
    }
    pid_ = pid;
  }
  void kill() {
    if (const pid_t pid = pid_; pid > 0) ::kill(pid, SIGKILL);
  }
  /// Exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  std::atomic<pid_t> pid_{0};
};

TEST(EffectKill, EveryNotificationArrivesAndIsRecordedOnceWhereverTheProcessDies) {
  const auto kills =
      static_cast<unsigned>(testing_support::from_environment("OPSLEDGER_EFFECT_KILLS", 8));
  const auto seed = testing_support::from_environment("OPSLEDGER_SEED", 7);
  std::printf("seed %lu\n", static_cast<unsigned long>(seed));
  std::mt19937_64 random(seed);
  std::mutex mutex;
  unsigned left = kills;
  const std::size_t count = 6 * kills + 10;
  Child child;
  HttpEndpoint endpoint([&](const auto&) {
    const std::lock_guard lock(mutex);
    if (left > 0 && random() % 4 == 0) {
      --left;
      if (random() % 2 == 0)
        child.kill();  // before it has the answer
      else
        std::thread([&child] { child.kill(); }).detach();  // about when it has
    }
    return HttpEndpoint::ok("", random() % 5 == 0 ? "503 Busy" : "204 No Content");
  });
  const testing_support::TemporaryDirectory directory;
  const auto path = (directory.path() / "ledger").string();
  unsigned deaths = 0;
  for (int status = -1; status != 0;) {
    child.start(path, endpoint.place(), count);
    status = child.wait();
    ASSERT_TRUE(status == 0 || status == -SIGKILL) << "the child ended with " << status;
    deaths += status == 0 ? 0 : 1;
  }
  ManualClock clock;
  LedgerOptions options;
  options.directory = path;
  auto ledger = RocksLedger::open(options, clock);
  ASSERT_TRUE(ledger.ok());
  EffectWorld world(**ledger, clock);
  ASSERT_TRUE(world.schemas.load(**ledger).ok());
  std::map<std::uint64_t, unsigned> sent;
  for (const auto& event : world.events("notification.sent")) {
    ++sent[event.at("queued").to_number<std::uint64_t>()];
  }
  EXPECT_EQ(sent.size(), count);
  for (const auto& [queued, times] : sent) EXPECT_EQ(times, 1u) << queued;
  std::map<std::string, std::set<std::string>> by_key;
  for (const auto& request : endpoint.seen.wait(count)) {
    const auto body = boost::json::parse(request.body);
    by_key[request.headers.at("idempotency-key")].insert(
        std::string(body.at("notification").as_string()));
  }
  EXPECT_EQ(by_key.size(), count);
  for (const auto& [key, notifications] : by_key) EXPECT_EQ(notifications.size(), 1u) << key;
  std::printf("campaign: effect-kills seed=%lu rounds=%u findings=%d calls=%zu notifications=%zu\n",
              static_cast<unsigned long>(seed), deaths, HasFailure() ? 1 : 0, endpoint.seen.size(),
              count);
}

}  // namespace
}  // namespace opsledger::testing
