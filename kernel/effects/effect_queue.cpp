#include "kernel/effects/effect_queue.hpp"

namespace opsledger {
namespace {

constexpr std::int64_t kMinute_us = 60'000'000;

}  // namespace

void EffectQueue::apply(const EffectNote& note) {
  if (note.what == EffectNote::What::kSettled) return settle(note.trigger);
  if (note.what == EffectNote::What::kBegun) {
    const Call call{note.due, note.attempts, false, false, note.lane, note.per_minute};
    if (calls_.emplace(note.trigger, call).second) waiting_.emplace(note.due, note.trigger);
    return;
  }
  const auto found = calls_.find(note.trigger);
  if (found == calls_.end() || found->second.attempts >= note.attempts) return;
  found->second.attempts = note.attempts;
  if (found->second.running) return;
  waiting_.erase({found->second.due, note.trigger});
  found->second.due = note.due;
  waiting_.emplace(note.due, note.trigger);
}

void EffectQueue::settle(Position trigger) {
  const auto found = calls_.find(trigger);
  if (found == calls_.end()) return;
  if (found->second.running) {
    found->second.unwanted = true;
    return;
  }
  waiting_.erase({found->second.due, trigger});
  calls_.erase(found);
  ++settled_;
}

std::optional<Time> EffectQueue::free_at(const Call& call, Time now) const {
  if (call.lane.empty()) return now;
  const auto found = lanes_.find(call.lane);
  if (found == lanes_.end()) return now;
  if (found->second.busy) return {};
  const auto& begun = found->second.begun;
  if (call.per_minute == 0 || begun.size() < call.per_minute) return now;
  const Time oldest = begun[begun.size() - call.per_minute];
  return std::max(now, Time{oldest.us + kMinute_us});
}

std::vector<EffectQueue::Job> EffectQueue::take(Time now, std::size_t count) {
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    auto& begun = lane->second.begun;
    while (!begun.empty() && begun.front().us + kMinute_us <= now.us) begun.pop_front();
    lane = begun.empty() && !lane->second.busy ? lanes_.erase(lane) : std::next(lane);
  }
  std::vector<Job> jobs;
  for (auto next = waiting_.begin(); next != waiting_.end() && jobs.size() < count;) {
    const auto [due, trigger] = *next;
    if (due > now) break;
    auto& call = calls_.at(trigger);
    const auto free = free_at(call, now);
    if (!free || *free > now) {
      ++next;
      continue;
    }
    next = waiting_.erase(next);
    call.running = true;
    ++running_;
    if (!call.lane.empty()) {
      lanes_[call.lane].busy = true;
      lanes_[call.lane].begun.push_back(now);
    }
    jobs.push_back({trigger, call.attempts + 1});
  }
  return jobs;
}

void EffectQueue::finished(Position trigger, unsigned number, std::optional<Time> retry_at) {
  const auto found = calls_.find(trigger);
  if (found == calls_.end() || !found->second.running) return;
  Call& call = found->second;
  call.running = false;
  --running_;
  if (const auto lane = lanes_.find(call.lane); lane != lanes_.end()) lane->second.busy = false;
  if (!retry_at || call.unwanted) {
    calls_.erase(found);
    ++settled_;
    return;
  }
  call.attempts = std::max(call.attempts, number);
  call.due = *retry_at;
  waiting_.emplace(call.due, trigger);
}

std::optional<Time> EffectQueue::next_due(Time now) const {
  std::optional<Time> next;
  for (const auto& [due, trigger] : waiting_) {
    if (next && due >= *next) break;
    const auto free = free_at(calls_.at(trigger), std::max(now, due));
    if (free && (!next || *free < *next)) next = free;
  }
  return next;
}

Position EffectQueue::settled_upto(Position read) const {
  return calls_.empty() ? read : Position{calls_.begin()->first.value - 1};
}

}  // namespace opsledger
