// The composition root: a store with its plugins, command path and projections.
#pragma once

#include <memory>
#include <optional>

#include "kernel/app/configuration.hpp"
#include "kernel/app/store.hpp"
#include "kernel/command/command_service.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/http/services.hpp"
#include "kernel/modules/registry.hpp"
#include "kernel/projection/projection_engine.hpp"
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

  /// Opens the tables and starts projecting; once.
  Status start_projections();
  /// Waits until every table has read what is durable now; kTimeout `projection.behind`.
  Status wait_projected(std::chrono::milliseconds timeout) const;
  /// Stops projecting and flushes. Idempotent; the destructor does it too.
  void stop();

  /// For HttpServer; valid as long as this node.
  Services services();
  std::vector<std::string> not_ready_reasons() const;

 private:
  Node(const Config& config, const Clock& clock) : config_(config), clock_(clock) {}
  Status load_plugins();

  Config config_;
  const Clock& clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<TableStore> tables_;
  Registry registry_;
  std::optional<RawAppend> raw_append_;
  std::unique_ptr<CommandService> commands_;
  std::unique_ptr<ProjectionEngine> projections_;
};

}  // namespace opsledger
