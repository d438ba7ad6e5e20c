// One I/O thread: its io_context, its clock, its connections.
#pragma once

#include <memory>
#include <thread>
#include <unordered_set>

#include "kernel/http/coarse_clock.hpp"
#include "kernel/http/connection.hpp"
#include "kernel/http/net.hpp"
#include "kernel/http/thread_load.hpp"

namespace opsledger {

/// Public functions may be called from any thread, except where noted.
class IoThread {
 public:
  IoThread(ConnectionSetup setup, std::chrono::milliseconds tick);
  ~IoThread();

  void start();
  asio::io_context& context() { return context_; }
  ThreadLoad& load() { return load_; }
  /// Takes over an accepted socket that was made for `context()`.
  void adopt(Socket socket);
  /// Lets connections finish; `join` waits for them.
  void drain();
  /// Closes what is still open.
  void abort_all();
  bool drained() const { return load_.open.load() == 0; }
  /// Precondition: drained, or `abort_all` was called.
  void join();

 private:
  Task<void> keep(std::shared_ptr<Connection> connection);
  void schedule_tick();
  void on_tick();

  ConnectionSetup setup_;
  const std::chrono::milliseconds tick_;
  asio::io_context context_{1};
  asio::executor_work_guard<Executor> work_;
  Timer timer_;
  CoarseClock clock_;                            // I/O thread only
  std::unordered_set<Connection*> connections_;  // I/O thread only
  bool draining_ = false;                        // I/O thread only
  bool joining_ = false;                         // I/O thread only
  ThreadLoad load_;
  std::thread thread_;
};

}  // namespace opsledger
