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
#include <string_view>
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
/// A kind of timer; when one is due it becomes a command of the same module.
struct TimerInfo {
  std::string name;
  std::uint32_t command = 0;  ///< index into ModuleInfo::commands
  Label label;
};
/// A command, of this or another module, that reactions send.
struct CallInfo {
  std::string type;
  std::shared_ptr<const Schema> schema;  ///< of what is sent; null = JSON text
};
struct ReactionInfo {
  std::string name;
  unsigned version = 1;
  bool always = false;  ///< not switchable by departments
  std::vector<std::uint32_t> event_types;
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
  std::vector<TimerInfo> timers;
  std::vector<ReactionInfo> reactions;
  std::vector<CallInfo> calls;
  std::vector<std::string> pages;  ///< ids; the console shows them
};

/// An event ready for the plugin: data already in the plugin's reader schema (or JSON text).
struct PluginEvent {
  std::uint32_t type = 0;  ///< index into ModuleInfo::event_types
  BytesView data;
  const EventView* event = nullptr;
};

/// What a decision or a reaction may ask its host. Thread safe; answers hold at position `at`.
class HostServices {
 public:
  virtual ~HostServices() = default;
  /// Row `key` of `module.table` as JSON text, or nothing. May wait for the table to get to `at`.
  /// Errors: kNotFound `table.unknown`, kTimeout `projection.behind`.
  virtual Result<std::optional<std::string>> lookup(std::string_view table, std::string_view key,
                                                    Position at) const = 0;
  /// Working time of a department's calendar (kernel/calendar). Errors: kRejected
  /// `calendar.no_working_time` within the calendar's horizon; the ledger's.
  virtual Result<Time> add_working(std::string_view department, Time from, Duration working,
                                   Position at) const = 0;
  virtual Result<Time> add_working_days(std::string_view department, Time from, std::int32_t days,
                                        Position at) const = 0;
  virtual Result<Duration> working_between(std::string_view department, Time from, Time to,
                                           Position at) const = 0;
};

struct PluginEnvelope {
  Position position{};  ///< everything at or before it was folded
  Time time{};
  std::string actor, role, department, reason, correlation;
  std::string number;                      ///< the next number of the command's series
  std::vector<std::string> ids;            ///< fresh UUIDv7s
  std::string timer_id;                    ///< the timer that sent the command, "" = none
  Duration late_by{};                      ///< how late it fired
  const HostServices* services = nullptr;  ///< null: no look-ups, no working time
  std::string scope =
      "all";  ///< how far the right reaches: own | team | department | subtree | all
  std::string config = "{}";  ///< the module's settings in the department, JSON text
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
/// A timer set (again) or cancelled; of several changes of one timer the last counts.
struct TimerChange {
  std::uint32_t timer = 0;  ///< index into ModuleInfo::timers
  std::string id;
  bool cancel = false;
  std::optional<Time> at;  ///< else `after` the decision's time
  Duration after{};
  bool working = false;  ///< `after` counts working time of the department
  Bytes data;            ///< checked: it fits the schema of the timer's command
};
/// A row that a decision looked at outside of its condition.
struct Lookup {
  std::string table, key;
};
/// Accepted (events, warnings, timers) — a rejection is an Error with Code::kRejected.
struct Decision {
  std::vector<Emitted> events;
  std::vector<Warning> warnings;
  std::vector<TimerChange> timers;
  std::vector<Lookup> lookups;         ///< each once
  std::vector<std::string> calendars;  ///< departments whose working time was asked for
};
/// A command that a reaction sends on account of the event at `trigger`.
struct SentCommand {
  Position trigger{};
  std::uint32_t call = 0;  ///< index into ModuleInfo::calls
  Bytes data;              ///< in the call's schema, checked; or JSON text
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
  /// What reaction number `reaction` sends on account of `events` (of its types), in their order.
  /// Where one is at fault, Error::fields names it as in fold. `services` may be null; it answers
  /// as of `at`.
  virtual Result<std::vector<SentCommand>> react(std::uint32_t reaction,
                                                 std::span<const PluginEvent> events,
                                                 const HostServices* services, Position at);
};

}  // namespace opsledger
