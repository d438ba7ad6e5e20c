#include "kernel/command/recent_tags.hpp"

#include <algorithm>

namespace opsledger {

namespace {
constexpr std::size_t kSlots = 1 << 16;
/// Beyond this many unknown events (an import is running) reading them costs more than it saves.
constexpr std::uint64_t kScanEventsMax = 512;
}  // namespace

RecentTags::RecentTags(Ledger& ledger)
    : ledger_(ledger),
      known_from_(ledger.accepted().position),
      known_to_(known_from_),
      written_(kSlots) {}

std::size_t RecentTags::slot(std::string_view tag) const {
  return std::hash<std::string_view>{}(tag) % kSlots;
}

Status RecentTags::advance(Position upto) {
  std::lock_guard lock(mutex_);
  if (upto <= known_to_) return {};
  if (upto.value - known_to_.value > kScanEventsMax) {
    known_from_ = known_to_ = upto;
    return {};
  }
  return scan(upto);
}

Status RecentTags::scan(Position upto) {
  ReadOptions options;
  options.after = known_to_;
  options.upto = upto;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto events, ledger_.read({}, options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto span, events->next());
    if (span.empty()) break;
    for (const auto& event : span) {
      for (const auto tag : event.tags()) {
        auto& written = written_[slot(tag)];
        written = std::max(written, event.position);
      }
    }
  }
  known_to_ = upto;
  return {};
}

void RecentTags::own(Position first, std::span<const std::vector<std::string>> tags) {
  std::lock_guard lock(mutex_);
  if (first != known_to_.next()) return;  // others came between: the next advance reads all
  for (const auto& event : tags) {
    known_to_ = known_to_.next();
    for (const auto& tag : event) written_[slot(tag)] = known_to_;
  }
}

bool RecentTags::untouched(const std::vector<std::string>& tags, Position after) const {
  std::lock_guard lock(mutex_);
  return after >= known_from_ && std::any_of(tags.begin(), tags.end(), [&](const auto& tag) {
           return written_[slot(tag)] <= after;
         });
}

void RecentTags::forget() {
  std::lock_guard lock(mutex_);
  known_from_ = known_to_ = Position{UINT64_MAX};
}

}  // namespace opsledger
