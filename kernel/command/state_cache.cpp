#include "kernel/command/state_cache.hpp"

namespace opsledger {

std::shared_ptr<FoldedState> StateCache::at(const std::string& key, bool* found) {
  std::shared_ptr<FoldedState> evicted;  // destroyed after the lock: that runs plugin code
  std::lock_guard lock(mutex_);
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    recent_.splice(recent_.begin(), recent_, it->second);
    *found = true;
    return it->second->state;
  }
  *found = false;
  recent_.push_front({key, std::make_shared<FoldedState>()});
  by_key_.emplace(recent_.front().key, recent_.begin());
  auto made = recent_.front().state;
  if (recent_.size() > states_max_) {
    by_key_.erase(recent_.back().key);
    evicted = std::move(recent_.back().state);
    recent_.pop_back();
  }
  return made;
}

void StateCache::clear() {
  std::list<Entry> dropped;
  std::lock_guard lock(mutex_);
  by_key_.clear();
  dropped.swap(recent_);
}

std::size_t StateCache::size() const {
  std::lock_guard lock(mutex_);
  return recent_.size();
}

std::string state_key(const ModuleInfo& module, std::uint32_t model,
                      const std::vector<std::string>& tags) {
  std::string key(module.hash.view());
  key.append(reinterpret_cast<const char*>(&model), sizeof model);
  key += module.name;
  for (const auto& tag : tags) {
    key += ',';  // no tag contains a comma
    key += tag;
  }
  return key;
}

std::string series_key(std::string_view series) {
  return "series:" + std::string(series);
}

}  // namespace opsledger
