#include "kernel/access/event_scope.hpp"

namespace opsledger {

namespace {
/// What nobody owns counts as this module.
constexpr std::string_view kForeignEvents = "events";
}  // namespace

std::string EventScope::module_of(std::string_view type) const {
  if (const auto owner = registry_.owner(type)) return owner->info().name;
  return std::string(Registry::kernel_owned(type) ? prefix_of(type) : kForeignEvents);
}

bool EventScope::sees(const EventView& event) const {
  if (!model_.advance(event.position).ok()) return false;
  const auto version = model_.version();
  const auto module = module_of(event.type);
  const std::lock_guard lock(mutex_);
  if (std::exchange(version_, version) != version) modules_.clear();
  auto found = modules_.find(module);
  if (found == modules_.end()) {
    const Permission asked{module, "events", 'V'};
    found = modules_.emplace(module, model_.visible(asked, context_)).first;
  }
  return found->second.sees(event.department, event.actor);
}

std::string EventScope::name() const {
  std::string name = context_.actor;
  for (const auto& scope : context_.scopes) name += '\n' + scope;
  return name;
}

std::shared_ptr<const EventScope> event_scope(const AccessModel* model, const Registry& registry,
                                              const RequestContext& context) {
  if (model == nullptr || model->reads_everything(context)) return nullptr;
  return std::make_shared<EventScope>(*model, registry, context);
}

}  // namespace opsledger
