#include "kernel/app/node.hpp"

#include <filesystem>

#include "kernel/access/role_events.hpp"
#include "kernel/app/kernel_events.hpp"
#include "kernel/app/key_store_place.hpp"
#include "kernel/app/plugin_folder.hpp"
#include "kernel/events/personal_erasure.hpp"
#include "kernel/plugin/plugin_library.hpp"
#include "kernel/system/system_modules.hpp"
#include "storage/rocksdb/rocks_blob_store.hpp"
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
  OPS_TRY_ASSIGN(node->secrets_, open_key_store(config));
  OPS_TRY_ASSIGN(node->identities_,
                 Identities::open(node->ledger(), *node->secrets_, clock, config.identity));
  OPS_TRY(node->load_plugins());
  OPS_TRY(node->load_rights());
  OPS_TRY(node->open_blobs());
  TableStoreOptions tables;
  tables.directory = std::filesystem::path(config.data_directory) / "tables";
  tables.block_cache_bytes = config.storage.tables_cache_bytes;
  tables.memtable_bytes_max = config.storage.tables_memtable_bytes_max;
  OPS_TRY_ASSIGN(node->tables_, open_or_replace_tables(tables, options.warn));
  auto& ledger = node->ledger();
  node->personal_ = std::make_unique<PersonalData>(*node->secrets_);
  OPS_TRY(repeat_erasures(ledger, *node->personal_));
  node->raw_append_.emplace(node->registry_, node->personal_.get());
  node->calendars_ = std::make_unique<CalendarBook>(ledger, node->store_->schemas());
  node->host_services_ = std::make_unique<KernelServices>(*node->calendars_);
  node->commands_ = std::make_unique<CommandService>(
      ledger, node->registry_, node->store_->schemas(), clock, config.commands, node->access_.get(),
      node->host_services_.get(), node->personal_.get());
  auto projections = config.projections;
  projections.merkle = &node->store_->merkle();
  projections.log = options.warn;
  node->projections_ = std::make_unique<ProjectionEngine>(
      ledger, *node->tables_, node->registry_, node->store_->schemas(), clock, projections);
  node->host_services_->use(*node->projections_);
  OPS_TRY(node->load_rules());
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

Status Node::load_rights() {
  access_ = std::make_unique<AccessModel>(ledger(), store_->schemas(), clock_,
                                          AccessModel::Options{config_.modules_enabled_by_default});
  administration_ = std::make_unique<Administration>(ledger(), *access_, registry_);
  return record_default_roles(ledger(), *access_, registry_, kSystemActor);
}

Status Node::load_rules() {
  rule_catalog_ = std::make_unique<RuleCatalog>(ledger(), registry_);
  rule_planner_ = std::make_unique<RulePlanner>(
      registry_, store_->schemas(), host_services_.get(),
      [this](auto module, auto department) { return access_->config(module, department); });
  data_rules_ = std::make_unique<DataRules>(*rule_catalog_, *rule_planner_, registry_);
  rules_ = std::make_unique<RuleAdministration>(ledger(), registry_, *rule_catalog_, *rule_planner_,
                                                access_.get());
  return rule_catalog_->load();
}

Status Node::open_blobs() {
  OPS_TRY_ASSIGN(auto store,
                 open_blob_store({std::filesystem::path(config_.data_directory) / "blobs"}));
  auto options = config_.blobs;
  options.bytes_max = config_.http.limits.blob_bytes_max;
  OPS_TRY_ASSIGN(blobs_, BlobService::open(std::move(store), ledger(), registry_, options));
  return {};
}

Status Node::start_outside(std::function<void(std::string_view)> log) {
  if (!registry_.module("notify")) return {};
  outside_ = std::make_unique<Outside>(config_.outside, ledger(), store_->schemas(), *commands_,
                                       clock_, *secrets_, PersonalReader{personal_.get(), true, {}},
                                       std::move(log));
  return outside_->start();
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
  if (reaction_runner_) reaction_runner_->stop();
  if (scheduler_) scheduler_->stop();
  if (outside_) outside_->stop();
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
  services.metrics.push_back([this] { return automation_metrics(); });
  services.clock = &clock_;
  services.identities = identities_.get();
  services.secure_cookies = config_.secure_cookies;
  services.access = access_.get();
  services.personal = personal_.get();
  services.administration = administration_.get();
  services.rules = rules_.get();
  services.blobs = blobs_.get();
  services.set_channel_secret = [this](const std::string& channel, std::string_view json,
                                       const RequestContext& context) {
    return opsledger::set_channel_secret(ledger(), *secrets_, channel, json, context);
  };
  if (outside_) services.metrics.push_back([this] { return outside_->metrics(); });
  return services;
}

}  // namespace opsledger
