// Events as CloudEvents 1.0 JSON: one rendering for HTTP, streams, export and the command line.
#pragma once

#include <string>

#include "kernel/events/personal_events.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/event.hpp"

namespace opsledger {

/// Thread safe. The catalog must outlive it.
class EventRenderer {
 public:
  EventRenderer(const LedgerId& ledger, const SchemaCatalog& schemas);
  /// Appends one CloudEvents 1.0 structured-mode JSON object to `out`, no trailing newline.
  /// Attributes in this order, empty ones left out: specversion, id, source, type, time,
  /// datacontenttype, dataschema, position, recordedat, tags, department, actor, correlationid,
  /// causationposition, module, then metadata (underscores dropped: extension names have none),
  /// then `data` decoded by the schema in the ledger. Data that does not decode becomes
  /// `data_base64` and is never an error: history must stay readable.
  /// `personal`: whose personal fields are shown; null = nobody's.
  void render(const EventView& event, std::string* out,
              const PersonalReader* personal = nullptr) const;

 private:
  void render_context(const EventView& event, std::string* out) const;
  void render_data(const EventView& event, const PersonalReader* personal, std::string* out) const;

  std::string source_prefix_;
  const SchemaCatalog& schemas_;
};

}  // namespace opsledger
