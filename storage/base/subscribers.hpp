// Listeners that a ledger's committer tells about its progress.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger {

/// A list of callbacks. `notify` calls each in turn; once a handle is destroyed its callback is
/// never called again, and the destructor waits for a call that is running on another thread. A
/// callback may destroy its own handle. Thread safe; handles may outlive the list.
class Subscribers {
 public:
  using Callback = std::function<void(Position)>;

  /// Callbacks run until the returned handle is destroyed.
  std::shared_ptr<void> add(Callback callback) {
    std::lock_guard lock(state_->mutex);
    auto entry = std::make_shared<Callback>(std::move(callback));
    state_->entries.push_back(entry);
    return std::shared_ptr<void>(entry.get(), [state = state_, entry](void*) mutable {
      std::lock_guard lock(state->mutex);
      std::erase(state->entries, entry);
      *entry = nullptr;
    });
  }

  void notify(Position position) {
    std::lock_guard lock(state_->mutex);
    const auto entries = state_->entries;  // a callback may add and remove
    for (const auto& entry : entries) {
      if (const Callback callback = *entry) callback(position);
    }
  }

 private:
  struct State {
    std::recursive_mutex mutex;
    std::vector<std::shared_ptr<Callback>> entries;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace opsledger
