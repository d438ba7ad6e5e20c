#include "kernel/http/stream_hub.hpp"

#include <algorithm>

#include "kernel/http/event_slices.hpp"
#include "kernel/http/problem.hpp"

namespace opsledger {

namespace {

constexpr std::uint64_t kEventsPerRound = 8'192;
constexpr std::chrono::milliseconds kRetryAfterError{200};

/// A text that is the same for equal filters.
std::string filter_key(const Query& query) {
  std::string key;
  for (const QueryItem& item : query.items) {
    auto types = item.types, tags = item.tags;
    std::sort(types.begin(), types.end());
    std::sort(tags.begin(), tags.end());
    for (const auto& type : types) key.append(type).push_back('\1');
    key.push_back('\2');
    for (const auto& tag : tags) key.append(tag).push_back('\1');
    key.push_back('\3');
  }
  return key;
}

}  // namespace

StreamHub::StreamHub(const Services& services, const HttpLimits& limits, HttpMetrics& metrics)
    : services_(services), limits_(limits), metrics_(metrics) {}

StreamHub::~StreamHub() {
  stop();
}

void StreamHub::start() {
  durable_ = services_.ledger.durable().position;
  subscription_ = services_.ledger.subscribe([this](Position position) {
    const std::lock_guard lock(mutex_);
    durable_ = std::max(durable_, position);
    if (streams_ > 0) work_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

void StreamHub::stop() {
  subscription_.reset();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [key, entry] : entries_) wake(entry.group->take_waiters());
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::shared_ptr<StreamHub::Seat>> StreamHub::join(const Query& query,
                                                         std::shared_ptr<const EventScope> scope) {
  std::string key = filter_key(query);
  if (scope) key += '\4' + scope->name();
  const std::lock_guard lock(mutex_);
  if (stopping_) return Error{Code::kNotReady, "http.stopping", "the server is stopping"};
  if (streams_ >= limits_.streams_max) return overloaded("too many live streams are open");
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= limits_.stream_filters_max) {
      return overloaded("too many different filters are being streamed");
    }
    auto group =
        std::make_shared<StreamGroup>(query, std::move(scope), limits_.stream_backlog_bytes_max);
    found = entries_.emplace(key, Entry{std::move(group), 0}).first;
    joined_ = true;
    work_.notify_one();
  }
  ++found->second.seats;
  ++streams_;
  return std::make_shared<Seat>(*this, std::move(key), found->second.group);
}

void StreamHub::leave(const std::string& key) {
  const std::lock_guard lock(mutex_);
  --streams_;
  const auto found = entries_.find(key);
  if (--found->second.seats == 0) entries_.erase(found);
}

StreamHub::Seat::Seat(StreamHub& hub, std::string key, std::shared_ptr<StreamGroup> group)
    : hub_(hub), key_(std::move(key)), group_(std::move(group)) {}

StreamHub::Seat::~Seat() {
  hub_.leave(key_);
}

std::size_t StreamHub::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

std::size_t StreamHub::filters() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

StreamHub::Groups StreamHub::wait_for_work() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return stopping_ || joined_ || (!entries_.empty() && durable_ > fed_); });
  joined_ = false;
  Groups groups;
  for (const auto& [key, entry] : entries_) groups.push_back(entry.group);
  return stopping_ ? Groups() : groups;
}

void StreamHub::adopt(const Groups& groups) {
  const bool idle = std::none_of(groups.begin(), groups.end(),
                                 [](const auto& group) { return group->adopted(); });
  if (idle) fed_ = services_.ledger.durable().position;  // nobody needs what was before
  for (const auto& group : groups) {
    if (!group->adopted()) wake(group->adopt(fed_));
  }
}

void StreamHub::run() {
  while (true) {
    const Groups groups = wait_for_work();
    Position durable;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      durable = durable_;
    }
    adopt(groups);
    const Position upto{std::min(durable.value, fed_.value + kEventsPerRound)};
    if (groups.empty() || upto <= fed_) continue;
    const Status fed = feed(groups, upto);
    if (!fed.ok()) {
      if (services_.log_error) services_.log_error("live streams: " + fed.error().message);
      std::this_thread::sleep_for(kRetryAfterError);
      continue;
    }
    std::this_thread::sleep_for(flush_interval());
  }
}

/// Writing to all streams takes a time that grows with their number and hardly with the bytes: the
/// more there are, the more events share a write.
std::chrono::microseconds StreamHub::flush_interval() const {
  return std::max(limits_.stream_flush_interval,
                  limits_.stream_flush_per_stream * static_cast<int>(streams()));
}

Status StreamHub::feed(const Groups& groups, Position upto) {
  // Streams look at the rights' version before they pass events on; it must not lag behind them.
  if (services_.access != nullptr) OPS_TRY(services_.access->advance(upto));
  OPS_TRY_ASSIGN(auto cursor, services_.ledger.read({}, {.after = fed_, .upto = upto}));
  std::string rendered;
  std::uint64_t events = 0;
  Position staged = fed_;
  Status failed;
  while (true) {
    const auto span = cursor->next();
    if (!span.ok()) {
      failed = span.error();
      break;
    }
    if (span->empty()) {
      staged = upto;
      break;
    }
    for (const EventView& event : *span) {
      rendered.clear();
      for (const auto& group : groups) {
        if (!group->matches(event)) continue;
        if (rendered.empty()) {
          render_event(services_.renderer, event, EventFormat::kServerSent, false, &rendered);
        }
        group->stage(event.position, rendered);
      }
      staged = event.position;
      ++events;
    }
  }
  fed_ = staged;  // what was staged before a failure is published too, so nothing comes twice
  metrics_.stream_events_total.fetch_add(events, std::memory_order_relaxed);
  Waiters waiters;
  for (const auto& group : groups) {
    auto woken = group->publish(staged);
    waiters.insert(waiters.end(), std::make_move_iterator(woken.begin()),
                   std::make_move_iterator(woken.end()));
  }
  wake(std::move(waiters));
  return failed;
}

void StreamHub::wake(Waiters waiters) {
  while (!waiters.empty()) {  // one post per I/O thread, not per stream
    const Executor executor = waiters.back()->executor();
    const auto same = std::partition(waiters.begin(), waiters.end(), [&](const auto& waiter) {
      return waiter->executor() != executor;
    });
    Waiters batch(std::make_move_iterator(same), std::make_move_iterator(waiters.end()));
    waiters.erase(same, waiters.end());
    asio::post(executor, [batch = std::move(batch)] {
      for (const auto& waiter : batch) waiter->wake();
    });
  }
}

}  // namespace opsledger
