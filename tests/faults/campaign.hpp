// Seeds, rounds and the last line of a survival suite.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "tests/support/environment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing_support {

/// $OPSLEDGER_SEED, or a new one. Printed, so that a failure can be repeated. Threads run as they
/// like: the same seed gives the same decisions, not the same interleaving.
inline std::uint64_t campaign_seed() {
  const std::uint64_t seed = from_environment("OPSLEDGER_SEED", std::random_device()());
  std::printf("seed: OPSLEDGER_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

/// `campaign: <name> seed=<n> rounds=<n> findings=<n> <more>`
inline void print_campaign(const std::string& name, std::uint64_t seed, std::uint64_t rounds,
                           const std::string& more = "") {
  const auto findings = ::testing::Test::HasFailure() ? 1 : 0;
  std::printf("campaign: %s seed=%llu rounds=%llu findings=%d %s\n", name.c_str(),
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(rounds),
              findings, more.c_str());
  std::fflush(stdout);
}

/// Ends the program when a round takes longer: a hang is a finding. Counts the seconds in which the
/// program runs, so that a campaign may be stopped and continued.
class RoundGuard {
 public:
  explicit RoundGuard(unsigned seconds)
      : thread_([this, seconds] {
          std::unique_lock lock(mutex_);
          for (unsigned passed = 0; passed < seconds; ++passed) {
            if (ended_.wait_for(lock, std::chrono::seconds(1), [this] { return over_; })) return;
          }
          std::fprintf(stderr, "a round hangs\n");
          std::abort();
        }) {}
  ~RoundGuard() {
    {
      std::lock_guard lock(mutex_);
      over_ = true;
    }
    ended_.notify_all();
    thread_.join();
  }
  RoundGuard(const RoundGuard&) = delete;
  RoundGuard& operator=(const RoundGuard&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;
};

/// A directory that is gone at the end.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) { clear(); }
  ~Scratch() { clear(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  void clear() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path_;
};

/// A fresh directory, in memory where the system has one: thousands of rounds, and what must be
/// durable is simulated or survives a killed process anyway. Removed at the end.
class RoundDirectory final : public TemporaryDirectory {
 public:
  RoundDirectory() : TemporaryDirectory(parent()) {}

 private:
  static std::filesystem::path parent() {
    return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : default_parent();
  }
};

}  // namespace opsledger::testing_support
