// Events as CloudEvents 1.0 JSON: one rendering for HTTP, streams, export and the command line.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "kernel/schema/catalog.hpp"
#include "storage/api/event.hpp"

namespace opsledger {

/// Thread safe.
class EventRenderer {
 public:
  EventRenderer(const LedgerId& ledger, const SchemaCatalog& schemas);
  /// Appends one CloudEvents 1.0 structured-mode JSON object to `out`, no trailing newline.
  /// Attributes as contract.md lists them; `data` decoded by the schema in the ledger. Data that
  /// does not decode becomes `data_base64` and is never an error: history must stay readable.
  void render(const EventView& event, std::string* out) const;

 private:
  std::string source_prefix_;
  const SchemaCatalog& schemas_;
};

}  // namespace opsledger
