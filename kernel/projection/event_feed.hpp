// The events a module listens to, in order: by scanning the log, or by the type index where what is
// listened to is rare.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// What an event type is to one module.
enum class Interest {
  kListened,  ///< some table reads it
  kKnown,     ///< declared by somebody, or the kernel's own
  kUnknown,   ///< nobody declares it: skipped and counted
};

/// How to read the next chunk, from the share of listened events in the last one. Scanning costs
/// about an eighth of fetching through the type index, hence the border, with hysteresis.
enum class FeedMode { kScan, kTypes };
FeedMode next_feed_mode(FeedMode mode, double listened_share);

/// One thread. The ledger must outlive it.
class EventFeed {
 public:
  /// `types`: what the type index is asked for; empty = cannot be named (patterns), always scan.
  EventFeed(const Ledger& ledger, std::vector<std::string> types,
            std::function<Interest(std::string_view)> classify);

  struct Span {
    std::span<const EventView> events;  ///< in order; may hold types nobody listens to. Lives
                                        ///< until the next call
    Position covered{};                 ///< everything up to here has been given
  };
  /// What comes after `after`; covered == after means that the durable head is reached.
  Result<Span> next(Position after);
  /// Forgets the cursor: the next call reads anew.
  void reset() { cursor_.reset(); }

  /// Unknown events seen by scans, each once. A typed read does not see them.
  std::uint64_t unknown_events() const { return unknown_; }
  FeedMode mode() const { return mode_; }

 private:
  Status open(Position after, Position head);
  void look_at(std::span<const EventView> events);
  Interest interest(std::string_view type);

  const Ledger& ledger_;
  Query typed_;
  std::function<Interest(std::string_view)> classify_;
  std::unique_ptr<EventCursor> cursor_;
  FeedMode mode_ = FeedMode::kScan;
  Position begin_{}, covered_{}, upto_{}, counted_{};
  std::uint64_t listened_ = 0, unknown_ = 0;
  std::unordered_map<std::string, Interest> interests_;
};

}  // namespace opsledger
