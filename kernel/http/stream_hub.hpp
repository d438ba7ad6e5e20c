// Feeds all live streams from one reader of the ledger.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kernel/http/limits.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/services.hpp"
#include "kernel/http/stream_group.hpp"

namespace opsledger {

/// Each event is read and rendered once, however many streams there are; a filter that several
/// streams share is matched once. Its thread sleeps while nobody listens. Thread safe.
class StreamHub {
 public:
  StreamHub(const Services& services, const HttpLimits& limits, HttpMetrics& metrics);
  ~StreamHub();
  void start();
  /// Wakes every stream (they see that the server stops) and joins the thread.
  void stop();

  /// One open stream; its end frees the place. Errors of `join`: kOverloaded.
  class Seat {
   public:
    Seat(StreamHub& hub, std::string key, std::shared_ptr<StreamGroup> group);
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat();
    StreamGroup& group() { return *group_; }

   private:
    StreamHub& hub_;
    std::string key_;
    std::shared_ptr<StreamGroup> group_;
  };
  /// `scope`: what the reader may see; null = everything.
  Result<std::shared_ptr<Seat>> join(const Query& query, std::shared_ptr<const EventScope> scope);

  std::size_t streams() const;
  std::size_t filters() const;

 private:
  struct Entry {
    std::shared_ptr<StreamGroup> group;
    std::size_t seats = 0;
  };
  using Groups = std::vector<std::shared_ptr<StreamGroup>>;
  using Waiters = std::vector<std::shared_ptr<StreamWaiter>>;

  void run();
  Groups wait_for_work();
  void adopt(const Groups& groups);
  Status feed(const Groups& groups, Position upto);
  std::chrono::microseconds flush_interval() const;
  void wake(Waiters waiters);
  void leave(const std::string& key);

  const Services& services_;
  const HttpLimits& limits_;
  HttpMetrics& metrics_;
  Position fed_{};  // the hub's thread only: everything up to here was published

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::map<std::string, Entry> entries_;
  std::size_t streams_ = 0;
  Position durable_{};
  bool joined_ = false;  // a group waits to be adopted
  bool stopping_ = false;

  std::shared_ptr<void> subscription_;
  std::thread thread_;
};

}  // namespace opsledger
