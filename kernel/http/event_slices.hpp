// Events as JSON text, a slice at a time, so that an answer of any length needs little memory.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "kernel/access/event_scope.hpp"
#include "kernel/events/cloud_event.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

enum class EventFormat { kArray, kLines, kServerSent };

/// What to read; `department` and `scope` filter on top of the query.
struct EventSelection {
  Query query;
  ReadOptions options;
  std::optional<std::string> department = {};
  std::shared_ptr<const EventScope> scope = {};  ///< what the reader may see; null = everything
};

struct EventSlice {
  std::string bytes;
  Position last{};  ///< of the last event looked at
  bool end = false;
};

/// Appends one event in `format`; `first` = of its array.
void render_event(const EventRenderer& renderer, const EventView& event, EventFormat format,
                  bool first, std::string* out);

/// One thread at a time; what it does may read the disk. Must not outlive the ledger.
class EventSlicer {
 public:
  static Result<std::unique_ptr<EventSlicer>> open(const Ledger& ledger,
                                                   const EventRenderer& renderer,
                                                   EventSelection selection, EventFormat format);
  EventSlicer(const EventRenderer& renderer, EventSelection selection, EventFormat format,
              std::unique_ptr<EventCursor> cursor);
  /// At least one event or the end, at most about `bytes` and a bounded number of events looked
  /// at (so a slice may be empty and not the end).
  Result<EventSlice> next(std::size_t bytes);

 private:
  Result<bool> refill();
  bool wanted(const EventView& event) const;

  const EventRenderer& renderer_;
  const EventSelection selection_;
  const EventFormat format_;
  std::unique_ptr<EventCursor> cursor_;
  std::span<const EventView> span_;  ///< what the cursor gave and was not rendered yet
  std::uint64_t left_;               ///< of the limit
  bool first_ = true;
};

}  // namespace opsledger
