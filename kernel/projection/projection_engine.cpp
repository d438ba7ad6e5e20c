#include "kernel/projection/projection_engine.hpp"

#include <algorithm>

#include "kernel/projection/module_projection.hpp"

namespace opsledger {

struct ProjectionEngine::Impl {
  ProjectionEnvironment environment;
  // Filled by the constructor, then immutable.
  std::vector<std::pair<std::string, std::unique_ptr<ModuleProjection>>> modules;
  std::shared_ptr<void> subscription;

  Result<ModuleProjection*> find(std::string_view name) const {
    for (const auto& [known, module] : modules) {
      if (known == name) return module.get();
    }
    return Error{Code::kNotFound, "module.unknown",
                 "no module '" + std::string(name) + "' with tables is loaded"};
  }
};

ProjectionEngine::ProjectionEngine(Ledger& ledger, TableStore& store, const Registry& registry,
                                   const SchemaCatalog& schemas, const Clock&, Options options)
    : impl_(std::make_unique<Impl>(
          Impl{{ledger, store, registry, schemas, std::move(options)}, {}, {}})) {
  for (const auto& module : registry.modules()) {
    if (module->info().tables.empty()) continue;
    impl_->modules.emplace_back(module->info().name,
                                std::make_unique<ModuleProjection>(impl_->environment, module));
  }
}

ProjectionEngine::~ProjectionEngine() {
  stop();
}

Status ProjectionEngine::start() {
  for (const auto& [name, module] : impl_->modules) OPS_TRY(module->start());
  impl_->subscription = impl_->environment.ledger.subscribe([impl = impl_.get()](Position) {
    for (const auto& [name, module] : impl->modules) module->notify();
  });
  // what was appended between reading the head and subscribing
  for (const auto& [name, module] : impl_->modules) module->notify();
  return {};
}

void ProjectionEngine::stop() {
  impl_->subscription.reset();
  for (const auto& [name, module] : impl_->modules) module->stop();
}

Status ProjectionEngine::wait_for(std::string_view module, Position min_position,
                                  std::chrono::milliseconds timeout) const {
  OPS_TRY_ASSIGN(const auto* const found, impl_->find(module));
  return found->wait_for(min_position, timeout);
}

Result<TableSnapshot> ProjectionEngine::open(std::string_view full_table_name, Position as_of,
                                             bool as_shown) const {
  const auto table = impl_->environment.registry.table(full_table_name);
  if (!table) {
    return Error{
        Code::kNotFound, "table.unknown",
        "there is no table '" + std::string(full_table_name) + "'; names are <module>.<table>"};
  }
  OPS_TRY_ASSIGN(const auto* const found, impl_->find(table->module->info().name));
  return found->open(*table, as_of, as_shown);
}

std::vector<ProjectionStatus> ProjectionEngine::status() const {
  std::vector<ProjectionStatus> all;
  for (const auto& [name, module] : impl_->modules) all.push_back(module->status());
  return all;
}

Status ProjectionEngine::rebuild(std::string_view module) {
  OPS_TRY_ASSIGN(auto* const found, impl_->find(module));
  return found->rebuild();
}

Status ProjectionEngine::retry(std::string_view module) {
  OPS_TRY_ASSIGN(auto* const found, impl_->find(module));
  return found->retry();
}

Status ProjectionEngine::skip(std::string_view module, std::string_view reason,
                              std::string_view actor) {
  OPS_TRY_ASSIGN(auto* const found, impl_->find(module));
  return found->skip(reason, actor);
}

}  // namespace opsledger
