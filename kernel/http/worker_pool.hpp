// A bounded pool of threads for work that may read the disk or wait.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <utility>

#include "kernel/http/net.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Thread safe. Tasks that were taken are run, also while it stops.
class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t queued_max) : queued_max_(queued_max), pool_(threads) {}
  ~WorkerPool() { stop(); }

  /// False when `queued_max` tasks wait already; `task` is then not run.
  template <class F>
  bool try_post(F task) {
    if (queued_.fetch_add(1, std::memory_order_relaxed) >= queued_max_) {
      queued_.fetch_sub(1, std::memory_order_relaxed);
      refused_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    asio::post(pool_, [this, task = std::move(task)]() mutable {
      queued_.fetch_sub(1, std::memory_order_relaxed);
      task();
    });
    return true;
  }
  /// Runs what was posted and joins the threads. Idempotent.
  void stop() { pool_.join(); }

  std::size_t queued() const { return queued_.load(std::memory_order_relaxed); }
  std::size_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  const std::size_t queued_max_;
  std::atomic<std::size_t> queued_{0};
  std::atomic<std::size_t> refused_{0};
  asio::thread_pool pool_;
};

/// Runs `work() -> Result<T>` on `pool` and comes back to the caller's I/O thread; kOverloaded when
/// the pool is full. `work` may refer to the awaiting coroutine's locals: it is gone before they
/// are.
template <class T, class Work>
Task<Result<T>> offload(WorkerPool& pool, Work work) {
  return await_callback<Result<T>>([&pool, work = std::move(work)](auto done) mutable {
    const bool taken = pool.try_post([&work, done] { done(work()); });
    if (!taken) {
      done(Error{Code::kOverloaded, "http.overloaded",
                 "too many requests wait for a worker; try again in a second"});
    }
  });
}

}  // namespace opsledger
