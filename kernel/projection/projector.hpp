// The thread that keeps one generation up with the ledger.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "kernel/projection/generation_builder.hpp"
#include "kernel/projection/rate_window.hpp"

namespace opsledger {

/// Owns the builder and a named thread; everything else asks it under its mutex. Sleeps until
/// `notify`; never polls. Parks at an event that fails, until `retry`, `skip` or `stop`.
class Projector {
 public:
  struct Options {
    std::chrono::milliseconds flush_interval;
    /// Called on the projector's thread whenever it has caught up; must not stop this projector.
    std::function<void()> on_caught_up;
  };
  struct View {
    Position position{};
    bool caught_up = false;
    std::uint64_t positions_per_second = 0;  ///< over the last seconds of work
    std::uint64_t unknown_events = 0;
    std::optional<Error> parked;
    Position parked_at{};
  };

  Projector(std::unique_ptr<GenerationBuilder> builder, Options options);
  /// Stops.
  ~Projector();

  void start();
  /// Finishes the batch under way, flushes, joins. Idempotent, thread safe; not on its own thread.
  void stop();
  /// The ledger has grown. Quick.
  void notify();

  View view() const;
  /// Waits until `position` is projected. kTimeout `projection.behind`; kNotReady
  /// `projection.parked` | `projection.stopped` at once, when waiting is no use.
  Status wait_for(Position position, std::chrono::milliseconds timeout) const;
  /// kConflict `projection.not_parked` unless parked.
  Status retry();
  /// The same, leaving the event out. Precondition: the skip is recorded.
  Status skip(Position position);

 private:
  void run();
  void work();
  void publish(bool caught_up);
  void park(const Error& error);
  void flush_when_due();
  Status unpark(std::optional<Position> skipped);

  const std::unique_ptr<GenerationBuilder> builder_;  // the thread's alone, once started
  const Options options_;
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;  // guards everything down to thread_
  mutable std::condition_variable wake_, moved_;
  bool pending_ = true;
  mutable std::size_t waiting_ = 0;  // in wait_for
  std::optional<Position> skip_;     // to be left out by the thread
  View view_;

  // the thread's alone
  RateWindow rate_;
  std::chrono::steady_clock::time_point flushed_at_{};
  Position flushed_{};

  std::mutex joining_;
  std::thread thread_;
};

}  // namespace opsledger
