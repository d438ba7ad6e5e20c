// What the ledger says of an import: begun, rows refused, completed.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>

#include "kernel/exchange/exchange_events.hpp"

namespace opsledger {

struct RejectedCell {
  std::string code, pointer;
  friend bool operator==(const RejectedCell&, const RejectedCell&) = default;
};

/// Folded from the events tagged `import:<id>`.
struct ImportRecord {
  std::string import, command, sha256, actor, department;
  Position started{};
  std::uint64_t rows = 0;
  std::optional<boost::json::object> completed;  ///< data of the last `import.completed`
  std::map<std::uint64_t, RejectedCell> rejected;
};

/// Nothing when no such import was begun. Errors: the ledger's, kCorrupt.
Result<std::optional<ImportRecord>> read_import(const Ledger& ledger, const std::string& import);

/// As GET /v1/imports/{id} shows it.
boost::json::object to_json(const ImportRecord& record);

}  // namespace opsledger
