// automation_child DIR COUNT: sets COUNT alarms and marks COUNT chains, each once over any number
// of runs, lets timers and rules do their work, and ends when all of it is done. Says `open` first.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/automation/automation_world.hpp"

namespace opsledger::testing_support {
namespace {

int run(const std::filesystem::path& directory, std::uint64_t count) {
  const RealClock clock;
  AutomationWorld world(directory, clock);
  world.start();
  std::puts("open");
  std::fflush(stdout);
  std::atomic<std::uint64_t> open{0};
  const auto done = [&](Result<CommandOutcome>) { --open; };
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    open += 2;
    world.send(
        "alarm.set",
        {{"id", id}, {"after_us", 20'000 + (i % 50) * 1'000}, {"working", false}, {"times", 2}},
        "set-" + id, done);
    world.send("chain.mark", {{"id", id}}, "mark-" + id, done);
    while (open > 64) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  while (open > 0 || world.count("alarm.rang") < 2 * count || world.count("rule.fired") < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return 0;
}

}  // namespace
}  // namespace opsledger::testing_support

int main(int count, char** values) {
  if (count != 3) return 1;
  return opsledger::testing_support::run(values[1], std::stoull(values[2]));
}
