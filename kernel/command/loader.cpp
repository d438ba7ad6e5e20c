#include "kernel/command/loader.hpp"

#include <algorithm>

#include "kernel/command/admission.hpp"
#include "kernel/command/number_series.hpp"

namespace opsledger {

namespace {

PluginInstance::States raw_states(const std::vector<std::vector<FoldedSet>>& loads) {
  PluginInstance::States states(loads.size());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    states[i].reserve(loads[i].size());
    for (const auto& set : loads[i]) states[i].push_back(set.state->model.get());
  }
  return states;
}

bool is_pattern(std::string_view type) {
  return type.ends_with('*');
}

/// The job's own event `i` as the ledger took it.
EventView own_view(const Job& job, std::size_t i, const AppendOutcome& accepted) {
  const auto& context = job.request.context;
  const auto& type = job.module().event_types[job.own[i].type];
  EventView view;
  view.position = {accepted.first.value + i};
  view.recorded_at = view.time = accepted.recorded_at;
  view.type = type.type;
  view.department = context.department;
  view.actor = context.actor;
  view.correlation = context.correlation;
  view.causation = job.request.causation;
  if (type.schema) view.schema = type.schema->id();
  view.data = job.own[i].data;
  return view;
}

/// After a failed fold nobody knows what the state holds.
void forget(FoldedState& state) {
  state = FoldedState{};
}

}  // namespace

QueryItem boundary_of(const ModuleInfo& module, std::uint32_t model, const TagSet& tags) {
  QueryItem item{{}, tags};
  for (const auto index : module.models[model].event_types) {
    const auto& type = module.event_types[index].type;
    if (is_pattern(type)) return {{}, tags};
    item.types.push_back(type);
  }
  return item;
}

Result<Loader::Step> Loader::load(Job& job) {
  job.envelope.position = ledger_.accepted().position;
  job.loads.clear();
  job.states.clear();
  job.wanted.clear();
  job.rests_on = {};
  const auto loads = static_cast<std::uint32_t>(job.command.info().loads.size());
  if (loads > 0 || !job.series.empty()) OPS_TRY(recent_.advance(job.envelope.position));
  for (std::uint32_t load = 0; load < loads; ++load) {
    OPS_TRY_ASSIGN(const Step step, load_one(job, load));
    if (step != Step::kReady) return step;
    job.states = raw_states(job.loads);
  }
  return job.series.empty() ? Step::kReady : load_series(job);
}

Result<Loader::Step> Loader::load_one(Job& job, std::uint32_t load) {
  std::vector<TagSet> sets;
  if (load == 0 && job.first_sets) {
    sets = *job.first_sets;
  } else {
    OPS_TRY_ASSIGN(sets, tag_sets(job, load));
  }
  if (load > 0) {  // those of the first load were taken before anything else
    for (const auto& set : sets) add_turn_keys(set, &job.wanted);
    if (!turns_.extend(job, job.wanted)) return Step::kWantsTurns;
  }
  const auto model = job.command.info().loads[load].model;
  auto& folded = job.loads.emplace_back();
  folded.reserve(sets.size());
  for (auto& set : sets) {
    folded.push_back({model, std::move(set), nullptr});
    OPS_TRY_ASSIGN(const Step step, load_set(job, &folded.back()));
    if (step != Step::kReady) return step;
  }
  return Step::kReady;
}

std::shared_ptr<FoldedState> Loader::cached(const std::string& key) {
  bool found = false;
  auto state = cache_.at(key, &found);
  count(found ? counters_.cache_hits : counters_.cache_misses);
  return state;
}

/// Whether `state` was folded beyond the job's position by a command before. One that is ahead of
/// the ledger itself was folded from a tail that a failed sync took back.
bool Loader::moved_on(const Job& job, FoldedState& state) const {
  if (state.upto <= job.envelope.position) return false;
  if (state.upto <= ledger_.accepted().position) return true;
  forget(state);
  return false;
}

/// Whether `state` holds everything up to `upto`; brought there when nothing came in between.
bool Loader::current(const TagSet& tags, FoldedState& state, Position upto) const {
  if (state.upto < upto && recent_.untouched(tags, state.upto)) state.upto = upto;
  return state.upto >= upto;
}

Result<Loader::Step> Loader::load_set(Job& job, FoldedSet* set) {
  set->state = cached(state_key(job.module(), set->model, set->tags));
  FoldedState& state = *set->state;
  if (moved_on(job, state)) return Step::kMoved;
  if (!state.model || !current(set->tags, state, job.envelope.position)) {
    if (auto status = fold(job, *set); !status) {
      forget(state);
      return std::move(status).error();
    }
    state.upto = job.envelope.position;
  }
  job.rests_on = std::max(job.rests_on, state.last);
  return Step::kReady;
}

Status Loader::fold(Job& job, const FoldedSet& set) {
  FoldedState& state = *set.state;
  if (!state.model) {
    OPS_TRY_ASSIGN(state.model, job.command.module->create_state(set.model));
  }
  if (job.module().models[set.model].event_types.empty()) return {};
  ReadOptions options;
  options.after = state.upto;
  options.upto = job.envelope.position;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto events,
                 ledger_.read({{boundary_of(job.module(), set.model, set.tags)}}, options));
  return fold_events(job, set, *events);
}

Status Loader::fold_events(Job& job, const FoldedSet& set, EventCursor& events) {
  const auto& types = job.module().models[set.model].event_types;
  EventResolver resolver(*job.command.module, schemas_, types);
  for (;;) {
    OPS_TRY_ASSIGN(const auto span, events.next());
    if (span.empty()) return {};
    OPS_TRY_ASSIGN(const auto resolved, resolver.resolve(span));
    if (resolved.empty()) continue;
    OPS_TRY(job.command.module->fold(set.model, *set.state->model, resolved));
    count(counters_.folded_events, resolved.size());
    set.state->last = resolved.back().event->position;
  }
}

Result<Loader::Step> Loader::load_series(Job& job) {
  job.series_state = cached(series_key(job.series));
  FoldedState& state = *job.series_state;
  if (moved_on(job, state)) return Step::kMoved;
  if (!current({series_tag(job.series)}, state, job.envelope.position)) OPS_TRY(fold_series(job));
  state.upto = job.envelope.position;
  job.rests_on = std::max(job.rests_on, state.last);
  return Step::kReady;
}

/// Only the newest event of the series counts, so it is read from the end.
Status Loader::fold_series(Job& job) {
  FoldedState& state = *job.series_state;
  ReadOptions options;
  options.after = job.envelope.position.next();
  options.direction = Direction::kBackward;
  options.limit = 1;
  options.accepted = true;
  const QueryItem item{{std::string(kNumberIssued)}, {series_tag(job.series)}};
  OPS_TRY_ASSIGN(const auto events, ledger_.read({{item}}, options));
  OPS_TRY_ASSIGN(const auto span, events->next());
  if (span.empty()) return {};
  OPS_TRY_ASSIGN(state.number, issued_sequence(span.front()));
  state.last = span.front().position;
  count(counters_.folded_events);
  return {};
}

void Loader::fold_own(Job& job, const AppendOutcome& accepted) {
  recent_.own(accepted.first, job.own_tags);
  for (const auto& load : job.loads) {
    for (const auto& set : load) fold_own_into(job, set, accepted);
  }
  if (!job.takes_number) return;
  FoldedState& state = *job.series_state;  // number.issued is the last event
  ++state.number;
  state.upto = state.last = accepted.last;
}

/// The append's condition says that nothing but these events came after the state's position.
void Loader::fold_own_into(Job& job, const FoldedSet& set, const AppendOutcome& accepted) {
  FoldedState& state = *set.state;
  const auto& types = job.module().models[set.model].event_types;
  if (state.upto >= accepted.last) return;  // two loads of one state
  std::vector<EventView> views(job.own.size());
  std::vector<PluginEvent> events;
  for (const auto index : types) {
    const auto& type = job.module().event_types[index];
    if (is_pattern(type.type) || type.wants_tags || type.wants_metadata) return;
  }
  for (std::size_t i = 0; i < job.own.size(); ++i) {
    const auto& tags = job.own_tags[i];
    if (std::find(types.begin(), types.end(), job.own[i].type) == types.end() ||
        !std::includes(tags.begin(), tags.end(), set.tags.begin(), set.tags.end())) {
      continue;
    }
    views[i] = own_view(job, i, accepted);
    events.push_back({job.own[i].type, job.own[i].data, &views[i]});
  }
  if (!events.empty()) {
    if (!job.command.module->fold(set.model, *state.model, events)) return forget(state);
    count(counters_.folded_events, events.size());
    state.last = events.back().event->position;
  }
  state.upto = accepted.last;
}

}  // namespace opsledger
