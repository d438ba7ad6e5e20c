#include "kernel/effects/effect_runner.hpp"

#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "kernel/effects/effect_queue.hpp"
#include "kernel/effects/limits.hpp"

namespace opsledger {
namespace {

constexpr std::string_view kProgressed = "effect.progressed";
constexpr std::chrono::milliseconds kLookInterval{1'000};  ///< the clock may be set

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

std::chrono::milliseconds effect_backoff(const EffectRunner::Options& options, Position trigger,
                                         unsigned number) {
  auto wait = options.backoff;
  for (unsigned i = 1; i < number && wait < options.backoff_max; ++i) wait *= 2;
  wait = std::min(wait, options.backoff_max);
  const auto dice = mixed(options.seed ^ mixed(trigger.value * 64 + number)) % 401;
  return wait * (800 + static_cast<std::int64_t>(dice)) / 1000;
}

struct EffectRunner::Impl {
  Impl(Ledger& ledger, CommandService& commands, const Clock& clock, const Effect& effect,
       Options options)
      : ledger(ledger),
        commands(commands),
        clock(clock),
        effect(effect),
        options(std::move(options)) {}

  /// An attempt on its way: made by a worker, recorded by a command.
  struct Attempt {
    EffectQueue::Job job;
    EffectAttempt attempt;
    std::optional<EffectOutcome> outcome;  ///< set: made, and only to be recorded
    std::optional<Time> retry_at;
  };

  Ledger& ledger;
  CommandService& commands;
  const Clock& clock;
  const Effect& effect;
  const Options options;

  std::mutex mutex;  // guards all below
  std::condition_variable changed;
  EffectQueue queue;
  std::deque<std::shared_ptr<Attempt>> ready;  ///< for workers
  std::multimap<std::chrono::steady_clock::time_point, std::shared_ptr<Attempt>> unrecorded;
  bool stopping = false, woken = false;
  std::size_t recording = 0;
  std::size_t noted = 0;  ///< settled calls when progress was last written
  Position read{};
  Metrics counts;
  std::shared_ptr<void> subscription;
  std::thread coordinator;
  std::vector<std::thread> workers;

  void log(std::string_view text) const {
    if (options.log) options.log(text);
  }

  // The coordinator.
  Status read_progress();
  Status read_events();
  void hand_out();
  void coordinate();
  void note_progress(std::unique_lock<std::mutex>& lock);
  // Workers.
  void work();
  void perform(const std::shared_ptr<Attempt>& attempt);
  void record(const std::shared_ptr<Attempt>& attempt);
  void recorded(const std::shared_ptr<Attempt>& attempt, const Result<CommandOutcome>& result);
};

Status EffectRunner::Impl::read_progress() {
  Query query{{{{std::string(kProgressed)}, {"effect:" + std::string(effect.name())}}}};
  ReadOptions newest;
  newest.limit = 1;
  newest.direction = Direction::kBackward;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, newest));
  OPS_TRY_ASSIGN(const auto events, cursor->next());
  if (events.empty()) return {};
  const auto data = boost::json::parse(events[0].data);
  read = {data.at("position").to_number<std::uint64_t>()};
  return {};
}

/// Up to the durable head, or until too much is pending.
Status EffectRunner::Impl::read_events() {
  const Position head = ledger.durable().position;
  {
    std::lock_guard lock(mutex);
    if (read >= head || queue.pending() >= effect_limits::kPendingMax) return {};
  }
  ReadOptions from;
  from.after = read;
  from.upto = head;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(Query{{{effect.types(), {}}}}, from));
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    std::lock_guard lock(mutex);
    for (const auto& event : events) {
      if (const auto note = effect.note(event)) queue.apply(*note);
      read = event.position;
    }
    if (events.empty()) read = head;
    if (events.empty() || queue.pending() >= effect_limits::kPendingMax) return {};
  }
}

void EffectRunner::Impl::hand_out() {
  const auto now = std::chrono::steady_clock::now();
  while (!unrecorded.empty() && unrecorded.begin()->first <= now) {
    ready.push_back(std::move(unrecorded.begin()->second));
    unrecorded.erase(unrecorded.begin());
  }
  const std::size_t busy = queue.running();
  if (busy >= options.workers) return;
  for (const auto& job : queue.take(clock.now(), options.workers - busy)) {
    auto attempt = std::make_shared<Attempt>();
    attempt->job = job;
    attempt->attempt = {job.trigger,
                        hex(ledger.id().bytes) + ":" + std::string(effect.name()) + ":" +
                            std::to_string(job.trigger.value),
                        job.number};
    ready.push_back(std::move(attempt));
  }
  if (!ready.empty()) changed.notify_all();
}

void EffectRunner::Impl::note_progress(std::unique_lock<std::mutex>& lock) {
  const Position settled = queue.settled_upto(read);
  noted = queue.settled();
  lock.unlock();
  NewEvent event;
  event.type = kProgressed;
  event.actor = "kernel";
  event.tags = {"effect:" + std::string(effect.name())};
  event.data = boost::json::serialize(
      boost::json::object{{"effect", effect.name()}, {"position", settled.value}});
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  if (const auto done = append_and_wait(ledger, std::move(proposal)); !done) {
    log("effects could not note their progress: " + done.error().message);
  }
  lock.lock();
}

void EffectRunner::Impl::coordinate() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    woken = false;
    lock.unlock();
    if (const auto status = read_events(); !status) {
      log("effects cannot read the ledger: " + status.error().message);
    }
    lock.lock();
    hand_out();
    if (queue.settled() >= noted + effect_limits::kNoteEvery) note_progress(lock);
    auto wait = kLookInterval;
    const bool room = queue.running() < options.workers;
    if (const auto due = room ? queue.next_due(clock.now()) : std::nullopt) {
      const auto left = std::chrono::microseconds(due->us - clock.now().us);
      wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(left),
                        std::chrono::milliseconds(1), kLookInterval);
    }
    const auto look = [this] { return stopping || woken; };
    if (queue.pending() == 0 && unrecorded.empty()) {
      changed.wait(lock, look);
    } else {
      changed.wait_for(lock, wait, look);
    }
  }
  if (queue.settled() > noted) note_progress(lock);
}

void EffectRunner::Impl::work() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return stopping || !ready.empty(); });
    if (stopping) return;
    const auto attempt = std::move(ready.front());
    ready.pop_front();
    lock.unlock();
    perform(attempt);
    lock.lock();
  }
}

void EffectRunner::Impl::perform(const std::shared_ptr<Attempt>& attempt) {
  if (!attempt->outcome) {
    attempt->outcome = effect.perform(attempt->attempt);
    {
      std::lock_guard lock(mutex);
      // A call that the stop cut off was not refused by anybody: it is made again after the start.
      if (stopping && !attempt->outcome->done) return;
    }
    const auto number = attempt->job.number;
    if (!attempt->outcome->done && !attempt->outcome->permanent && number < options.attempts_max) {
      const auto wait = effect_backoff(options, attempt->job.trigger, number);
      attempt->retry_at = Time{clock.now().us + std::chrono::microseconds(wait).count()};
    }
  }
  record(attempt);
}

void EffectRunner::Impl::record(const std::shared_ptr<Attempt>& attempt) {
  {
    std::lock_guard lock(mutex);
    ++recording;
  }
  auto request = effect.report(attempt->attempt, *attempt->outcome, attempt->retry_at);
  commands.execute(std::move(request),
                   [this, attempt](Result<CommandOutcome> result) { recorded(attempt, result); });
}

void EffectRunner::Impl::recorded(const std::shared_ptr<Attempt>& attempt,
                                  const Result<CommandOutcome>& result) {
  if (!result) {
    log("the outcome of a call could not be recorded and is tried again: " +
        result.error().message);
  }
  std::lock_guard lock(mutex);
  --recording;
  // The module knows better: the delivery is not its own or is settled otherwise.
  const bool over = result || result.error().code == Code::kRejected;
  if (over) {
    queue.finished(attempt->job.trigger, attempt->job.number, attempt->retry_at);
    ++(attempt->outcome->done ? counts.done : attempt->retry_at ? counts.failed : counts.given_up);
  } else {
    unrecorded.emplace(std::chrono::steady_clock::now() + effect_limits::kReportRetry, attempt);
  }
  woken = true;
  changed.notify_all();
}

EffectRunner::EffectRunner(Ledger& ledger, CommandService& commands, const Clock& clock,
                           const Effect& effect, Options options)
    : impl_(std::make_unique<Impl>(ledger, commands, clock, effect, std::move(options))) {}

EffectRunner::~EffectRunner() {
  stop();
}

Status EffectRunner::start() {
  OPS_TRY(impl_->read_progress());
  OPS_TRY(impl_->read_events());
  impl_->subscription = impl_->ledger.subscribe([this](Position) { wake(); });
  for (unsigned i = 0; i < impl_->options.workers; ++i) {
    impl_->workers.emplace_back([this] { impl_->work(); });
  }
  impl_->coordinator = std::thread([this] { impl_->coordinate(); });
  return {};
}

void EffectRunner::stop() {
  impl_->subscription.reset();
  {
    std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  for (auto& worker : impl_->workers) worker.join();
  impl_->workers.clear();
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return impl_->recording == 0; });
  lock.unlock();
  if (impl_->coordinator.joinable()) impl_->coordinator.join();
}

void EffectRunner::wake() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->woken = true;
  }
  impl_->changed.notify_all();
}

EffectRunner::Metrics EffectRunner::metrics() const {
  std::lock_guard lock(impl_->mutex);
  Metrics metrics = impl_->counts;
  metrics.pending = impl_->queue.pending();
  metrics.running = impl_->queue.running();
  metrics.position = impl_->read;
  return metrics;
}

}  // namespace opsledger
