// bench fill: a big history at once.
#include <sys/resource.h>

#include "kernel/app/bulk.hpp"
#include "kernel/app/system_clock.hpp"
#include "tools/cli/bench.hpp"
#include "tools/cli/progress.hpp"

namespace opsledger::cli {
namespace {

constexpr std::uint64_t kBatch = 1'000;
constexpr Time kBegin{1'767'225'600'000'000};  // 2026-01-01
constexpr std::int64_t kMicrosPerEvent = 1'000;

Time time_of(std::uint64_t number) {
  return {kBegin.us + static_cast<std::int64_t>(number) * kMicrosPerEvent};
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Status bench_fill(BenchOptions options, const BenchReport& report) {
  const SystemClock clock;
  const Stopwatch watch;
  OPS_TRY_ASSIGN(const auto load, begin_backfill(options.config, clock, "bench fill", kBegin,
                                                 time_of(options.events)));
  Progress progress("filling", options.events, "events");
  for (std::uint64_t done = 0; done < options.events;) {
    std::vector<NewEvent> events;
    events.reserve(kBatch);
    while (done < options.events && events.size() < kBatch) {
      events.push_back(bench_history_event(done++, options.seed));
    }
    OPS_TRY_ASSIGN(const auto outcome, load->append(std::move(events), time_of(done)));
    static_cast<void>(outcome);
    progress.update(done);
  }
  const double loaded = watch.seconds();
  OPS_TRY_ASSIGN(const auto head, load->finish());
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto count = static_cast<double>(options.events);
  report.add("fill", count / watch.seconds(), "events/s");
  report.add("fill_last_step", watch.seconds() - loaded, "s");
  report.add("fill_cpu", (seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)) / count * 1e6,
             "us/event");
  report.add("fill_memory", static_cast<double>(usage.ru_maxrss) / 1024, "MiB");
  report.add("fill_last_position", static_cast<double>(head.position.value), "position");
  return {};
}

}  // namespace opsledger::cli
