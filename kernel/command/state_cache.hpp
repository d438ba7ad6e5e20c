// Folded states kept between commands, so that only new events are folded.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// One model folded over one tag set, or the last number of one series. Touched only by the
/// command that holds the turns of all its tags; hence without a lock.
struct FoldedState {
  std::unique_ptr<ModelState> model;  ///< null: nothing folded yet, or a number series
  std::uint64_t number = 0;           ///< last number issued (series only)
  Position upto{};                    ///< everything at or before it is folded
  Position last{};                    ///< last event that changed it
};

/// Bounded, least recently used goes first. Thread safe. A state that is dropped while a command
/// works with it lives on until that command is done.
class StateCache {
 public:
  explicit StateCache(std::size_t states_max) : states_max_(states_max) {}

  /// The state called `key`, made empty when there is none; `found` says which.
  std::shared_ptr<FoldedState> at(const std::string& key, bool* found);
  /// Forgets all: what was folded from an accepted tail that then failed must not live on.
  void clear();
  std::size_t size() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<FoldedState> state;
  };
  const std::size_t states_max_;
  mutable std::mutex mutex_;
  std::list<Entry> recent_;  ///< front = used last
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
};

/// Cache key of a model's state: module hash, model and sorted tag set.
std::string state_key(const ModuleInfo& module, std::uint32_t model,
                      const std::vector<std::string>& tags);
std::string series_key(std::string_view series);

}  // namespace opsledger
