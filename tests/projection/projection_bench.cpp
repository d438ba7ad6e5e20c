// projection_bench DIR [keys=200000] [events=1000000] [modules=2] [cache_mb=] [batch=]: projecting
// with a row of 100 bytes read and written per event, every version kept, through a plugin. One
// `name: value unit` per line; cpu = of all threads, flushes and compactions included.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "kernel/plugin/plugin_library.hpp"
#include "kernel/projection/generation_builder.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::bench {
namespace {

constexpr std::size_t kNoteBytes = 83;  // with two numbers and a length: 100 bytes

struct Arguments {
  std::filesystem::path directory;
  std::uint64_t keys = 200'000, events = 1'000'000, modules = 2, cache_mb = 0, batch = 0;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}
double cpu_s(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}
double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
void print(const std::string& name, double value, const char* unit) {
  std::printf("%s: %.6g %s\n", name.c_str(), value, unit);
  std::fflush(stdout);
}

class Bench {
 public:
  explicit Bench(const Arguments& arguments)
      : arguments_(arguments),
        module_(load_plugin(std::string(BENCH_PLUGINS_DIR) + "/bench_plugin.so").value().front()),
        store_(open_table_store({arguments.directory}).value()) {
    const auto& type = module_->info().event_types[0];
    OPS_ASSERT(schemas_.ensure(ledger_, type.type, 1, type.schema).ok());
    OPS_ASSERT(registry_.add(module_).ok());
    std::mt19937_64 random(7);
    for (std::uint64_t i = 0; i < arguments.events;) {
      Proposal proposal;
      for (int n = 0; n < 1'000; ++n, ++i) proposal.events.push_back(event(random));
      OPS_ASSERT(append_and_wait(ledger_, std::move(proposal)).ok());
    }
  }

  /// `modules` projections at once, each on its own thread, each over all events.
  void project(std::uint64_t modules) {
    const auto name = "project_" + std::to_string(modules) + "_modules";
    const double begin = now_s(), cpu = cpu_s(RUSAGE_SELF);
    std::vector<std::thread> threads;
    std::vector<double> own(modules);
    for (std::uint64_t i = 0; i < modules; ++i) {
      threads.emplace_back([&, i] { project_one(name + "@" + std::to_string(i), &own[i]); });
    }
    for (auto& thread : threads) thread.join();
    const double events = static_cast<double>(arguments_.events * modules);
    print(name, events / (now_s() - begin), "events/s");
    print(name + "_own_cpu", own[0] * 1e6 / static_cast<double>(arguments_.events), "us/event");
    print(name + "_all_cpu", (cpu_s(RUSAGE_SELF) - cpu) * 1e6 / events, "us/event");
    for (std::uint64_t i = 0; i < modules; ++i) {
      OPS_ASSERT(store_->drop(name + "@" + std::to_string(i)).ok());
    }
  }

 private:
  NewEvent event(std::mt19937_64& random) const {
    const auto& type = module_->info().event_types[0];
    char id[17];
    std::snprintf(
        id, sizeof id, "%016llx",
        static_cast<unsigned long long>(random() % arguments_.keys * 0x9E37'79B9'7F4A'7C15ull));
    Bytes note(kNoteBytes, 'v');
    for (std::size_t i = 0; i < 48; ++i) note[i] = "0123456789abcdef"[random() & 15];
    NewEvent event;
    event.type = type.type;
    event.schema = type.schema->id();
    append_sized(id, &event.data);
    append_sized(note, &event.data);
    append_fixed(std::int64_t{1}, &event.data);
    return event;
  }

  void project_one(const std::string& name, double* cpu) {
    const ProjectionEngine::Options defaults;
    auto rows = store_->open(name).value();
    GenerationBuilder builder({ledger_, &ledger_, registry_, schemas_}, module_, rows,
                              {TableShape::make(module_->info().tables[0], 0).value()}, {},
                              {arguments_.batch == 0 ? defaults.batch_events_max : arguments_.batch,
                               arguments_.cache_mb == 0 ? defaults.row_cache_bytes_per_module
                                                        : arguments_.cache_mb << 20});
    for (auto done = builder.advance(); done.ok() && !*done;) done = builder.advance();
    OPS_ASSERT(builder.position() == ledger_.durable().position);
    *cpu = cpu_s(RUSAGE_THREAD);
  }

  const Arguments arguments_;
  testing_support::ManualClock clock_;
  MemoryLedger ledger_{clock_};
  SchemaCatalog schemas_;
  Registry registry_;
  std::shared_ptr<PluginInstance> module_;
  std::unique_ptr<TableStore> store_;
};

Arguments parse(int count, char** values) {
  Arguments arguments{values[1]};
  const std::map<std::string, std::uint64_t*> names{{"keys", &arguments.keys},
                                                    {"events", &arguments.events},
                                                    {"modules", &arguments.modules},
                                                    {"cache_mb", &arguments.cache_mb},
                                                    {"batch", &arguments.batch}};
  for (int i = 2; i < count; ++i) {
    const std::string text = values[i];
    const auto equals = text.find('=');
    const auto found = names.find(text.substr(0, equals));
    OPS_ASSERT(equals != std::string::npos && found != names.end());
    *found->second = std::stoull(text.substr(equals + 1));
  }
  return arguments;
}

}  // namespace
}  // namespace opsledger::bench

int main(int count, char** values) {
  using namespace opsledger::bench;
  if (count < 2) {
    std::fprintf(stderr,
                 "usage: projection_bench DIR [keys=] [events=] [modules=] [cache_mb=] [batch=]\n");
    return 2;
  }
  const Arguments arguments = parse(count, values);
  std::filesystem::remove_all(arguments.directory);
  {
    Bench bench(arguments);
    for (std::uint64_t modules = 1; modules <= arguments.modules; ++modules) bench.project(modules);
  }
  std::filesystem::remove_all(arguments.directory);
  return 0;
}
