#include "kernel/projection/generation_builder.hpp"

#include <algorithm>

#include "kernel/projection/limits.hpp"

namespace opsledger {
namespace {

/// Indices of the module's event types that some table reads.
std::set<std::uint32_t> listened_types(const ModuleInfo& info) {
  std::set<std::uint32_t> types;
  for (const auto& table : info.tables) {
    types.insert(table.event_types.begin(), table.event_types.end());
  }
  return types;
}

/// Their names for the type index; none when one is a pattern.
std::vector<std::string> index_names(const ModuleInfo& info) {
  std::vector<std::string> names;
  for (const auto type : listened_types(info)) {
    const auto& name = info.event_types[type].type;
    if (name.ends_with('*')) return {};
    names.push_back(name);
  }
  return names;
}

bool matches(std::string_view pattern, std::string_view type) {
  if (!pattern.ends_with('*')) return pattern == type;
  return type.starts_with(pattern.substr(0, pattern.size() - 1));
}

Interest classify(const ModuleInfo& info, const Registry& registry, std::string_view type) {
  for (const auto listened : listened_types(info)) {
    if (matches(info.event_types[listened].type, type)) return Interest::kListened;
  }
  const bool known = registry.event_type(type) != nullptr || Registry::kernel_owned(type);
  return known ? Interest::kKnown : Interest::kUnknown;
}

}  // namespace

GenerationBuilder::GenerationBuilder(ProjectionSources sources,
                                     std::shared_ptr<PluginInstance> module,
                                     std::shared_ptr<TableGeneration> generation,
                                     TableBatch::Shapes shapes, std::set<Position> skipped,
                                     BuilderLimits limits)
    : sources_(sources),
      module_(std::move(module)),
      generation_(std::move(generation)),
      limits_(limits),
      batch_(*generation_, shapes, limits.row_cache_bytes),
      feed_(sources.ledger, index_names(module_->info()),
            [this](std::string_view type) {
              return classify(module_->info(), sources_.registry, type);
            }),
      skipped_(std::move(skipped)),
      position_(generation_->progress().position) {
  for (const auto& table : module_->info().tables) {
    resolvers_.emplace_back(*module_, sources_.schemas, table.event_types);
  }
}

Result<bool> GenerationBuilder::advance() {
  failed_alone_ = true;
  failed_at_ = position_.next();
  auto done = advance_batch();
  if (done.ok()) return done;
  batch_.discard();
  feed_.reset();
  uncommitted_ = 0;
  if (failed_alone_) return done;
  return false;
}

Result<bool> GenerationBuilder::advance_batch() {
  Position reached = position_;
  for (std::size_t seen = 0; seen < limits_.batch_events_max;) {
    OPS_TRY_ASSIGN(const auto span, feed_.next(reached));
    if (span.covered == reached) {
      if (reached > position_) OPS_TRY(commit(reached));
      return true;
    }
    OPS_TRY(project(span.events));
    reached = span.covered;
    seen += span.events.size();
    if (batch_.full()) break;
  }
  if (reached > position_) OPS_TRY(commit(reached));
  return false;
}

Status GenerationBuilder::project(std::span<const EventView> events) {
  while (!events.empty()) {
    const bool alone = careful();
    const auto chunk = alone ? events.first(1) : next_chunk(events);
    if (auto applied = apply(chunk); !applied.ok()) {
      failed_at_ = chunk.front().position;
      failed_alone_ = alone;
      careful_until_ = std::max(careful_until_, chunk.back().position);
      return applied;
    }
    events = events.subspan(chunk.size());
    uncommitted_ += chunk.size();
    if (alone || uncommitted_ >= limits_.batch_events_max || batch_.full()) {
      failed_alone_ = true;
      failed_at_ = chunk.back().position;
      OPS_TRY(commit(chunk.back().position));
    }
  }
  return {};
}

/// A skipped event is a chunk of its own.
std::span<const EventView> GenerationBuilder::next_chunk(std::span<const EventView> events) const {
  const auto size = std::min(events.size(), projection_limits::kSpanEventsMax);
  const auto skipped = skipped_.lower_bound(events.front().position);
  if (skipped == skipped_.end() || *skipped > events[size - 1].position) return events.first(size);
  if (*skipped == events.front().position) return events.first(1);
  const auto end = std::find_if(events.begin(), events.end(),
                                [&](const EventView& event) { return event.position >= *skipped; });
  return events.first(static_cast<std::size_t>(end - events.begin()));
}

Status GenerationBuilder::apply(std::span<const EventView> events) {
  if (events.size() == 1 && skipped_.contains(events.front().position)) return {};
  for (std::uint32_t table = 0; table < resolvers_.size(); ++table) {
    OPS_TRY_ASSIGN(const auto resolved, resolvers_[table].resolve(events));
    if (resolved.empty()) continue;
    OPS_TRY(prefetch(table, resolved));
    OPS_TRY(module_->table_apply(table, resolved, batch_.rows(table)));
  }
  return {};
}

/// Naming the keys costs the plugin a second look at every event: it pays where rows are read from
/// the store, not where they are in memory already.
Status GenerationBuilder::prefetch(std::uint32_t table, std::span<const PluginEvent> events) {
  const auto read = batch_.take_rows_read(table);
  if (read * projection_limits::kEventsPerReadMax < events.size()) return {};
  OPS_TRY_ASSIGN(const auto keys, module_->table_keys(table, events));
  return batch_.prefetch(table, keys);
}

Status GenerationBuilder::commit(Position position) {
  Progress progress{sources_.ledger.id(), position, {}};
  if (const auto head = sources_.ledger.durable(); head.position == position) {
    progress.root = head.root;
  } else if (sources_.merkle != nullptr) {
    OPS_TRY_ASSIGN(progress.root, sources_.merkle->root(position.value));
  }
  OPS_TRY(batch_.commit(progress));
  position_ = position;
  uncommitted_ = 0;
  return {};
}

}  // namespace opsledger
