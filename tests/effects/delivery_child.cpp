// The process that is killed: delivers what is queued to a webhook, until it is stopped.
//   delivery_child DIRECTORY HOST:PORT COUNT
#include <cstdio>

#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/effects/effect_world.hpp"

namespace {

class RealClock final : public opsledger::Clock {
 public:
  opsledger::Time now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
};

}  // namespace

int main(int argc, char** argv) {
  using namespace opsledger;
  OPS_ASSERT(argc == 4);
  const std::string place = argv[2];
  const RealClock clock;
  LedgerOptions options;
  options.directory = argv[1];
  auto ledger = RocksLedger::open(options, clock);
  OPS_ASSERT(ledger.ok());
  opsledger::testing::EffectWorld world(**ledger, clock);
  OPS_ASSERT(world.schemas.load(**ledger).ok());
  if (world.events("notify.channel_defined").empty()) {
    world.define_channel(
        {{"channel", "ops"}, {"kind", "webhook"}, {"url", "http://" + place + "/hook"}});
  }
  const auto wanted = static_cast<std::size_t>(std::stoul(argv[3]));
  EffectRunner::Options fast;
  fast.backoff = std::chrono::milliseconds(20);
  fast.backoff_max = std::chrono::milliseconds(50);
  fast.attempts_max = 1'000;
  world.run(fast, {{}, {place}});
  for (auto queued = world.events("notification.queued").size(); queued < wanted; ++queued) {
    world.post("ops");
  }
  std::puts("running");
  std::fflush(stdout);
  while (world.events("notification.sent").size() < wanted) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::puts("delivered");
  return 0;
}
