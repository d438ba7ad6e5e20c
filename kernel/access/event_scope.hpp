// Which events a reader may see, one by one, however long the reading goes on.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "kernel/access/access_model.hpp"
#include "kernel/modules/registry.hpp"
#include "storage/api/event.hpp"

namespace opsledger {

/// An event is seen by who may view its module in the event's department, and by its actor. Follows
/// every change of rights: an event is judged by the rights at its own position or later. Thread
/// safe; model and registry must outlive it.
class EventScope {
 public:
  EventScope(const AccessModel& model, const Registry& registry, RequestContext context)
      : model_(model), registry_(registry), context_(std::move(context)) {}

  bool sees(const EventView& event) const;
  /// Readers with the same name see the same.
  std::string name() const;

 private:
  std::string module_of(std::string_view type) const;

  const AccessModel& model_;
  const Registry& registry_;
  const RequestContext context_;
  mutable std::mutex mutex_;  // guards the two below
  mutable std::uint64_t version_ = 0;
  mutable std::map<std::string, RowScope, std::less<>> modules_;
};

/// Null for who sees everything. Null model: everybody does.
std::shared_ptr<const EventScope> event_scope(const AccessModel* model, const Registry& registry,
                                              const RequestContext& context);

}  // namespace opsledger
