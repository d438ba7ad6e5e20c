// bench read: the ledger read in process.
#include <filesystem>
#include <fstream>
#include <random>

#include "kernel/app/store.hpp"
#include "kernel/app/system_clock.hpp"
#include "tools/cli/bench.hpp"

namespace opsledger::cli {
namespace {

Status fill(Ledger& ledger, std::uint64_t events) {
  constexpr std::uint64_t kBatch = 1'000;
  for (std::uint64_t number = 0; number < events;) {
    Proposal proposal;
    while (number < events && proposal.events.size() < kBatch) {
      proposal.events.push_back(bench_history_event(number++, 0));
    }
    OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
    static_cast<void>(outcome);
  }
  return {};
}

struct Answer {
  std::uint64_t events = 0;
  double first_us = 0;  ///< until the first event was there
  double all_us = 0;
};

Result<Answer> ask(const Ledger& ledger, const Query& query, const ReadOptions& options = {}) {
  Answer answer;
  const Stopwatch watch;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto span, cursor->next());
    if (answer.events == 0) answer.first_us = watch.seconds() * 1e6;
    if (span.empty()) break;
    answer.events += span.size();
  }
  answer.all_us = watch.seconds() * 1e6;
  return answer;
}

Query tagged(std::vector<std::string> tags) {
  return {{{{}, std::move(tags)}}};
}

/// Random values of a tag, to the end.
Status measure_values(const Ledger& ledger, const BenchOptions& options, const std::string& name,
                      const std::string& key, std::uint64_t values, const BenchReport& report) {
  std::mt19937_64 random(42);
  std::uint64_t events = 0;
  std::vector<double> first;
  const Stopwatch watch;
  while (watch.seconds() < options.seconds) {
    OPS_TRY_ASSIGN(const Answer answer,
                   ask(ledger, tagged({key + ":" + std::to_string(random() % values)})));
    events += answer.events;
    first.push_back(answer.first_us);
  }
  const double seconds = watch.seconds();
  report.add(name + "_queries", static_cast<double>(first.size()) / seconds, "queries/s");
  report.add(name, static_cast<double>(events) / seconds, "events/s");
  report.add(name + "_first_p50", quantile(&first, 0.5), "us");
  report.add(name + "_first_p99", quantile(&first, 0.99), "us");
  return {};
}

/// One query, again and again; the first time with cold caches in this process.
Status measure_query(const Ledger& ledger, const BenchOptions& options, const std::string& name,
                     const Query& query, std::uint64_t limit, const BenchReport& report) {
  std::vector<double> first, all;
  std::uint64_t events = 0;
  const Stopwatch watch;
  do {
    OPS_TRY_ASSIGN(const Answer answer, ask(ledger, query, {.limit = limit}));
    events = answer.events;
    if (all.empty()) report.add(name + "_first_cold", answer.first_us, "us");
    first.push_back(answer.first_us);
    all.push_back(answer.all_us);
  } while (watch.seconds() < options.seconds);
  report.add(name + "_first", quantile(&first, 0.5), "us");
  report.add(name + "_events", static_cast<double>(events), "events");
  report.add(name + "_all", quantile(&all, 0.5), "us");
  return {};
}

Status measure_gets(const Ledger& ledger, const BenchOptions& options, const BenchReport& report) {
  std::mt19937_64 random(42);
  const std::uint64_t last = ledger.durable().position.value;
  std::uint64_t gets = 0;
  const Stopwatch watch;
  while (watch.seconds() < options.seconds) {
    OPS_TRY_ASSIGN(const auto event, ledger.get({1 + random() % last}));
    gets += event->position.value > 0;
  }
  report.add("read_get", static_cast<double>(gets) / watch.seconds(), "events/s");
  return {};
}

Status measure_scan(const Ledger& ledger, const BenchOptions& options, const BenchReport& report) {
  std::uint64_t scanned = 0;
  const Stopwatch watch;
  do {
    OPS_TRY_ASSIGN(const auto cursor, ledger.read({}, {}));
    while (watch.seconds() < options.seconds) {
      OPS_TRY_ASSIGN(const auto span, cursor->next());
      if (span.empty()) break;
      scanned += span.size();
    }
  } while (watch.seconds() < options.seconds);
  report.add("read_scan", static_cast<double>(scanned) / watch.seconds(), "events/s");
  return {};
}

void report_size(const BenchOptions& options, std::uint64_t events, const BenchReport& report) {
  std::uint64_t bytes = 0;
  std::error_code failed;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(options.config.data_directory, failed)) {
    if (entry.is_regular_file(failed)) bytes += entry.file_size(failed);
  }
  report.add("disk", static_cast<double>(bytes) / static_cast<double>(events), "bytes/event");
}

void report_memory(const char* name, const BenchReport& report) {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  report.add(name, resident * 4096 / (1 << 20), "MiB");
}

Status measure_all(const Ledger& ledger, const BenchOptions& options, const BenchReport& report) {
  const auto query = [&](const char* name, Query what, std::uint64_t limit) {
    return measure_query(ledger, options, name, what, limit, report);
  };
  OPS_TRY(query("read_rare_tag", tagged({"audit:flagged"}), UINT64_MAX));
  OPS_TRY(
      query("read_rare_tag_and_type", {{{{"shop.order_paid"}, {"audit:flagged"}}}}, UINT64_MAX));
  OPS_TRY(query("read_two_tags", tagged({"shelf:c", "carrier:d"}), UINT64_MAX));
  OPS_TRY(query("read_two_large_tags", tagged({"shelf:a", "carrier:b"}), UINT64_MAX));
  OPS_TRY(query("read_type_1000", {{{{"shop.order_paid"}, {}}}}, 1'000));
  OPS_TRY(measure_values(ledger, options, "read_tag_small", "customer", 100'000, report));
  OPS_TRY(measure_values(ledger, options, "read_tag_large", "product", 1'000, report));
  OPS_TRY(measure_gets(ledger, options, report));
  return measure_scan(ledger, options, report);
}

}  // namespace

Status bench_read(BenchOptions options, const BenchReport& report) {
  const ScratchFolder folder(options.directory);
  const SystemClock clock;
  if (!options.existing) {
    options.config.data_directory = folder.path() + "/data";
    OPS_TRY_ASSIGN(const auto store, Store::open(options.config, clock, {.create = true}));
    OPS_TRY(fill(store->ledger(), options.events));
  }
  const Stopwatch opening;
  OPS_TRY_ASSIGN(const auto store, Store::open(options.config, clock, {}));
  report.add("open", opening.seconds() * 1e3, "ms");
  report_memory("memory_opened", report);
  report_size(options, store->ledger().durable().position.value, report);
  OPS_TRY(measure_all(store->ledger(), options, report));
  report_memory("memory_after", report);
  return {};
}

}  // namespace opsledger::cli
