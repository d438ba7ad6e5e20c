// The facts that the composition root itself records. No raw append can write their types.
#pragma once

#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Actor of everything that the program does by itself.
inline constexpr const char* kSystemActor = "opsledger";

/// The events that the two functions below append.
NewEvent ledger_created(const LedgerId& id);
NewEvent ledger_backfilled(const std::string& source, Time from, Time to);

/// Appends `ledger.created` {id} unless it is there.
Status record_ledger_created(Ledger& ledger);

/// Makes the schemas of the module's own events part of the ledger, then appends
/// `module.installed` {module, version, hash, prefixes, events, commands, tables} unless this very
/// library (name and hash) was recorded before. Waits until durable.
Status record_module_installed(Ledger& ledger, SchemaCatalog& schemas, const ModuleInfo& module);

/// Appends `ledger.backfilled` {source, from, to}: from here on, up to `to`, recorded_at is a time
/// that a clock other than the real one gave.
Status record_backfilled(Ledger& ledger, const std::string& source, Time from, Time to);

}  // namespace opsledger
