#include "kernel/command/timer_events.hpp"

#include <boost/json/serialize.hpp>

#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

NewEvent timer_event(const char* type, std::string_view name, json::object data) {
  NewEvent event;
  event.type = type;
  event.tags = {"timer:" + std::string(name)};
  data["timer"] = name;
  event.data = json::serialize(data);
  return event;
}

const char* outcome_of(const Error* refusal) {
  if (refusal == nullptr) return "accepted";
  return refusal->code == Code::kRejected ? "rejected" : "failed";
}

}  // namespace

std::string timer_name(const ModuleInfo& module, std::uint32_t timer, std::string_view id) {
  return module.name + "." + module.timers[timer].name + ":" + std::string(id);
}

QueryItem timer_item(std::string_view name) {
  return {{kTimerScheduled, kTimerCancelled, kTimerRescheduled, kTimerFired},
          {"timer:" + std::string(name)}};
}

Result<NewEvent> timer_scheduled(const ModuleInfo& module, const TimerChange& change, Time decided,
                                 Time due_at) {
  const TimerInfo& kind = module.timers[change.timer];
  const CommandInfo& command = module.commands[kind.command];
  OPS_TRY_ASSIGN(auto data, command.schema->decode(change.data));
  json::object fields{{"module", module.name},
                      {"kind", kind.name},
                      {"id", change.id},
                      {"command", command.type},
                      {"data", std::move(data)},
                      {"due_at", rfc3339(due_at)},
                      {"basis", change.working ? "working" : "wall"}};
  if (change.working) {
    fields["from"] = rfc3339(decided);
    fields["working_us"] = change.after.count();
  }
  return timer_event(kTimerScheduled, timer_name(module, change.timer, change.id),
                     std::move(fields));
}

NewEvent timer_cancelled(std::string_view name) {
  return timer_event(kTimerCancelled, name, {});
}

NewEvent timer_rescheduled(std::string_view name, Time due_at, Time was) {
  return timer_event(kTimerRescheduled, name, {{"due_at", rfc3339(due_at)}, {"was", rfc3339(was)}});
}

NewEvent timer_fired(std::string_view name, std::string_view command, Time due_at, Duration late_by,
                     const Error* refusal) {
  json::object fields{{"command", command},
                      {"due_at", rfc3339(due_at)},
                      {"late_by_us", late_by.count()},
                      {"outcome", outcome_of(refusal)}};
  if (refusal != nullptr) {
    fields["code"] = refusal->reason;
    fields["message"] = refusal->message;
  }
  return timer_event(kTimerFired, name, std::move(fields));
}

}  // namespace opsledger
