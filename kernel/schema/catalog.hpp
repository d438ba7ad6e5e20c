// All schemas this ledger has ever used, by id: filled from `schema.registered` events.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "kernel/schema/schema.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Thread safe. Kernel event `schema.registered` {id, type, version, text}, tag `schema:<hex id>`,
/// schema json: the ledger stays readable when the plugin is gone.
class SchemaCatalog {
 public:
  /// Reads every registered schema from `ledger` (query by type; cost = number of schemas).
  Status load(const Ledger& ledger);
  /// Makes sure `schema` is in the ledger; appends `schema.registered` when it is not (idempotent
  /// over restarts and racing callers) and waits for it to be durable.
  Status ensure(Ledger& ledger, std::string_view event_type, unsigned version,
                std::shared_ptr<const Schema> schema);
  /// Null when unknown (or json). A miss re-reads the ledger's newer registrations once.
  std::shared_ptr<const Schema> find(const SchemaId& id) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<SchemaId, std::shared_ptr<const Schema>> schemas_;
};

}  // namespace opsledger
