// ledger_bench append|read DIR [key=value…]: the RocksDB ledger in process, one `name: value unit`
// per line. append: batch= in_flight= clients= seconds= conditions=0|1 conflicts=<percent>
// warm=<events appended before> disk=0|1 (bytes per event, packed and compacted). read: events=
// seconds=.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>

#include "storage/rocksdb/ledger_db.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/bench/ledger_workload.hpp"

namespace opsledger::bench {
namespace {

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return {std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
  }
};

using Arguments = std::map<std::string, std::string>;

double number(const Arguments& arguments, const std::string& name, double otherwise) {
  const auto found = arguments.find(name);
  return found == arguments.end() ? otherwise : std::stod(found->second);
}

void print(const std::string& name, double value, const char* unit) {
  std::printf("%s: %.6g %s\n", name.c_str(), value, unit);
  std::fflush(stdout);
}

void print_all(const std::string& name, const Measured& measured) {
  print(name, measured.per_second, "events/s");
  if (measured.p50_us == 0) return;
  print(name + "_p50", measured.p50_us, "us");
  print(name + "_p99", measured.p99_us, "us");
  print(name + "_cpu", measured.cpu_us, "us/event");
  if (measured.conflicts > 0) print(name + "_conflicts", measured.conflicts, "appends/s");
}

void run_append(RocksLedger& ledger, const Arguments& arguments) {
  AppendLoad load;
  load.batch = static_cast<std::size_t>(number(arguments, "batch", 1));
  load.in_flight = static_cast<std::size_t>(number(arguments, "in_flight", 1));
  load.clients = static_cast<std::size_t>(number(arguments, "clients", 1));
  load.seconds = number(arguments, "seconds", 2);
  load.conditions = number(arguments, "conditions", 1) != 0;
  load.conflict_share = static_cast<unsigned>(number(arguments, "conflicts", 0));
  load.warm_events = static_cast<std::uint64_t>(number(arguments, "warm", 0));
  print_all("append_b" + std::to_string(load.batch) + "_f" + std::to_string(load.in_flight) + "_c" +
                std::to_string(load.clients),
            measure_append(ledger, load));
}

std::uint64_t directory_bytes(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

/// Of each column family of the closed ledger, flushed and compacted, per event.
void print_compacted(const std::string& directory, std::uint64_t events) {
  const auto db = rocks::LedgerDb::open({.directory = directory + "/ledger"});
  OPS_ASSERT(db.ok());
  double sum = 0;
  for (std::size_t i = 0; i < rocks::kFamilies; ++i) {
    auto* const family = (*db)->family(static_cast<rocks::Family>(i));
    OPS_ASSERT((*db)->db().Flush({}, family).ok());
    OPS_ASSERT((*db)->db().CompactRange({}, family, nullptr, nullptr).ok());
    std::uint64_t bytes = 0;
    (*db)->db().GetIntProperty(family, "rocksdb.total-sst-files-size", &bytes);
    print("disk_" + family->GetName(), static_cast<double>(bytes) / static_cast<double>(events),
          "bytes/event");
    sum += static_cast<double>(bytes) / static_cast<double>(events);
  }
  print("disk", sum, "bytes/event");
}

void run_read(RocksLedger& ledger, const Arguments& arguments) {
  const double seconds = number(arguments, "seconds", 2);
  const auto events = static_cast<std::uint64_t>(number(arguments, "events", 1e6));
  if (ledger.durable().position.value < events) fill(ledger, events);
  ledger.wait_packed();
  for (int i = 0; i < 3; ++i) print_all("scan", measure_scan(ledger));
  print_all("tag_customer", measure_tag_reads(ledger, "customer", 100'000, seconds));
  print_all("tag_product", measure_tag_reads(ledger, "product", 1'000, seconds));
  print_all("get", measure_gets(ledger, seconds));
}

int run(const std::string& what, const std::string& directory, const Arguments& arguments) {
  const SystemClock clock;
  if (what == "append") std::filesystem::remove_all(directory);
  LedgerOptions options;
  options.directory = directory;
  const double begin = static_cast<double>(clock.now().us);
  auto ledger = RocksLedger::open(options, clock);
  if (!ledger.ok()) {
    std::fprintf(stderr, "%s\n", ledger.error().message.c_str());
    return 1;
  }
  print("open", (static_cast<double>(clock.now().us) - begin) / 1e3, "ms");
  if (what == "append") {
    run_append(**ledger, arguments);
    if (number(arguments, "disk", 0) == 0) return 0;
    (*ledger)->wait_packed();
    const std::uint64_t events = (*ledger)->durable().position.value;
    ledger->reset();
    print_compacted(directory, events);
  } else {
    run_read(**ledger, arguments);
    const auto events = static_cast<double>((*ledger)->durable().position.value);
    print("disk", static_cast<double>(directory_bytes(directory)) / events, "bytes/event");
  }
  return 0;
}

}  // namespace
}  // namespace opsledger::bench

int main(int count, char** values) {
  if (count < 3) {
    std::fprintf(stderr, "usage: ledger_bench append|read DIR [key=value…]\n");
    return 2;
  }
  std::map<std::string, std::string> arguments;
  for (int i = 3; i < count; ++i) {
    const std::string text = values[i];
    const auto equals = text.find('=');
    if (equals != std::string::npos) arguments[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return opsledger::bench::run(values[1], values[2], arguments);
}
