// The composition root: a store with its plugins, command path and projections.
#pragma once

#include <memory>
#include <optional>

#include "kernel/access/access_model.hpp"
#include "kernel/access/administration.hpp"
#include "kernel/app/configuration.hpp"
#include "kernel/app/store.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/http/services.hpp"
#include "kernel/identity/identities.hpp"
#include "kernel/keystore/key_store.hpp"
#include "kernel/modules/registry.hpp"
#include "kernel/projection/projection_engine.hpp"
#include "kernel/reactions/plugin_reactions.hpp"
#include "kernel/reactions/reaction_runner.hpp"
#include "kernel/rules/data_rules.hpp"
#include "kernel/rules/rule_administration.hpp"
#include "kernel/scheduler/host_services.hpp"
#include "kernel/scheduler/scheduler.hpp"
#include "storage/api/table_store.hpp"

namespace opsledger {

/// Everything but HTTP: `serve` puts a server on top, commands with --data use it as it is.
/// Thread safe after `open`. Members are destroyed in the right order by their own order.
class Node {
 public:
  /// Opens the store, loads every plugin of the plugin folder (one that does not load stops the
  /// start: a module that silently is not there is worse) and records what is new.
  static Result<std::unique_ptr<Node>> open(const Config& config, const Clock& clock,
                                            const Store::Options& options);
  ~Node();

  Store& store() { return *store_; }
  Ledger& ledger() { return store_->ledger(); }
  const Registry& registry() const { return registry_; }
  const RawAppend& raw_append() const { return *raw_append_; }
  CommandService& commands() { return *commands_; }
  ProjectionEngine& projections() { return *projections_; }
  KeyStore& secrets() { return *secrets_; }
  Identities& identities() const { return *identities_; }
  const AccessModel& access() const { return *access_; }
  Administration& administration() { return *administration_; }

  /// Opens the tables and starts projecting; once.
  Status start_projections();
  /// Waits until every table has read what is durable now; kTimeout `projection.behind`.
  Status wait_projected(std::chrono::milliseconds timeout) const;
  /// Begins to deliver notifications, where the module for them is loaded; once.
  Status start_outside(std::function<void(std::string_view)> log);
  /// Fires timers and runs rules from now on; once, after start_projections. A server's business:
  /// a command that opens a node leaves what is due to the next server. `log` is told what an
  /// operator should read.
  void start_automation(std::function<void(const std::string&)> log);
  /// Stops firing, projecting, and flushes. Idempotent; the destructor does it too.
  void stop();

  /// For HttpServer; valid as long as this node.
  Services services();
  std::vector<std::string> not_ready_reasons() const;

 private:
  Node(const Config& config, const Clock& clock) : config_(config), clock_(clock) {}
  Status load_plugins();
  Status load_rights();
  Status load_rules();
  std::vector<MetricSample> automation_metrics() const;
  Status open_blobs();

  Config config_;
  const Clock& clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<KeyStore> secrets_;
  std::unique_ptr<Identities> identities_;
  std::unique_ptr<TableStore> tables_;
  Registry registry_;
  std::unique_ptr<PersonalData> personal_;
  std::optional<RawAppend> raw_append_;
  std::unique_ptr<AccessModel> access_;
  std::unique_ptr<Administration> administration_;
  std::unique_ptr<CalendarBook> calendars_;
  std::unique_ptr<KernelServices> host_services_;
  std::unique_ptr<CommandService> commands_;
  std::unique_ptr<BlobService> blobs_;
  std::unique_ptr<ProjectionEngine> projections_;
  std::unique_ptr<RuleCatalog> rule_catalog_;
  std::unique_ptr<RulePlanner> rule_planner_;
  std::unique_ptr<DataRules> data_rules_;
  std::unique_ptr<RuleAdministration> rules_;
  std::unique_ptr<PluginReactions> reactions_;
  std::unique_ptr<ReactionRunner> reaction_runner_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Outside> outside_;
};

}  // namespace opsledger
