// Reading the in-memory ledger: cursors, roots and tiles.
#include <algorithm>

#include "storage/core/merkle.hpp"
#include "storage/core/validate.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/memory/oracle_match.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kSpanEvents = 128;
constexpr unsigned kTileHeight = 8;
constexpr unsigned kTileWidth = 256;

Error no_such_tree(std::uint64_t size, std::uint64_t durable) {
  return {Code::kNotFound, "tree.not_found",
          "There is no tree of size " + std::to_string(size) + ": the ledger has " +
              std::to_string(durable) + " durable events"};
}

}  // namespace

/// Scans one event after another under the ledger's lock. Holds on to the events of its last
/// span, so that views live even when an unsynced event is taken back.
class MemoryLedger::Cursor final : public EventCursor {
 public:
  Cursor(const MemoryLedger& ledger, Query query, const ReadOptions& options, std::uint64_t last)
      : ledger_(ledger),
        query_(std::move(query)),
        forward_(options.direction == Direction::kForward),
        left_(options.limit) {
    if (forward_) {
      next_ = options.after.value == UINT64_MAX ? 0 : options.after.value + 1;
      end_ = std::min(last, options.upto.value);
    } else {
      next_ = options.after.value == 0 ? last : std::min(last, options.after.value - 1);
    }
  }

  Result<std::span<const EventView>> next() override {
    held_.clear();
    views_.clear();
    std::lock_guard lock(ledger_.mutex_);
    while (left_ > 0 && more() && views_.size() < kSpanEvents) {
      const auto& event = ledger_.events_[next_ - 1];
      if (oracle::query_selects(query_, event->view())) {
        held_.push_back(event);
        views_.push_back(event->view());
        --left_;
      }
      next_ = forward_ ? next_ + 1 : next_ - 1;
    }
    return std::span<const EventView>(views_);
  }

 private:
  bool more() const {
    if (next_ == 0 || next_ > ledger_.events_.size()) return false;
    return !forward_ || next_ <= end_;
  }

  const MemoryLedger& ledger_;
  const Query query_;
  const bool forward_;
  std::uint64_t left_;
  std::uint64_t next_ = 0;  // 0 = the end, in both directions
  std::uint64_t end_ = 0;   // forward only, inclusive
  std::vector<std::shared_ptr<const OwnedEvent>> held_;
  std::vector<EventView> views_;
};

Result<std::unique_ptr<EventCursor>> MemoryLedger::read(const Query& query,
                                                        const ReadOptions& options) const {
  OPS_TRY(validate_query(query, "/query"));
  std::lock_guard lock(mutex_);
  const std::uint64_t last = options.accepted ? events_.size() : durable_;
  return std::unique_ptr<EventCursor>(std::make_unique<Cursor>(*this, query, options, last));
}

/// Folds the complete subtrees that `size` splits into, from the right. Needs the lock.
Hash MemoryLedger::root_of(std::uint64_t size) const {
  if (size == 0) return merkle::empty_root();
  std::optional<Hash> root;
  for (unsigned height = 0; (size >> height) != 0; ++height) {
    if ((size >> height & 1) == 0) continue;
    const Hash& left = nodes_[height][(size >> height) - 1];
    root = root ? merkle::node_hash(left, *root) : left;
  }
  return *root;
}

Result<Hash> MemoryLedger::root(std::uint64_t size) const {
  std::lock_guard lock(mutex_);
  if (size > durable_) return no_such_tree(size, durable_);
  return root_of(size);
}

Result<Bytes> MemoryLedger::tile(unsigned level, std::uint64_t index, unsigned width) const {
  std::lock_guard lock(mutex_);
  const std::size_t height = std::size_t{level} * kTileHeight;
  const std::uint64_t hashes = height < nodes_.size() ? nodes_[height].size() : 0;
  if (width == 0 || width > kTileWidth || index > hashes / kTileWidth ||
      index * kTileWidth + width > hashes) {
    return Error{Code::kNotFound, "tile.not_found",
                 "The tree has no tile " + std::to_string(level) + "/" + std::to_string(index) +
                     " of width " + std::to_string(width)};
  }
  Bytes bytes;
  for (unsigned i = 0; i < width; ++i) bytes += nodes_[height][index * kTileWidth + i].view();
  return bytes;
}

}  // namespace opsledger
