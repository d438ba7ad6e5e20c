// The seam between the kernel and plugin code: bytes in, bytes out. The in-process host implements
// it with Boost.DLL and the C ABI; the sandboxed worker will implement it with a pipe. Nothing
// above this line knows which.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kernel/schema/schema.hpp"
#include "storage/api/event.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

struct Label {
  std::string en, zh;
};

/// An older shape of an event type that resolution by field names cannot read.
struct UpcastInfo {
  unsigned from_version = 0;
  std::shared_ptr<const Schema> schema;
};

/// What a module declares about itself. Owned copies: valid without the library.
struct EventTypeInfo {
  std::string type;  ///< a foreign one may be a pattern: `task.*` or `*`
  unsigned version = 1;
  std::shared_ptr<const Schema> schema;  ///< reader schema; null = data is delivered as JSON text
  bool owned = false;                    ///< declared by this module (else foreign, only read)
  Label label;
  bool wants_tags = false, wants_metadata = false;
  std::vector<UpcastInfo> upcasts;  ///< newest first
};
struct ModelInfo {
  std::string name;
  std::vector<std::uint32_t> event_types;  ///< indices into ModuleInfo::event_types
};
struct LoadInfo {
  std::uint32_t model = 0;
};
struct CommandInfo {
  std::string type;
  std::shared_ptr<const Schema> schema;
  Label label;
  char permission_class = 'C';  ///< V view, C create/act, A approve, M manage
  bool reason_required = false;
  std::string number_series;  ///< "" = none; else asked per command through PluginInstance::series
  std::vector<LoadInfo> loads;
  std::uint32_t id_count = 0;      ///< fresh ids wanted in the envelope, at most 64
  std::uint32_t number_width = 4;  ///< digits of a number at least: T-202611-0042
  bool internal = false;           ///< only timers and reactions may send it
  std::string separation, grants;  ///< JSON text of sdk/ABI.md, "" = none
};
struct TableInfo {
  std::string name;  ///< without the module: `orders`
  unsigned version = 1;
  std::vector<std::uint32_t> event_types;
  std::shared_ptr<const Schema> row;
  std::string key_column;  ///< name under which the row key is shown (may be no field)
  std::string owner_column, department_column;
  std::vector<std::string> indexes;  ///< columns with a head index
  std::vector<std::string> search;   ///< text columns that rows are found by
  Label label;
};
struct ModuleInfo {
  std::string name, version;
  Hash hash{};  ///< SHA-256 of the library: part of every generation's and state cache's name
  std::vector<std::string> prefixes;  ///< event/command prefixes it owns; defaults to {name}
  std::vector<EventTypeInfo> event_types;
  std::vector<ModelInfo> models;
  std::vector<CommandInfo> commands;
  std::vector<TableInfo> tables;
  Label label;
  std::vector<std::string> requirements;  ///< modules that must be enabled with it
  std::shared_ptr<const Schema> config;   ///< of its settings; null = none
  std::string sdk;                        ///< what built it: `opsledger-sdk 0.1.0`
  /// Declared and listed; this host runs them when it has a scheduler and a console.
  std::vector<std::string> timers, reactions, pages;
};

/// An event ready for the plugin: data already in the plugin's reader schema (or JSON text).
struct PluginEvent {
  std::uint32_t type = 0;  ///< index into ModuleInfo::event_types
  BytesView data;
  const EventView* event = nullptr;
};

struct PluginEnvelope {
  Position position{};  ///< everything at or before it was folded
  Time time{};
  std::string actor, role, department, reason, correlation;
  std::string number;            ///< the next number of the command's series
  std::vector<std::string> ids;  ///< fresh UUIDv7s
};

struct Emitted {
  std::uint32_t type = 0;
  Bytes data;  ///< checked: it fits the type's schema
  std::vector<std::string> tags;
  std::optional<Time> time;  ///< when it happened, where the module says so
};
struct Warning {
  std::string code, message;
};
/// Accepted (events, warnings) — a rejection is an Error with Code::kRejected.
struct Decision {
  std::vector<Emitted> events;
  std::vector<Warning> warnings;
};

/// Folded model state inside the plugin; destroyed with the handle.
class ModelState {
 public:
  virtual ~ModelState() = default;
};

/// Row access granted during one `apply`. Calls come back on the same thread. What is asked of it
/// was checked by the instance: keys are rows' (UTF-8) or notes' and short enough, rows fit the
/// table's schema, positions are those of the events given, in order.
class RowAccess {
 public:
  virtual ~RowAccess() = default;
  /// Current row bytes or nothing; valid until the next call.
  virtual Result<std::optional<BytesView>> get(BytesView key) = 0;
  /// `position` = of the event being applied.
  virtual Status put(BytesView key, BytesView row, Position position) = 0;
  virtual Status erase(BytesView key, Position position) = 0;
};

/// One live instance of one module. Thread safe.
/// Callbacks are pure, so that calls run in parallel; one ModelState is used by one call at a time.
/// Every error is kInternal `plugin.failed` or `plugin.misbehaved` naming module and callback (a
/// plugin that throws, returns garbage or dies), or kRejected with the module's own code (decide,
/// load_tags, series), or what RowAccess returned. Where the plugin names the event at fault
/// (fold, table_apply) Error::fields holds {"/position", "<digits>"}: what came before is sound.
class PluginInstance {
 public:
  virtual ~PluginInstance() = default;
  virtual const ModuleInfo& info() const = 0;
  virtual Result<std::unique_ptr<ModelState>> create_state(std::uint32_t model) = 0;
  virtual Status fold(std::uint32_t model, ModelState& state,
                      std::span<const PluginEvent> events) = 0;
  /// Tag sets (0..64) of load number `load`, given the states of the loads before it (each load
  /// has one state per tag set).
  using States = std::vector<std::vector<ModelState*>>;
  virtual Result<std::vector<std::vector<std::string>>> load_tags(std::uint32_t command,
                                                                  std::uint32_t load,
                                                                  BytesView command_data,
                                                                  const States& before) = 0;
  /// The number series this command draws from, "" = none this time. The envelope holds time,
  /// actor and department, no number yet.
  virtual Result<std::string> series(std::uint32_t command, BytesView command_data,
                                     const PluginEnvelope& envelope) = 0;
  virtual Result<Decision> decide(std::uint32_t command, BytesView command_data,
                                  const States& states, const PluginEnvelope& envelope) = 0;
  /// Keys that `apply` will probably touch (prefetch hint).
  virtual Result<std::vector<Bytes>> table_keys(std::uint32_t table,
                                                std::span<const PluginEvent> events) = 0;
  virtual Status table_apply(std::uint32_t table, std::span<const PluginEvent> events,
                             RowAccess& rows) = 0;
  /// Data in the shape of info().event_types[event_type].upcasts[upcast] -> the current shape.
  virtual Result<Bytes> upcast(std::uint32_t event_type, std::uint32_t upcast, BytesView data);
  // reactions and timers are added with the scheduler
};

}  // namespace opsledger
