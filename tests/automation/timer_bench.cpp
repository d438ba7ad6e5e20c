// timer_bench DIR [COUNT]: schedules COUNT (1,000,000) timers by commands, opens everything again,
// and fires them all. Prints `name: value unit` lines.
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/automation/automation_world.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::uint64_t kOpenMax = 1'024;

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void wait_projected(const AutomationWorld& world) {
  while (!world.projections->wait_for("timer", world.ledger->durable().position,
                                      std::chrono::seconds(60))) {
  }
}

void schedule(AutomationWorld* world, std::uint64_t count) {
  std::atomic<std::uint64_t> open{0};
  for (std::uint64_t i = 0; i < count; ++i) {
    while (open >= kOpenMax) std::this_thread::yield();
    ++open;
    world->send("alarm.set",
                {{"id", std::to_string(i)},
                 {"after_us", 3'600'000'000 + static_cast<std::int64_t>(i * 7'919 % 1'000'000)},
                 {"working", false},
                 {"times", 1}},
                "", [&open](Result<CommandOutcome>) { --open; });
  }
  while (open > 0) std::this_thread::yield();
}

void report(const char* what, std::uint64_t count, double seconds, double cpu) {
  std::printf("%s: %.0f 1/s\n%s_cpu: %.1f us\n", what, static_cast<double>(count) / seconds, what,
              cpu / static_cast<double>(count) * 1e6);
}

int run(const std::filesystem::path& directory, std::uint64_t count) {
  ManualClock clock;
  {
    AutomationWorld world(directory, clock);
    const auto begin = Steady::now();
    const double cpu = cpu_seconds();
    schedule(&world, count);
    report("timer_schedule", count, seconds_since(begin), cpu_seconds() - cpu);
    wait_projected(world);
  }
  auto begin = Steady::now();
  AutomationWorld world(directory, clock);
  std::printf("timer_world_open: %.3f s\n", seconds_since(begin));
  begin = Steady::now();
  if (!world.scheduler->run_until_idle()) return 1;
  std::printf("timer_start: %.3f s\n", seconds_since(begin));
  clock.advance(7'200'000'000);
  begin = Steady::now();
  const double cpu = cpu_seconds();
  if (!world.scheduler->run_until_idle()) return 1;
  report("timer_fire", count, seconds_since(begin), cpu_seconds() - cpu);
  return world.count("timer.fired") == count ? 0 : 1;
}

}  // namespace
}  // namespace opsledger::testing_support

int main(int count, char** values) {
  if (count < 2) return 1;
  return opsledger::testing_support::run(values[1], count > 2 ? std::stoull(values[2]) : 1'000'000);
}
