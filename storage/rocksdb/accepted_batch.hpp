// One accepted append: its records and their leaf hashes. In memory until it is durable, and a
// little longer.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "storage/core/apply.hpp"

namespace opsledger::rocks {

/// Everything but the leaves is final once it is accepted. The leaves are hashed by the thread that
/// appends, while the committer already builds its write; `await_leaves` before reading them.
struct AcceptedBatch {
  Entries entries;
  std::vector<Hash> leaves;
  std::atomic<bool> hashed{false};

  void await_leaves() const { hashed.wait(false); }

  Position first() const { return entries.outcome.first; }
  Position last() const { return entries.outcome.last; }
  std::size_t bytes() const { return entries.records.size(); }
};
using BatchPtr = std::shared_ptr<const AcceptedBatch>;

}  // namespace opsledger::rocks
