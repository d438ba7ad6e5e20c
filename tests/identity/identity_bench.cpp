// What a request pays for being asked who it is, with 10,000 accounts that have a token each.
#include <benchmark/benchmark.h>

#include "kernel/identity/identities.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/memory_record_store.hpp"

namespace opsledger {
namespace {

class StillClock final : public Clock {
 public:
  Time now() const override { return {1'794'398'400'000'000}; }
};

struct World {
  StillClock clock;
  MemoryLedger ledger{clock};
  std::unique_ptr<KeyStore> secrets =
      KeyStore::open(std::make_unique<MemoryRecordStore>(), MasterKey({1}), "memory").value();
  std::unique_ptr<Identities> identities =
      Identities::open(ledger, *secrets, clock, IdentityLimits()).value();
  std::vector<std::string> tokens;
  std::string session;

  World() {
    for (int i = 0; i < 10'000; ++i) {
      const std::string id = "P-" + std::to_string(i);
      OPS_ASSERT(identities->accounts().create({id, AccountKind::kPerson, "", ""}, "bench").ok());
      tokens.push_back(identities->issue_token({id, "", {}, {}}, id).value().text);
    }
    const auto account = identities->accounts().find("P-0");
    session = identities->open_session(account, "127.0.0.1").value().text;
  }
};

World& world() {
  static World only;
  return only;
}

void CheckToken(benchmark::State& state) {
  World& all = world();
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(all.identities->check_token(all.tokens[next++ % all.tokens.size()]));
  }
}
BENCHMARK(CheckToken);

void CheckSession(benchmark::State& state) {
  World& all = world();
  for (auto _ : state) benchmark::DoNotOptimize(all.identities->check_session(all.session));
}
BENCHMARK(CheckSession);

void CheckForgedToken(benchmark::State& state) {
  World& all = world();
  std::string forged = all.tokens[0];
  forged.back() = forged.back() == '0' ? '1' : '0';
  for (auto _ : state) benchmark::DoNotOptimize(all.identities->check_token(forged));
}
BENCHMARK(CheckForgedToken);

}  // namespace
}  // namespace opsledger
