// All versions of all rows as text, and the same from a rebuild out of the ledger alone.
#pragma once

#include <string>

#include "kernel/modules/registry.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/api/table_store.hpp"

namespace opsledger::testing_support {

/// Tables 0 and 1 of the counter module: head rows with their histories, and the index.
std::string dump_of(const TableGeneration& generation);

/// What projecting the whole ledger into an empty store in memory gives. Errors: the ledger's.
Result<std::string> rebuilt_dump(const Ledger& ledger, const Registry& registry,
                                 const SchemaCatalog& schemas, const std::string& module);

}  // namespace opsledger::testing_support
