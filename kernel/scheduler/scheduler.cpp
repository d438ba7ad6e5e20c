#include "kernel/scheduler/scheduler.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <set>
#include <thread>

#include "kernel/command/timer_events.hpp"
#include "kernel/scheduler/due_timers.hpp"
#include "kernel/scheduler/limits.hpp"
#include "kernel/scheduler/recalculation.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/base/limits.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr const char* kActor = "opsledger";

/// A timer and what its event says.
struct Firing {
  WaitingTimer timer;
  std::string module, command, department, correlation;
  json::value data;
  Duration late_by{};
};

/// Refusals that will be the same tomorrow; others are tried again.
bool final(const Error& error) {
  switch (error.code) {
    case Code::kMalformed:
    case Code::kInvalid:
    case Code::kNotFound:
    case Code::kForbidden:
    case Code::kTooLarge:
    case Code::kUnsupported:
    case Code::kUnauthenticated:
    case Code::kRejected:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct Scheduler::Impl {
  Impl(Ledger& l, const Registry& r, const SchemaCatalog& s, CommandService& c,
       const ProjectionEngine& p, const CalendarBook& b, const Clock& k, Options o)
      : ledger(l),
        registry(r),
        schemas(s),
        commands(c),
        clock(k),
        options(std::move(o)),
        parts{l, p, b},
        due(l, p, options.window) {}

  void run();
  Status pass();
  Status look_at_calendars();
  void look_at_suspended();
  void finish_failed();
  Result<std::size_t> fire_due();
  Result<bool> fire(WaitingTimer timer);
  Result<Firing> load(WaitingTimer timer) const;
  Result<Position> scheduling_event(const WaitingTimer& timer) const;
  bool runs(const Firing& firing);
  CommandRequest request(const std::shared_ptr<Firing>& firing) const;
  void fired(const std::shared_ptr<Firing>& firing, Result<CommandOutcome> outcome);
  void record_failure(const std::shared_ptr<Firing>& firing, const Error& error);
  void landed(const std::string& name);
  void retry(WaitingTimer timer);
  bool idle();
  void wait_for_room();
  void wait_for_work();
  void complain(const std::string& text) const {
    if (options.log) options.log(text);
  }

  Ledger& ledger;
  const Registry& registry;
  const SchemaCatalog& schemas;
  CommandService& commands;
  const Clock& clock;
  const Options options;
  const RecalculationParts parts;

  // the scheduler's thread alone
  DueTimers due;
  std::set<std::pair<std::string, std::string>> suspended;  // module, department
  bool calendars_changed = true;
  std::string last_complaint;

  mutable std::mutex mutex;  // guards all below
  std::condition_variable wake;
  std::map<std::string, Position> flying;
  std::vector<WaitingTimer> returned;
  std::vector<std::pair<std::shared_ptr<Firing>, Error>> failed;
  bool poked = false, stopping = false;
  Metrics counted;

  std::shared_ptr<void> subscription;
  std::thread thread;
};

Scheduler::Scheduler(Ledger& ledger, const Registry& registry, const SchemaCatalog& schemas,
                     CommandService& commands, const ProjectionEngine& projections,
                     const CalendarBook& calendars, const Clock& clock, Options options)
    : impl_(std::make_unique<Impl>(ledger, registry, schemas, commands, projections, calendars,
                                   clock, std::move(options))) {
  impl_->due.reload({});
}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::start() {
  auto* impl = impl_.get();
  impl->subscription = impl->ledger.subscribe([impl](Position) {
    const std::lock_guard lock(impl->mutex);
    impl->poked = true;
    impl->wake.notify_all();
  });
  impl->thread = std::thread([impl] { impl->run(); });
}

void Scheduler::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    impl_->wake.notify_all();
  }
  impl_->subscription.reset();
  if (impl_->thread.joinable()) impl_->thread.join();
  std::unique_lock lock(impl_->mutex);
  impl_->wake.wait(lock, [&] { return impl_->flying.empty(); });
}

Status Scheduler::run_until_idle() {
  for (;;) {
    OPS_TRY(impl_->pass());
    if (impl_->idle()) return {};
    std::unique_lock lock(impl_->mutex);
    impl_->wake.wait(lock, [&] { return impl_->flying.empty(); });
  }
}

std::optional<Time> Scheduler::next_due() const {
  return impl_->due.next_due();
}

Scheduler::Metrics Scheduler::metrics() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counted;
}

void Scheduler::Impl::run() {
  for (;;) {
    if (auto status = pass(); !status.ok() && status.error().message != last_complaint) {
      last_complaint = status.error().message;
      complain("timers wait: " + last_complaint);
    }
    {
      const std::lock_guard lock(mutex);
      if (stopping) return;
    }
    wait_for_work();
  }
}

/// Everything that can be done now.
Status Scheduler::Impl::pass() {
  finish_failed();
  look_at_suspended();
  OPS_TRY_ASSIGN(const bool calendars, due.follow());
  calendars_changed = calendars_changed || calendars;
  OPS_TRY(look_at_calendars());
  OPS_TRY_ASSIGN(const std::size_t count, fire_due());
  static_cast<void>(count);
  const std::lock_guard lock(mutex);
  counted.waiting = due.waiting();
  return {};
}

Status Scheduler::Impl::look_at_calendars() {
  if (!calendars_changed) return {};
  OPS_TRY_ASSIGN(const bool wanted, recalculation_due(parts));
  if (wanted) {
    OPS_TRY_ASSIGN(const auto moved, recalculate(parts));
    OPS_TRY(due.follow());
    const std::lock_guard lock(mutex);
    counted.rescheduled += moved;
  }
  calendars_changed = false;
  return {};
}

/// A module that runs again somewhere: its timers are in the table.
void Scheduler::Impl::look_at_suspended() {
  const auto runs_again = [&](const auto& place) {
    return options.enabled(place.first, place.second);
  };
  if (std::ranges::none_of(suspended, runs_again)) return;
  suspended.clear();
  const std::lock_guard lock(mutex);
  due.reload(flying);
}

Result<std::size_t> Scheduler::Impl::fire_due() {
  std::size_t count = 0;
  const Time now = clock.now();
  for (;; ++count) {
    wait_for_room();
    std::vector<WaitingTimer> back;
    {
      const std::lock_guard lock(mutex);
      if (stopping) return count;
      back = std::exchange(returned, {});
    }
    for (auto& timer : back) due.put_back(std::move(timer));
    OPS_TRY_ASSIGN(auto timer, due.take_due(now));
    if (!timer) return count;
    OPS_TRY(fire(std::move(*timer)));
  }
}

/// A timer that was moved holds its command in an older event.
Result<Position> Scheduler::Impl::scheduling_event(const WaitingTimer& timer) const {
  if (timer.scheduled.value != 0) return timer.scheduled;
  ReadOptions newest;
  newest.direction = Direction::kBackward;
  newest.limit = 1;
  newest.after = timer.changed;
  OPS_TRY_ASSIGN(const auto cursor,
                 ledger.read({{{{kTimerScheduled}, {"timer:" + timer.name}}}}, newest));
  OPS_TRY_ASSIGN(const auto found, cursor->next());
  if (found.empty()) {
    return Error{Code::kCorrupt, "timer.unknown", "timer " + timer.name + " was never scheduled"};
  }
  return found.front().position;
}

Result<Firing> Scheduler::Impl::load(WaitingTimer timer) const {
  OPS_TRY_ASSIGN(timer.scheduled, scheduling_event(timer));
  OPS_TRY_ASSIGN(const auto event, ledger.get(timer.scheduled));
  OPS_TRY_ASSIGN(auto value, parse_json(event->data));
  Firing firing;
  firing.department = event->department;
  firing.correlation = event->correlation;
  firing.late_by = std::max(Duration(0), clock.now() - timer.due_at);
  firing.timer = std::move(timer);
  try {
    auto& fields = value.as_object();
    firing.module = fields.at("module").as_string();
    firing.command = fields.at("command").as_string();
    firing.data = std::move(fields.at("data"));
  } catch (const std::exception&) {
    return Error{
        Code::kCorrupt, "timer.event_unreadable",
        "event " + std::to_string(firing.timer.scheduled.value) + " is no timer.scheduled"};
  }
  return firing;
}

/// Timers of a module that is not loaded wait like those of one that is disabled.
bool Scheduler::Impl::runs(const Firing& firing) {
  if (!registry.command(firing.command)) return false;
  if (!options.enabled || options.enabled(firing.module, firing.department)) return true;
  suspended.emplace(firing.module, firing.department);
  return false;
}

Result<bool> Scheduler::Impl::fire(WaitingTimer timer) {
  {
    const std::lock_guard lock(mutex);
    if (flying.contains(timer.name)) {  // its newer self; the one on its way decides
      timer.not_before = clock.now() + scheduler_limits::kRetryMin;
      returned.push_back(std::move(timer));
      return false;
    }
  }
  OPS_TRY_ASSIGN(auto loaded, load(std::move(timer)));
  if (!runs(loaded)) return false;
  const auto firing = std::make_shared<Firing>(std::move(loaded));
  {
    const std::lock_guard lock(mutex);
    flying.emplace(firing->timer.name, firing->timer.changed);
  }
  commands.execute(request(firing), [this, firing](Result<CommandOutcome> outcome) {
    fired(firing, std::move(outcome));
  });
  return true;
}

CommandRequest Scheduler::Impl::request(const std::shared_ptr<Firing>& firing) const {
  const WaitingTimer& timer = firing->timer;
  auto trigger = std::make_shared<Trigger>();
  trigger->guard = timer_item(timer.name);
  trigger->after = timer.changed;
  trigger->timer_id = timer.name;
  trigger->late_by = firing->late_by;
  trigger->events = [firing](const Error* refusal) {
    return std::vector{timer_fired(firing->timer.name, firing->command, firing->timer.due_at,
                                   firing->late_by, refusal)};
  };
  CommandRequest request;
  request.type = firing->command;
  request.data = firing->data;
  request.context.actor = kActor;
  request.context.trusted = true;
  request.context.department = firing->department;
  request.context.correlation = firing->correlation;
  if (registry.command(firing->command)->info().reason_required) {
    request.context.reason = "timer " + timer.name;
  }
  request.causation = timer.scheduled;
  request.internal = true;
  request.trigger = std::move(trigger);
  return request;
}

/// On any thread; appends nothing.
void Scheduler::Impl::fired(const std::shared_ptr<Firing>& firing, Result<CommandOutcome> outcome) {
  const std::lock_guard lock(mutex);
  const auto& name = firing->timer.name;
  if (outcome.ok()) {
    ++(outcome->refusal ? counted.rejected : counted.fired);
  } else if (outcome.error().reason == "trigger.done") {
    ++counted.overtaken;
  } else if (final(outcome.error())) {
    failed.emplace_back(firing, outcome.error());
    wake.notify_all();
    return;  // still flying until that is recorded
  } else {
    retry(firing->timer);
    complain("timer " + name + " is tried again: " + outcome.error().message);
  }
  flying.erase(name);
  wake.notify_all();
}

/// Under the mutex.
void Scheduler::Impl::retry(WaitingTimer timer) {
  const auto wait = std::min(scheduler_limits::kRetryMax,
                             scheduler_limits::kRetryMin * (1 << std::min(timer.failures, 10u)));
  timer.not_before = clock.now() + wait;
  ++timer.failures;
  ++counted.retried;
  returned.push_back(std::move(timer));
}

void Scheduler::Impl::landed(const std::string& name) {
  const std::lock_guard lock(mutex);
  flying.erase(name);
  wake.notify_all();
}

/// Refused before anything was decided: that, too, is what became of the timer.
void Scheduler::Impl::finish_failed() {
  std::vector<std::pair<std::shared_ptr<Firing>, Error>> all;
  {
    const std::lock_guard lock(mutex);
    all = std::exchange(failed, {});
  }
  for (const auto& [firing, error] : all) record_failure(firing, error);
}

void Scheduler::Impl::record_failure(const std::shared_ptr<Firing>& firing, const Error& error) {
  const WaitingTimer& timer = firing->timer;
  Proposal proposal;
  proposal.events.push_back(
      timer_fired(timer.name, firing->command, timer.due_at, firing->late_by, &error));
  proposal.events.back().department = firing->department;
  proposal.events.back().actor = kActor;
  proposal.events.back().causation = timer.scheduled;
  proposal.condition = AppendCondition{{{timer_item(timer.name)}}, timer.changed};
  auto accepted = ledger.append(std::move(proposal), [this, firing](Result<AppendOutcome> outcome) {
    {
      const std::lock_guard lock(mutex);
      if (outcome.ok()) {
        ++counted.failed;
      } else {
        retry(firing->timer);
      }
    }
    landed(firing->timer.name);
  });
  if (accepted.ok()) return;
  {
    const std::lock_guard lock(mutex);
    if (accepted.error().code == Code::kConflict) {
      ++counted.overtaken;
    } else {
      retry(timer);
    }
  }
  landed(timer.name);
}

/// Nothing on its way and nothing due.
bool Scheduler::Impl::idle() {
  const std::lock_guard lock(mutex);
  if (!flying.empty() || !failed.empty()) return false;
  const Time now = clock.now();
  return std::ranges::none_of(returned,
                              [&](const auto& timer) { return timer.not_before <= now; }) &&
         due.caught_up(now);
}

void Scheduler::Impl::wait_for_room() {
  std::unique_lock lock(mutex);
  if (flying.size() < options.firing_max) return;
  wake.wait(lock,
            [&] { return stopping || !failed.empty() || flying.size() <= options.firing_max / 2; });
}

void Scheduler::Impl::wait_for_work() {
  const auto next = due.next_due();
  std::chrono::milliseconds sleep = scheduler_limits::kSleepMax;
  if (next) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock.now());
    sleep = std::clamp(left, scheduler_limits::kPassMin, sleep);
  }
  std::unique_lock lock(mutex);
  wake.wait_for(lock, scheduler_limits::kPassMin, [&] { return stopping; });
  wake.wait_for(lock, sleep,
                [&] { return stopping || std::exchange(poked, false) || !failed.empty(); });
}

}  // namespace opsledger
