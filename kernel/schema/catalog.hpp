// All schemas this ledger has ever used, by id: filled from `schema.registered` events.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "kernel/schema/schema.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Type of the kernel event that holds a schema: data (json) {id, type, version, text}, tag
/// `schema:<hex id>`. The ledger stays readable when the plugin is gone.
inline constexpr std::string_view kSchemaRegistered = "schema.registered";

/// Thread safe. The ledger given to `load` or `ensure` must outlive the catalog.
class SchemaCatalog {
 public:
  /// Reads every registered schema from `ledger` (query by type; cost = number of schemas).
  /// Errors: the ledger's; kCorrupt `schema.registration_invalid` naming the position.
  Status load(const Ledger& ledger);
  /// Makes sure `schema` is in the ledger; appends `schema.registered` when it is not (idempotent
  /// over restarts and racing callers) and waits for it to be durable.
  Status ensure(Ledger& ledger, std::string_view event_type, unsigned version,
                std::shared_ptr<const Schema> schema);
  /// Null when unknown (or json). A miss re-reads the ledger's newer registrations once.
  std::shared_ptr<const Schema> find(const SchemaId& id) const;
  /// How bytes of schema `writer` become `reader`'s; kept, so that it is made once. Errors:
  /// kCorrupt `schema.unknown` (the ledger never registered it), kInvalid `schema.incompatible`.
  Result<std::shared_ptr<const Resolution>> resolution(
      const SchemaId& writer, const std::shared_ptr<const Schema>& reader) const;

 private:
  using Pair = std::pair<SchemaId, const Schema*>;  // the reader lives as long as its resolution
  std::shared_ptr<const Schema> known(const SchemaId& id) const;
  Status read_new(const Ledger& ledger) const;

  mutable std::shared_mutex mutex_;  // guards all below but reading_
  mutable std::mutex reading_;       // one reader of the ledger at a time
  mutable std::map<SchemaId, std::shared_ptr<const Schema>> schemas_;
  mutable std::map<Pair, std::shared_ptr<const Resolution>> resolutions_;
  mutable Position seen_{};  // registrations up to here are in schemas_
  const Ledger* ledger_ = nullptr;
};

}  // namespace opsledger
