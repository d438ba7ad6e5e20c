// Events of the ledger -> events as one listener of a module (a model, a table) reads them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "kernel/schema/catalog.hpp"

namespace opsledger {

/// For one listener: which of its event types an event is, and its data in that type's reader
/// schema. Data already in it passes without a copy. Cheap to make; one thread; the module and
/// the catalog must outlive it.
class EventResolver {
 public:
  /// `types`: indices into the module's event_types (ModelInfo::event_types, …).
  EventResolver(PluginInstance& module, const SchemaCatalog& schemas,
                std::span<const std::uint32_t> types);

  /// The events that the listener reads, in order; others are skipped and counted. An event that
  /// matches several of the types is given once: as its exact type, else its longest pattern.
  /// The answer and its data live until the next call, and no longer than `events`.
  /// An event that cannot be read is poison: the error names its position (`failed_at`) and the
  /// reason; kInvalid `schema.incompatible`, `schema.invalid`, `schema.name_unknown`, kCorrupt,
  /// kInternal (its upcaster failed). Events before it can be had by asking for them alone.
  Result<std::span<const PluginEvent>> resolve(std::span<const EventView> events);

  std::uint64_t skipped() const { return skipped_; }
  Position failed_at() const { return failed_at_; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Span {
    std::size_t event, from, size;  // event number in events_, bytes in converted_
  };

  std::uint32_t type_of(std::string_view type);
  Status deliver(std::uint32_t type, const EventView& event);
  Status convert(std::uint32_t type, const EventView& event);
  Status to_json(const EventView& event);
  Status from_json(const Schema& reader, const EventView& event);
  Status resolve_typed(std::uint32_t type, const EventView& event);
  Status upcast(std::uint32_t type, const EventView& event, const Error& incompatible);

  PluginInstance& module_;
  const SchemaCatalog& schemas_;
  std::span<const std::uint32_t> types_;
  std::vector<PluginEvent> events_;
  std::vector<Span> spans_;  // events whose data lies in converted_
  Bytes converted_;
  std::string_view last_name_;  // events come in runs of one type
  std::uint32_t last_type_ = kNone;
  std::uint64_t skipped_ = 0;
  Position failed_at_{};
};

}  // namespace opsledger
