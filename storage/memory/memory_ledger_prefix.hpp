// The oracle's view of its own log for the sequencing function.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "storage/core/apply.hpp"
#include "storage/memory/oracle_match.hpp"

namespace opsledger {

/// Borrows the ledger's containers for one call, under the ledger's lock.
class MemoryLedgerPrefix final : public LogPrefix {
 public:
  using Events = std::deque<std::shared_ptr<const OwnedEvent>>;

  MemoryLedgerPrefix(const Events& events, const std::map<ShortHash, KeyEntry>& keys,
                     const std::set<SchemaId>& schemas, std::uint64_t condition_steps_max)
      : events_(events),
        keys_(keys),
        schemas_(schemas),
        condition_steps_max_(condition_steps_max) {}

  Position last() const override { return {events_.size()}; }
  Time recorded_at() const override {
    if (events_.empty()) return {std::numeric_limits<std::int64_t>::min()};
    return events_.back()->view().recorded_at;
  }
  Result<std::optional<KeyEntry>> find_key(const ShortHash& key) const override {
    const auto found = keys_.find(key);
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
  }
  bool knows_schema(const SchemaId& schema) const override { return schemas_.contains(schema); }

  /// A match within any item's share of the steps is a match; otherwise an item that ran out of
  /// steps makes the condition too broad.
  Result<bool> has_match(const AppendCondition& condition) const override {
    const auto event_at = [this](std::uint64_t position) -> const EventView& {
      return events_[position - 1]->view();
    };
    const std::uint64_t share = condition_steps_max_ / condition.query.items.size();
    bool too_broad = false;
    for (const auto& item : condition.query.items) {
      const auto verdict =
          oracle::judge_item(item, condition.after.value, events_.size(), share, event_at);
      if (verdict == oracle::ItemVerdict::kMatch) return true;
      too_broad = too_broad || verdict == oracle::ItemVerdict::kTooBroad;
    }
    if (too_broad) return too_broad_error(condition_steps_max_);
    return false;
  }

 private:
  const Events& events_;
  const std::map<ShortHash, KeyEntry>& keys_;
  const std::set<SchemaId>& schemas_;
  const std::uint64_t condition_steps_max_;
};

}  // namespace opsledger
