#include "kernel/projection/module_projection.hpp"

#include <algorithm>
#include <charconv>

#include "kernel/projection/limits.hpp"
#include "storage/base/sync_point.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kHashDigits = 12;

Error not_ready(const std::string& module) {
  return {Code::kNotReady, "projection.building",
          "the tables of " + module + " are being built for the first time; try again"};
}

/// The number at the end of `order@1f3c…-12`; 0 when there is none.
unsigned serial_of(std::string_view name) {
  const auto dash = name.rfind('-');
  unsigned serial = 0;
  if (dash != std::string_view::npos) {
    std::from_chars(name.data() + dash + 1, name.data() + name.size(), serial);
  }
  return serial;
}

}  // namespace

ModuleProjection::ModuleProjection(const ProjectionEnvironment& environment,
                                   std::shared_ptr<PluginInstance> module)
    : environment_(environment),
      module_(std::move(module)),
      hash_(hex(module_->info().hash.bytes).substr(0, kHashDigits)) {}

ModuleProjection::~ModuleProjection() {
  stop();
}

Status ModuleProjection::start() {
  std::lock_guard control(control_);
  const auto& info = module_->info();
  for (std::uint32_t i = 0; i < info.tables.size(); ++i) {
    OPS_TRY_ASSIGN(auto shape, TableShape::make(info.tables[i], i));
    shapes_.push_back(std::move(shape));
  }
  OPS_TRY_ASSIGN(auto history, GenerationHistory::read(environment_.ledger, info.name));
  history_ = std::make_shared<GenerationHistory>(std::move(history));
  const auto* record = history_->live();
  const auto listed = environment_.store.list();
  if (record == nullptr || std::find(listed.begin(), listed.end(), record->name) == listed.end()) {
    return start_first();
  }
  return start_live(*record);
}

/// Nothing can be read yet. A short ledger is caught up with at once, so its tables are shown from
/// the start; a long one first.
Status ModuleProjection::start_first() {
  const auto name = building_name();
  if (environment_.ledger.durable().position.value > environment_.options.batch_events_max) {
    return start_building(name);
  }
  drop_leftovers(name);
  OPS_TRY_ASSIGN(auto opened, open_for_projecting(name));
  OPS_TRY(record_start(*opened));
  publish(opened);
  opened->projector->start();
  return {};
}

Status ModuleProjection::start_live(const GenerationRecord& record) {
  OPS_TRY_ASSIGN(auto rows, environment_.store.open(record.name));
  if (!usable(record.name, *rows)) {
    rows.reset();
    OPS_TRY(environment_.store.drop(record.name));
    return start_building(building_name());
  }
  if (record.hash == hash_) {
    OPS_TRY_ASSIGN(auto opened, open_for_projecting(record.name));
    publish(opened);
    opened->projector->start();
    drop_leftovers("");
    return {};
  }
  environment_.log("tables of " + module_->info().name + ": code changed, " + record.name +
                   " stays readable while a new generation is built");
  publish(std::make_shared<Opened>(Opened{record.name, std::move(rows), record.shapes, nullptr}));
  return start_building(building_name());
}

Status ModuleProjection::start_building(std::string name) {
  drop_leftovers(name);
  OPS_TRY_ASSIGN(auto opened, open_for_projecting(name));
  {
    std::lock_guard lock(mutex_);
    building_ = opened;
  }
  opened->projector->start();
  return {};
}

Result<ModuleProjection::OpenedPtr> ModuleProjection::open_for_projecting(const std::string& name) {
  OPS_TRY_ASSIGN(auto rows, environment_.store.open(name));
  if (!usable(name, *rows)) {
    rows.reset();
    OPS_TRY(environment_.store.drop(name));
    OPS_TRY_ASSIGN(rows, environment_.store.open(name));
  }
  const auto& options = environment_.options;
  auto builder = std::make_unique<GenerationBuilder>(
      ProjectionSources{environment_.ledger, options.merkle, environment_.registry,
                        environment_.schemas},
      module_, rows, shapes_, history_->skipped(hash_),
      BuilderLimits{options.batch_events_max, options.row_cache_bytes_per_module});
  auto projector = std::make_shared<Projector>(
      std::move(builder),
      Projector::Options{options.flush_interval, [this, name] { swap_when_building(name); }});
  return std::make_shared<const Opened>(
      Opened{name, std::move(rows), shapes_, std::move(projector)});
}

/// Progress must be of this ledger and not beyond it.
bool ModuleProjection::usable(const std::string& name, const TableGeneration& generation) const {
  const auto progress = generation.progress();
  if (progress.position.value == 0) return true;
  const auto* merkle = environment_.options.merkle;
  std::string why;
  if (progress.ledger != environment_.ledger.id()) {
    why = "belongs to ledger " + hex(progress.ledger.bytes);
  } else if (progress.position > environment_.ledger.durable().position) {
    why = "is at position " + std::to_string(progress.position.value) + ", the ledger only at " +
          std::to_string(environment_.ledger.durable().position.value);
  } else if (merkle != nullptr && progress.root != Hash{}) {
    const auto root = merkle->root(progress.position.value);
    if (!root.ok() || *root != progress.root) {
      why = "was built from other events: tree roots at position " +
            std::to_string(progress.position.value) + " differ";
    }
  }
  if (why.empty()) return true;
  environment_.log("tables " + name + ": " + why + "; they are built again from the beginning");
  return false;
}

/// A generation of this code that a stop interrupted is built on, else a new one.
std::string ModuleProjection::building_name() const {
  const auto prefix = module_->info().name + "@" + hash_ + "-";
  unsigned serial = 0;
  for (const auto& record : history_->records()) {
    if (record.name.starts_with(prefix)) serial = std::max(serial, serial_of(record.name));
  }
  for (const auto& name : environment_.store.list()) {
    if (name.starts_with(prefix) && serial_of(name) > serial) return name;
  }
  return prefix + std::to_string(serial + 1);
}

/// Generations of this module that never went live, apart from `kept`.
void ModuleProjection::drop_leftovers(const std::string& kept) const {
  for (const auto& name : environment_.store.list()) {
    const bool ours = name.starts_with(module_->info().name + "@");
    if (!ours || name == kept || history_->find(name) != nullptr) continue;
    if (!environment_.store.drop(name).ok()) environment_.log("tables " + name + ": not dropped");
  }
}

void ModuleProjection::drop_finished(const GenerationHistory& history) const {
  const auto listed = environment_.store.list();
  std::size_t kept = 0;
  for (auto record = history.records().rbegin(); record != history.records().rend(); ++record) {
    const bool is_listed = std::find(listed.begin(), listed.end(), record->name) != listed.end();
    if (!record->live_until || !is_listed) continue;
    if (++kept <= projection_limits::kFinishedGenerationsMax) continue;
    if (!environment_.store.drop(record->name).ok()) {
      environment_.log("tables " + record->name + ": not dropped");
    }
  }
}

Status ModuleProjection::record_start(const Opened& next) {
  auto history = std::make_shared<GenerationHistory>(*history_);
  OPS_TRY(history->start(environment_.ledger, module_->info().version,
                         {next.name, hash_, next.shapes, {}, std::nullopt}));
  std::lock_guard lock(mutex_);
  history_ = std::move(history);
  return {};
}

void ModuleProjection::publish(OpenedPtr live) {
  {
    std::lock_guard lock(mutex_);
    live_ = std::move(live);
  }
  swapped_.notify_all();
}

/// On the thread of the generation that was built: it has caught up and takes over.
void ModuleProjection::swap_when_building(const std::string& name) {
  const auto next = building();
  if (next == nullptr || next->name != name) return;
  OpenedPtr old;
  {
    std::lock_guard control(control_);
    sync_point(SyncPoint::kGenerationCaughtUp);
    if (auto recorded = record_start(*next); !recorded.ok()) {
      // tried again when the ledger moves
      environment_.log("tables " + name + ": cannot go live: " + recorded.error().message);
      return;
    }
    sync_point(SyncPoint::kGenerationRecorded);
    std::lock_guard lock(mutex_);
    old = std::exchange(live_, next);
    building_.reset();
  }
  swapped_.notify_all();
  environment_.log("tables " + name + " are live");
  if (old != nullptr && old->projector != nullptr) old->projector->stop();
  std::shared_ptr<const GenerationHistory> history;
  {
    std::lock_guard lock(mutex_);
    history = history_;
  }
  drop_finished(*history);
}

void ModuleProjection::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  swapped_.notify_all();
  // A generation that is built may go live meanwhile: ask again until nothing new appears.
  for (const auto& projector : projectors()) projector->stop();
  for (const auto& projector : projectors()) projector->stop();
}

void ModuleProjection::notify() {
  for (const auto& projector : projectors()) projector->notify();
}

std::vector<std::shared_ptr<Projector>> ModuleProjection::projectors() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Projector>> found;
  for (const auto& opened : {live_, building_}) {
    if (opened && opened->projector) found.push_back(opened->projector);
  }
  return found;
}

ModuleProjection::OpenedPtr ModuleProjection::live() const {
  std::lock_guard lock(mutex_);
  return live_;
}

ModuleProjection::OpenedPtr ModuleProjection::building() const {
  std::lock_guard lock(mutex_);
  return building_;
}

Status ModuleProjection::wait_for(Position min_position, std::chrono::milliseconds timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const auto opened = live();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (opened && opened->rows->progress().position >= min_position) return {};
    Status waited = not_ready(module_->info().name);
    if (opened && opened->projector) waited = opened->projector->wait_for(min_position, left);
    std::unique_lock lock(mutex_);
    const auto changed = [&] { return live_ != opened || stopping_; };
    if (stopping_ || (opened && opened->projector && !changed())) return waited;
    if (!swapped_.wait_until(lock, deadline, changed)) {
      return Error{Code::kTimeout, "projection.behind",
                   "the tables of " + module_->info().name + " are being built; try again"};
    }
  }
}

Result<ModuleProjection::OpenedPtr> ModuleProjection::opened_at(Position as_of,
                                                                bool as_shown) const {
  std::shared_ptr<const GenerationHistory> history;
  OpenedPtr opened;
  {
    std::lock_guard lock(mutex_);
    history = history_;
    opened = live_;
  }
  if (!as_shown || as_of == kHead) {
    if (opened == nullptr) return not_ready(module_->info().name);
    return opened;
  }
  const auto* record = history->shown_at(as_of);
  if (record == nullptr) {
    return Error{Code::kNotFound, "generation.none",
                 "no tables of " + module_->info().name + " were shown at position " +
                     std::to_string(as_of.value) + "; leave out as_shown"};
  }
  if (opened != nullptr && opened->name == record->name) return opened;
  const auto listed = environment_.store.list();
  if (std::find(listed.begin(), listed.end(), record->name) == listed.end()) {
    return Error{Code::kNotFound, "generation.dropped",
                 "generation " + record->name + " is no longer kept; leave out as_shown"};
  }
  OPS_TRY_ASSIGN(auto rows, environment_.store.open(record->name));
  return std::make_shared<const Opened>(
      Opened{record->name, std::move(rows), record->shapes, nullptr});
}

Result<TableSnapshot> ModuleProjection::open(const TableRef& table, Position as_of,
                                             bool as_shown) const {
  OPS_TRY_ASSIGN(const auto opened, opened_at(as_of, as_shown));
  const auto& name = table.info().name;
  const auto shape = std::find_if(opened->shapes.begin(), opened->shapes.end(),
                                  [&](const auto& known) { return known->name == name; });
  if (shape == opened->shapes.end()) return not_ready(module_->info().name);
  const auto built = opened->rows->progress().position;
  const auto head = environment_.ledger.durable().position;
  TableSnapshot snapshot{table, *shape, opened->rows, opened->name, as_of, as_of == kHead};
  if (snapshot.at_head) snapshot.as_of = built;
  if (snapshot.as_of > head) {
    return Error{Code::kInvalid, "as_of.future",
                 "position " + std::to_string(as_of.value) + " is beyond the ledger's last, " +
                     std::to_string(head.value)};
  }
  // A finished generation showed what it had; the live one has yet to get there.
  if (snapshot.as_of > built && opened->projector == nullptr) snapshot.as_of = built;
  if (snapshot.as_of > built) {
    return Error{Code::kNotReady, "projection.behind",
                 "the tables are built up to position " + std::to_string(built.value) +
                     ", asked for " + std::to_string(as_of.value) + "; try again"};
  }
  return snapshot;
}

ProjectionStatus ModuleProjection::status() const {
  const auto current = live();
  const auto next = building();
  const auto& shown = current && current->projector ? current : next;
  ProjectionStatus status;
  status.module = module_->info().name;
  status.module_version = module_->info().version;
  status.head = environment_.ledger.durable().position;
  if (current) status.generation = current->name;
  if (current) status.position = current->rows->progress().position;
  if (!shown) return status.state = ProjectionStatus::State::kStopped, status;
  const auto view = (next ? next : shown)->projector->view();
  if (!current) status.position = view.position;
  if (next && current) status.rebuild_position = view.position;
  status.unknown_events = view.unknown_events;
  status.parked = view.parked;
  status.parked_at = view.parked_at;
  const auto left = status.head.value - std::min(status.head, view.position).value;
  if (left > 0) status.events_per_second = static_cast<double>(view.positions_per_second);
  if (left > 0 && view.positions_per_second > 0) {
    status.seconds_left = static_cast<double>((left - 1) / view.positions_per_second + 1);
  }
  using State = ProjectionStatus::State;
  status.state = view.parked        ? State::kParked
                 : next && current  ? State::kRebuilding
                 : next || left > 0 ? State::kCatchingUp
                                    : State::kLive;
  return status;
}

Status ModuleProjection::rebuild() {
  std::lock_guard control(control_);
  if (building() != nullptr) {
    return Error{Code::kConflict, "projection.rebuilding",
                 "the tables of " + module_->info().name + " are being rebuilt already"};
  }
  return start_building(building_name());
}

std::shared_ptr<Projector> ModuleProjection::parked_projector() const {
  for (const auto& projector : projectors()) {
    if (projector->view().parked) return projector;
  }
  return nullptr;
}

Status ModuleProjection::retry() {
  const auto projector = parked_projector();
  if (projector != nullptr) return projector->retry();
  return Error{Code::kConflict, "projection.not_parked",
               "the tables of " + module_->info().name + " are not parked"};
}

Status ModuleProjection::skip(std::string_view reason, std::string_view actor) {
  std::lock_guard control(control_);
  const auto projector = parked_projector();
  if (projector == nullptr) {
    return Error{Code::kConflict, "projection.not_parked",
                 "the tables of " + module_->info().name + " are not parked"};
  }
  const auto position = projector->view().parked_at;
  auto history = std::make_shared<GenerationHistory>(*history_);
  OPS_TRY(history->skip(environment_.ledger, hash_, position, reason, actor));
  {
    std::lock_guard lock(mutex_);
    history_ = std::move(history);
  }
  for (const auto& other : projectors()) {
    if (const auto view = other->view(); view.parked && view.parked_at == position) {
      OPS_TRY(other->skip(position));
    }
  }
  return {};
}

}  // namespace opsledger
