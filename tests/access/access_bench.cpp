// What a right costs to check: 10,000 people, 200 departments, 100 modules switched in each.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <random>

#include "kernel/access/role_events.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "tests/support/test_module.hpp"

namespace opsledger::testing {
namespace {

constexpr int kPeople = 10'000, kDepartments = 200, kModules = 100;
constexpr int kLevels = 5;

class BenchClock final : public Clock {
 public:
  Time now() const override { return {1'794'398'400'000'000}; }
};

/// Built once: a tree of departments, people in positions three levels deep, switches.
class Company {
 public:
  Company() {
    static_cast<void>(registry_.add(std::make_shared<TestModule>()));
    static_cast<void>(record_default_roles(ledger_, model_, registry_, "opsledger"));
    departments();
    people();
    modules();
    const auto begin = std::chrono::steady_clock::now();
    AccessModel fresh(ledger_, schemas_, clock_, {});
    if (!fresh.load().ok() || !model_.load().ok()) std::abort();
    load_ms_ =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  }
  static std::string person(int i) { return "P-" + std::to_string(i); }
  static std::string department(int i) { return "D-" + std::to_string(i); }

  BenchClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  Registry registry_;
  AccessModel model_{ledger_, schemas_, clock_, {}};
  double load_ms_ = 0;

 private:
  void add(const std::string& type, const boost::json::object& data) {
    NewEvent event;
    event.type = type;
    event.data = boost::json::serialize(data);
    batch_.events.push_back(std::move(event));
    if (batch_.events.size() == 500) flush();
  }
  void flush() {
    if (batch_.events.empty()) return;
    if (!append_and_wait(ledger_, std::exchange(batch_, {})).ok()) std::abort();
  }
  void departments() {
    for (int i = 0; i < kDepartments; ++i) {
      boost::json::object data{{"department", department(i)}};
      if (i > 0) data["parent"] = department((i - 1) / kLevels);
      add("department.created", data);
    }
  }
  void people() {
    static constexpr const char* kRoles[] = {"director", "ops_manager", "editor_lead",
                                             "ops_specialist", "editor"};
    for (int i = 0; i < kPeople; ++i) {
      const auto position = "S-" + std::to_string(i);
      add("position.defined", {{"position", position},
                               {"department", department(i % kDepartments)},
                               {"role", kRoles[i % kLevels]},
                               {"reports_to", i == 0 ? "" : "S-" + std::to_string((i - 1) / 10)}});
      add("account.created", {{"account", person(i)}});
      add("person.appointed", {{"person", person(i)},
                               {"position", position},
                               {"from", "2020-01-01"},
                               {"primary", true}});
    }
    flush();
  }
  void modules() {
    for (int m = 0; m < kModules; ++m) {
      for (int d = 0; d < kDepartments; ++d) {
        add((m + d) % 3 == 0 ? "module.disabled" : "module.enabled",
            {{"module", "module_" + std::to_string(m)}, {"department", department(d)}});
      }
    }
    flush();
  }
  Proposal batch_;
};

Company& company() {
  static Company company;
  return company;
}

void report(benchmark::State& state, std::vector<double> microseconds) {
  std::sort(microseconds.begin(), microseconds.end());
  const auto at = [&](double share) {
    return microseconds[static_cast<std::size_t>(share *
                                                 static_cast<double>(microseconds.size() - 1))];
  };
  state.counters["p50_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.counters["p999_us"] = at(0.999);
  state.counters["load_ms"] = company().load_ms_;
}

template <class Ask>
void measure(benchmark::State& state, Ask ask) {
  std::mt19937 random(7);
  std::vector<double> microseconds;
  for (auto _ : state) {
    RequestContext context;
    const int who = static_cast<int>(random() % kPeople);
    context.actor = Company::person(who);
    context.authenticated = true;
    context.department = Company::department(static_cast<int>(random() % kDepartments));
    const auto begin = std::chrono::steady_clock::now();
    ask(context);
    microseconds.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  report(state, std::move(microseconds));
}

/// In one's own department: every role of the benchmark may.
void right_held(benchmark::State& state) {
  auto& all = company();
  measure(state, [&](RequestContext& context) {
    context.department = Company::department(std::stoi(context.actor.substr(2)) % kDepartments);
    auto grant = all.model_.require({"task", "task.assign", 'C'}, context, context.department);
    if (!grant.ok()) state.SkipWithError(grant.error().message.c_str());
  });
}
BENCHMARK(right_held);

/// In any department: nearly always refused, and recorded within the allowance.
void right_refused(benchmark::State& state) {
  auto& all = company();
  measure(state, [&](RequestContext& context) {
    benchmark::DoNotOptimize(
        all.model_.require({"order", "order.hold", 'C'}, context, context.department));
  });
}
BENCHMARK(right_refused);

void row_scope(benchmark::State& state) {
  auto& all = company();
  measure(state, [&](RequestContext& context) {
    benchmark::DoNotOptimize(all.model_.visible({"order", "order.orders", 'V'}, context));
  });
}
BENCHMARK(row_scope);

}  // namespace
}  // namespace opsledger::testing

BENCHMARK_MAIN();
