#include "kernel/projection/projector.hpp"

#include "kernel/projection/limits.hpp"

namespace opsledger {
Projector::Projector(std::unique_ptr<GenerationBuilder> builder, Options options)
    : builder_(std::move(builder)), options_(std::move(options)) {
  view_.position = flushed_ = builder_->position();
  flushed_at_ = std::chrono::steady_clock::now();
}

Projector::~Projector() {
  stop();
}

void Projector::start() {
  thread_ = std::thread([this] { run(); });
}

void Projector::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  moved_.notify_all();
  std::lock_guard joining(joining_);
  if (thread_.joinable()) thread_.join();
}

void Projector::notify() {
  {
    std::lock_guard lock(mutex_);
    if (pending_) return;
    pending_ = true;
  }
  wake_.notify_one();
}

void Projector::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (pending_ && !view_.parked) {
      pending_ = false;
      if (skip_) builder_->skip(*std::exchange(skip_, std::nullopt));
      lock.unlock();
      work();
      lock.lock();
      // Many small commits are read together, unless somebody waits.
      wake_.wait_for(lock, projection_limits::kRoundInterval,
                     [&] { return stopping_ || waiting_ > 0; });
      continue;
    }
    const auto awake = [&] { return stopping_ || (pending_ && !view_.parked); };
    if (builder_->position() == flushed_) {
      wake_.wait(lock, awake);
    } else if (!wake_.wait_for(lock, options_.flush_interval, awake)) {
      lock.unlock();
      flush_when_due();
      lock.lock();
    }
  }
  lock.unlock();
  // An error is no loss: what is not flushed is projected again after the next start.
  if (builder_->position() != flushed_) static_cast<void>(builder_->flush());
}

void Projector::work() {
  rate_.resume(builder_->position(), std::chrono::steady_clock::now());
  while (!stopping_) {
    const auto caught_up = builder_->advance();
    if (!caught_up.ok()) return park(caught_up.error());
    publish(*caught_up);
    flush_when_due();
    if (!*caught_up) continue;
    if (options_.on_caught_up) options_.on_caught_up();
    return;
  }
}

void Projector::publish(bool caught_up) {
  rate_.add(builder_->position(), std::chrono::steady_clock::now());
  {
    std::lock_guard lock(mutex_);
    view_.position = builder_->position();
    view_.positions_per_second = rate_.per_second();
    view_.caught_up = caught_up;
    view_.unknown_events = builder_->unknown_events();
  }
  moved_.notify_all();
}

void Projector::park(const Error& error) {
  publish(false);
  {
    std::lock_guard lock(mutex_);
    view_.parked = error;
    view_.parked_at = builder_->failed_at();
  }
  moved_.notify_all();
}

void Projector::flush_when_due() {
  const auto unflushed = builder_->position().value - flushed_.value;
  const auto waited = std::chrono::steady_clock::now() - flushed_at_;
  const bool worth_it =
      unflushed >= projection_limits::kFlushEventsMin && waited >= options_.flush_interval;
  const bool overdue =
      unflushed > 0 && waited >= options_.flush_interval * projection_limits::kFlushIntervalsMax;
  if (!worth_it && !overdue) return;
  flushed_at_ = std::chrono::steady_clock::now();
  if (builder_->flush().ok()) flushed_ = builder_->position();
}

Projector::View Projector::view() const {
  std::lock_guard lock(mutex_);
  return view_;
}

Status Projector::wait_for(Position position, std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  const auto decided = [&] {
    return view_.position >= position || stopping_ || view_.parked.has_value();
  };
  ++waiting_;
  wake_.notify_one();
  const bool in_time = moved_.wait_for(lock, timeout, decided);
  --waiting_;
  if (view_.position >= position) return {};
  const auto where = "position " + std::to_string(view_.position.value) + ", asked for " +
                     std::to_string(position.value);
  if (!in_time) {
    return Error{Code::kTimeout, "projection.behind",
                 "the tables are built up to " + where + "; try again"};
  }
  if (stopping_) {
    return Error{Code::kNotReady, "projection.stopped", "projecting has stopped at " + where};
  }
  return Error{Code::kNotReady, "projection.parked",
               "the tables are parked at " + where + ": " + view_.parked->message};
}

Status Projector::unpark(std::optional<Position> skipped) {
  {
    std::lock_guard lock(mutex_);
    if (!view_.parked) {
      return Error{Code::kConflict, "projection.not_parked", "nothing is parked: nothing to do"};
    }
    view_.parked.reset();
    skip_ = skipped;
    pending_ = true;
  }
  wake_.notify_one();
  return {};
}

Status Projector::retry() {
  return unpark(std::nullopt);
}

Status Projector::skip(Position position) {
  return unpark(position);
}

}  // namespace opsledger
