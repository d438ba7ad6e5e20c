#include "kernel/command/proposal.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/calendar/calendar_events.hpp"
#include "kernel/command/loader.hpp"
#include "kernel/command/number_series.hpp"
#include "kernel/command/timer_events.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

Error plugin_error(const Job& job, const std::string& what) {
  return {Code::kInternal, "plugin.invalid_event",
          "module " + job.module().name + ", command " + job.request.type + ": " + what +
              "; nothing was stored, report it to the module's author"};
}

Status check_emitted(const Job& job, const Emitted& emitted) {
  const auto& types = job.module().event_types;
  if (emitted.type >= types.size()) return plugin_error(job, "emitted an undeclared event type");
  const auto& type = types[emitted.type];
  if (!type.owned) return plugin_error(job, "emitted `" + type.type + "`, which it does not own");
  if (type.schema) {
    if (const auto status = type.schema->check(emitted.data); !status) {
      return plugin_error(job,
                          "emitted `" + type.type +
                              "` with bytes that do not fit its schema: " + status.error().message);
    }
  }
  for (const auto& tag : emitted.tags) {
    if (is_tag(tag)) continue;
    return Error{Code::kInvalid, "command.invalid",
                 "the command leads to an event `" + type.type + "` with the tag `" + tag +
                     "`, which cannot be one: key:value, value 1 to 200 bytes of UTF-8 without "
                     "comma and control characters"};
  }
  return {};
}

/// The module has seen numbers in the place of personal values.
Status seal_emitted(const Job& job, Emitted* emitted) {
  const auto& type = job.module().event_types[emitted->type];
  if (!type.schema) return {};
  return seal_personal(*type.schema, emitted->tags, job.withheld, job.personal, &emitted->data);
}

Metadata common_metadata(const Job& job) {
  Metadata metadata;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) metadata.emplace_back(key, value);
  };
  add("reason", job.request.context.reason);
  add("role", job.grant.role);
  add("on_behalf_of", job.request.context.on_behalf_of);
  if (job.separation_overridden) add("sod_override", "true");
  add("traceparent", job.request.context.traceparent);
  if (const auto& trigger = job.request.trigger) {
    add("rule", trigger->rule);
    if (trigger->depth > 0) add(kDepthMetadata, std::to_string(trigger->depth));
  }
  return metadata;
}

void add_context(const Job& job, const Metadata& metadata, NewEvent* event) {
  const auto& context = job.request.context;
  event->department = context.department;
  event->actor = context.actor;
  event->correlation = context.correlation;
  event->causation = job.request.causation;
  event->metadata = metadata;
}

NewEvent to_event(const Job& job, const std::string& module, Emitted emitted) {
  const auto& type = job.module().event_types[emitted.type];
  NewEvent event;
  event.type = type.type;
  event.tags = std::move(emitted.tags);
  event.module = module;
  if (type.schema) event.schema = type.schema->id();
  event.data = std::move(emitted.data);
  return event;
}

/// Adds `item`; items with the same tags become one, which matches exactly the same events.
void add_item(QueryItem item, std::vector<QueryItem>* items) {
  const auto same = std::find_if(items->begin(), items->end(),
                                 [&](const QueryItem& other) { return other.tags == item.tags; });
  if (same == items->end()) return items->push_back(std::move(item));
  if (same->types.empty()) return;
  if (item.types.empty()) return same->types.clear();
  std::vector<std::string> types = same->types;
  for (auto& type : item.types) {
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  if (types.size() > limits::kItemTypesMax) return items->push_back(std::move(item));
  same->types = std::move(types);
}

Result<std::optional<AppendCondition>> derive_condition(const Job& job,
                                                        const std::vector<std::string>& calendars) {
  std::vector<QueryItem> items;
  for (const auto& load : job.loads) {
    for (const auto& set : load) add_item(boundary_of(job.module(), set.model, set.tags), &items);
  }
  if (!job.series.empty()) {
    items.push_back({{std::string(kNumberIssued)}, {series_tag(job.series)}});
  }
  for (const auto& item : job.grant.guard) items.push_back(item);
  if (job.request.trigger) items.push_back(job.request.trigger->guard);
  for (const auto& department : calendars) {
    for (auto& item : calendar_items(department)) add_item(std::move(item), &items);
  }
  if (items.empty()) return std::optional<AppendCondition>{};
  if (items.size() > limits::kQueryItemsMax) {
    return Error{Code::kInvalid, "command.too_broad",
                 "the command rests on " + std::to_string(items.size()) +
                     " tag sets, the limit is " + std::to_string(limits::kQueryItemsMax) +
                     "; split it"};
  }
  return std::optional(AppendCondition{{std::move(items)}, job.envelope.position});
}

/// The events of the decision's timers. One fired and set again in one append is set after it is
/// fired, so these come last. Due times in working time rest on the department's calendar.
Result<std::vector<NewEvent>> timer_events(const Job& job, Decision* decision) {
  std::vector<NewEvent> events;
  for (const auto& change : decision->timers) {
    if (change.cancel) {
      events.push_back(timer_cancelled(timer_name(job.module(), change.timer, change.id)));
      continue;
    }
    const auto& envelope = job.envelope;
    Time due = change.at.value_or(envelope.time + change.after);
    if (change.working) {
      OPS_TRY_ASSIGN(due, envelope.services->add_working(envelope.department, envelope.time,
                                                         change.after, envelope.position));
      auto& calendars = decision->calendars;
      if (std::find(calendars.begin(), calendars.end(), envelope.department) == calendars.end()) {
        calendars.push_back(envelope.department);
      }
    }
    OPS_TRY_ASSIGN(auto event, timer_scheduled(job.module(), change, envelope.time, due));
    events.push_back(std::move(event));
  }
  return events;
}

std::string lookups_to_text(const std::vector<Lookup>& lookups) {
  json::array list;
  for (const auto& lookup : lookups) list.push_back({{"table", lookup.table}, {"key", lookup.key}});
  return json::serialize(list);
}

}  // namespace

std::string next_number(const Job& job) {
  if (job.series.empty()) return {};
  return format_number(job.series, job.series_state->number + 1, job.command.info().number_width);
}

Result<Proposal> make_proposal(Job& job, Decision decision) {
  for (auto& emitted : decision.events) {
    OPS_TRY(check_emitted(job, emitted));
    OPS_TRY(seal_emitted(job, &emitted));
  }
  Proposal proposal;
  OPS_TRY_ASSIGN(auto timers, timer_events(job, &decision));
  OPS_TRY_ASSIGN(proposal.condition, derive_condition(job, decision.calendars));
  proposal.key = job.key;
  auto metadata = common_metadata(job);
  if (!decision.lookups.empty()) {
    metadata.emplace_back("lookups", lookups_to_text(decision.lookups));
  }
  const auto module = job.module().name + "@" + job.module().version;
  job.takes_number = !job.series.empty() && !decision.events.empty();
  proposal.events.reserve(decision.events.size() + timers.size() + 2);
  job.own.clear();
  for (auto& emitted : decision.events) {
    job.own.push_back({emitted.type, emitted.data});
    proposal.events.push_back(to_event(job, module, std::move(emitted)));
  }
  if (const auto& trigger = job.request.trigger) {
    for (auto& event : trigger->events(job.refusal ? &*job.refusal : nullptr)) {
      proposal.events.push_back(std::move(event));
    }
  }
  std::move(timers.begin(), timers.end(), std::back_inserter(proposal.events));
  if (job.takes_number) {
    proposal.events.push_back(
        number_issued(job.series, job.series_state->number + 1, job.envelope.number));
  }
  job.types.clear();
  job.own_tags.clear();
  for (auto& event : proposal.events) {
    add_context(job, metadata, &event);
    job.types.push_back(event.type);
    std::sort(event.tags.begin(), event.tags.end());
    job.own_tags.push_back(event.tags);
  }
  job.warnings = std::move(decision.warnings);
  if (!job.warnings.empty()) {
    auto text = warnings_to_text(job.warnings);
    if (text.size() > limits::kMetadataValueBytesMax) {
      return plugin_error(job, "its warnings are longer than " +
                                   std::to_string(limits::kMetadataValueBytesMax) + " bytes");
    }
    proposal.events.front().metadata.emplace_back("warnings", std::move(text));
  }
  return proposal;
}

std::string warnings_to_text(const std::vector<Warning>& warnings) {
  json::array list;
  for (const auto& warning : warnings) {
    list.push_back({{"code", warning.code}, {"message", warning.message}});
  }
  return json::serialize(list);
}

std::vector<Warning> warnings_from_text(std::string_view text) {
  std::vector<Warning> warnings;
  boost::system::error_code error;
  const auto list = json::parse(text, error);
  if (error || !list.is_array()) return warnings;
  for (const auto& item : list.get_array()) {
    const auto* fields = item.if_object();
    if (!fields) continue;
    const auto field = [&](std::string_view name) {
      const auto* value = fields->if_contains(name);
      return value && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    warnings.push_back({field("code"), field("message")});
  }
  return warnings;
}

}  // namespace opsledger
