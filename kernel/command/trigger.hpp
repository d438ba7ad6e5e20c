// Commands that the kernel sends by itself: on account of a timer, a reaction or a rule.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/api/query.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// What makes a command of the kernel happen exactly once. With it the outcome is always appended,
/// a rejection too: `events` go atomically with the events of the decision, under the condition
/// that nothing after `after` matches `guard`.
struct Trigger {
  /// The kernel's own events for the outcome; null = accepted. Called on the deciding thread, for
  /// each attempt; at least one event. department, actor, correlation and causation are filled in.
  std::function<std::vector<NewEvent>(const Error* refusal)> events;
  QueryItem guard;
  Position after{};
  std::string rule;    ///< `id@version`, into the metadata of every event; "" = none
  unsigned depth = 0;  ///< how many rules stand between the events and a person
  std::string timer_id;
  Duration late_by{};
};

/// Metadata key of `Trigger::depth`.
inline constexpr const char* kDepthMetadata = "depth";

}  // namespace opsledger
