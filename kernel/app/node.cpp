#include "kernel/app/node.hpp"

#include <filesystem>

#include "kernel/app/kernel_events.hpp"
#include "kernel/app/plugin_folder.hpp"
#include "kernel/plugin/plugin_library.hpp"
#include "kernel/system/system_modules.hpp"
#include "storage/rocksdb/rocks_table_store.hpp"

namespace opsledger {
namespace {

std::vector<MetricSample> command_metrics(const CommandService::Metrics& metrics) {
  std::vector<MetricSample> samples;
  const auto outcome = [&samples](const char* name, std::uint64_t count) {
    samples.push_back({"opsledger_commands_total",
                       "Commands by outcome.",
                       static_cast<double>(count),
                       {{"outcome", name}}});
  };
  outcome("accepted", metrics.accepted);
  outcome("rejected", metrics.rejected);
  outcome("failed", metrics.failed);
  outcome("replayed", metrics.replayed);
  const auto number = [&samples](const char* name, const char* help, double value) {
    samples.push_back({name, help, value, {}});
  };
  number("opsledger_command_conflicts_total", "Decisions that met a foreign append.",
         static_cast<double>(metrics.conflicts));
  number("opsledger_command_decides_total", "Calls of a module's decide.",
         static_cast<double>(metrics.decides));
  number("opsledger_command_folded_events_total", "Events folded into models.",
         static_cast<double>(metrics.folded_events));
  number("opsledger_command_waiting", "Commands waiting for their turn.",
         static_cast<double>(metrics.waiting));
  number("opsledger_command_cached_states", "Folded states kept.",
         static_cast<double>(metrics.cached_states));
  return samples;
}

/// Everything in the tables' database can be projected again from the ledger: a damaged one is put
/// aside and a fresh one begun, so that a broken table never stops the ledger.
Result<std::unique_ptr<TableStore>> open_or_replace_tables(
    const TableStoreOptions& options, const std::function<void(std::string_view)>& warn) {
  auto tables = open_table_store(options);
  if (tables || tables.error().code != Code::kCorrupt) return tables;
  auto aside = options.directory;
  aside += ".damaged";
  warn("tables are damaged and are built again from the ledger; the old ones are in " +
       aside.string() + ": " + tables.error().message);
  std::error_code failed;
  std::filesystem::remove_all(aside, failed);
  std::filesystem::rename(options.directory, aside, failed);
  if (failed) return std::move(tables).error();
  return open_table_store(options);
}

}  // namespace

Node::~Node() {
  stop();
}

Result<std::unique_ptr<Node>> Node::open(const Config& config, const Clock& clock,
                                         const Store::Options& options) {
  std::unique_ptr<Node> node(new Node(config, clock));
  OPS_TRY_ASSIGN(node->store_, Store::open(config, clock, options));
  OPS_TRY(node->load_plugins());
  TableStoreOptions tables;
  tables.directory = std::filesystem::path(config.data_directory) / "tables";
  tables.block_cache_bytes = config.storage.tables_cache_bytes;
  tables.memtable_bytes_max = config.storage.tables_memtable_bytes_max;
  OPS_TRY_ASSIGN(node->tables_, open_or_replace_tables(tables, options.warn));
  auto& ledger = node->ledger();
  node->raw_append_.emplace(node->registry_);
  node->commands_ = std::make_unique<CommandService>(
      ledger, node->registry_, node->store_->schemas(), clock, config.commands);
  auto projections = config.projections;
  projections.merkle = &node->store_->merkle();
  projections.log = options.warn;
  node->projections_ = std::make_unique<ProjectionEngine>(
      ledger, *node->tables_, node->registry_, node->store_->schemas(), clock, projections);
  return node;
}

Status Node::load_plugins() {
  OPS_TRY(add_system_modules(registry_));
  OPS_TRY_ASSIGN(const auto folder, find_plugin_folder(config_.plugin_directory));
  for (const auto& library : plugin_libraries(folder)) {
    OPS_TRY_ASSIGN(auto modules, load_plugin(library));
    for (auto& module : modules) {
      OPS_TRY(registry_.add(module));
      OPS_TRY(record_module_installed(ledger(), store_->schemas(), module->info()));
    }
  }
  return {};
}

Status Node::start_projections() {
  return projections_->start();
}

Status Node::wait_projected(std::chrono::milliseconds timeout) const {
  const auto head = store_->ledger().durable().position;
  for (const auto& module : registry_.modules()) {
    if (module->info().tables.empty()) continue;
    OPS_TRY(projections_->wait_for(module->info().name, head, timeout));
  }
  return {};
}

void Node::stop() {
  if (projections_) projections_->stop();
}

std::vector<std::string> Node::not_ready_reasons() const {
  std::vector<std::string> reasons;
  if (const auto status = store_->health(); !status.ok()) {
    reasons.push_back(status.error().message);
  }
  for (const auto& projection : projections_->status()) {
    if (projection.state == ProjectionStatus::State::kParked) {
      reasons.push_back("projection of " + projection.module + " is parked after position " +
                        std::to_string(projection.position.value) +
                        (projection.parked ? ": " + projection.parked->message : ""));
    }
  }
  return reasons;
}

Services Node::services() {
  Services services{store_->ledger(), store_->merkle(),   registry_,  store_->schemas(),
                    *raw_append_,     store_->renderer(), *commands_, *projections_};
  services.not_ready_reasons = [this] { return not_ready_reasons(); };
  services.metrics.push_back([this] { return store_->metrics(); });
  services.metrics.push_back([this] { return command_metrics(commands_->metrics()); });
  services.clock = &clock_;
  return services;
}

}  // namespace opsledger
