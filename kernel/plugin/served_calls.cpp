// What decide and react may ask of the host or put into its hands: rows, working time, timers,
// commands.
#include <algorithm>

#include "kernel/plugin/host_call.hpp"
#include "kernel/plugin/limits.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

constexpr unsigned kSentJsonDepthMax = 32;

Time time_of(std::int64_t us) {
  return Time{us};
}

Status json_status(std::string_view text) {
  const auto parsed = parse_json(text, kSentJsonDepthMax);
  if (!parsed.ok()) return parsed.error();
  return {};
}

}  // namespace

ServedCall::ServedCall(const std::string& module, const char* callback,
                       const HostServices* services, Position at, const std::string& department)
    : HostCall(module, callback), services_(services), at_(at), department_(department) {
  if (services == nullptr) return;
  host_.lookup = [](const ops_host* host, ops_view table, ops_view key,
                    ops_view* out) -> ops_status {
    return of<ServedCall>(host).look_up(table, key, out);
  };
  grant_extensions();
}

ops_status ServedCall::look_up(ops_view table, ops_view key, ops_view* out) {
  if (out == nullptr || !is_sound(table) || !is_sound(key)) return refuse("looked up nothing");
  const Lookup wanted{std::string(text_of(table)), std::string(text_of(key))};
  const auto same = [&](const Lookup& l) { return l.table == wanted.table && l.key == wanted.key; };
  if (std::ranges::none_of(lookups_, same)) {
    if (lookups_.size() == plugin_limits::kLookupsMax)
      return refuse("looked up more than 100 rows");
    lookups_.push_back(wanted);
  }
  auto row = services_->lookup(wanted.table, wanted.key, at_);
  if (!row.ok()) return broken(row.error());
  if (!*row) return OPS_NOT_FOUND;
  found_ = std::move(**row);
  *out = view_of(found_);
  return OPS_OK;
}

const std::string* ServedCall::calendar_of(ops_view department) {
  if (!is_sound(department)) {
    refuse("asked for the calendar of a null department");
    return nullptr;
  }
  std::string name(department.size == 0 ? department_ : text_of(department));
  const auto known = std::ranges::find(calendars_, name);
  if (known != calendars_.end()) return &*known;
  return &calendars_.emplace_back(std::move(name));
}

template <class T, class Store>
ops_status ServedCall::answer(Result<T> result, Store store) {
  if (!result.ok()) return broken(result.error());
  store(*result);
  return OPS_OK;
}

/// The table behind `ops.calendar/1`.
struct CalendarExtension {
  static ops_status add(const ops_host* host, ops_view department, std::int64_t from,
                        std::int64_t working, std::int64_t* out) {
    auto& call = ServedCall::of<ServedCall>(host);
    const auto* name = call.calendar_of(department);
    if (name == nullptr || out == nullptr) return OPS_REFUSED;
    return call.answer(
        call.services_->add_working(*name, time_of(from), Duration(working), call.at_),
        [out](Time due) { *out = due.us; });
  }
  static ops_status add_days(const ops_host* host, ops_view department, std::int64_t from,
                             std::int32_t days, std::int64_t* out) {
    auto& call = ServedCall::of<ServedCall>(host);
    const auto* name = call.calendar_of(department);
    if (name == nullptr || out == nullptr) return OPS_REFUSED;
    return call.answer(call.services_->add_working_days(*name, time_of(from), days, call.at_),
                       [out](Time due) { *out = due.us; });
  }
  static ops_status between(const ops_host* host, ops_view department, std::int64_t from,
                            std::int64_t to, std::int64_t* out) {
    auto& call = ServedCall::of<ServedCall>(host);
    const auto* name = call.calendar_of(department);
    if (name == nullptr || out == nullptr) return OPS_REFUSED;
    return call.answer(call.services_->working_between(*name, time_of(from), time_of(to), call.at_),
                       [out](Duration working) { *out = working.count(); });
  }
  static const void* find(const ops_host*, ops_view id) {
    static constexpr ops_calendar table{sizeof(ops_calendar), 0, add, add_days, between};
    return is_sound(id) && text_of(id) == OPS_CALENDAR_EXTENSION ? &table : nullptr;
  }
};

void ServedCall::grant_extensions() {
  host_.get_extension = CalendarExtension::find;
}

bool DecideCall::sound_timer(std::uint32_t timer, ops_view id) {
  if (timer >= info_.timers.size()) {
    refuse("named timer number " + std::to_string(timer) + " of " +
           std::to_string(info_.timers.size()));
    return false;
  }
  if (is_sound(id) && id.size <= plugin_limits::kTimerIdBytesMax &&
      is_tag("timer:" + std::string(text_of(id)))) {
    return true;
  }
  refuse("named a timer \"" + words(id) + "\"; its id is 1 to 120 bytes of UTF-8 without comma");
  return false;
}

void DecideCall::change(TimerChange change) {
  std::erase_if(decision.timers, [&](const TimerChange& other) {
    return other.timer == change.timer && other.id == change.id;
  });
  decision.timers.push_back(std::move(change));
}

ops_status DecideCall::timer_set(const ops_timer_request& request) {
  if (!sound_timer(request.timer, request.id)) return OPS_REFUSED;
  if (decision.timers.size() == plugin_limits::kTimersMax) {
    return refuse("changed more than 1000 timers");
  }
  const CommandInfo& command = info_.commands[info_.timers[request.timer].command];
  if (!is_sound(request.data)) return refuse("set a timer with null data");
  if (const Status fits = command.schema->check(text_of(request.data)); !fits.ok()) {
    return refuse("set a timer for " + command.type + " whose " + fits.error().message);
  }
  TimerChange change;
  change.timer = request.timer;
  change.id = text_of(request.id);
  change.data = text_of(request.data);
  if (request.after_us == 0) {
    change.at = Time{request.at_us};
  } else if (request.after_us < 0) {
    return refuse("set a timer to a time before the decision");
  } else {
    change.after = Duration(request.after_us);
    change.working = request.basis == OPS_BASIS_WORKING;
  }
  if (change.working && host_services_ == nullptr) {
    return refuse("set a timer in working time, and this host has no calendars");
  }
  this->change(std::move(change));
  return OPS_OK;
}

ops_status DecideCall::timer_cancel(std::uint32_t timer, ops_view id) {
  if (!sound_timer(timer, id)) return OPS_REFUSED;
  TimerChange change;
  change.timer = timer;
  change.id = text_of(id);
  change.cancel = true;
  this->change(std::move(change));
  return OPS_OK;
}

Decision DecideCall::take() {
  decision.lookups = std::move(lookups_);
  decision.calendars = std::move(calendars_);
  return std::move(decision);
}

ReactCall::ReactCall(const std::string& module, const ModuleInfo& info,
                     std::span<const PluginEvent> events, const HostServices* services, Position at)
    : ServedCall(module, "react", services, at,
                 events.empty() ? std::string() : std::string(events[0].event->department)),
      info_(info),
      events_(events) {
  host_.command = [](const ops_host* host, std::uint64_t position, std::uint32_t call,
                     ops_view data) -> ops_status {
    return of<ReactCall>(host).send(position, call, data);
  };
}

ops_status ReactCall::send(std::uint64_t position, std::uint32_t call, ops_view data) {
  const auto given = [&](const PluginEvent& e) { return e.event->position.value == position; };
  if (std::ranges::none_of(events_, given)) {
    return refuse("sent a command on account of position " + std::to_string(position) +
                  ", which is no event it was given");
  }
  if (call >= info_.calls.size()) {
    return refuse("sent call number " + std::to_string(call) + " of " +
                  std::to_string(info_.calls.size()));
  }
  if (sent.size() == plugin_limits::kSentMax)
    return refuse("sent more than 10000 commands at once");
  const CallInfo& info = info_.calls[call];
  if (!is_sound(data)) return refuse("sent " + info.type + " with null data");
  const Status fits = info.schema ? info.schema->check(text_of(data)) : json_status(text_of(data));
  if (!fits.ok()) return refuse("sent " + info.type + " whose " + fits.error().message);
  sent.push_back({Position{position}, call, Bytes(text_of(data))});
  return OPS_OK;
}

}  // namespace opsledger
