// The facts about data that went out or came in. No plugin and no raw append writes their types.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kernel/events/raw_append.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

inline constexpr std::string_view kExportMade = "export.made";
inline constexpr std::string_view kImportStarted = "import.started";
inline constexpr std::string_view kRowRejected = "import.row_rejected";
inline constexpr std::string_view kRowAccepted =
    "import.row_accepted";  ///< that was rejected before
inline constexpr std::string_view kImportCompleted = "import.completed";

/// An event of `context`'s actor and department with JSON data.
NewEvent exchange_event(std::string_view type, const RequestContext& context,
                        const boost::json::object& data, std::string tag);

struct ExportRecord {
  std::string what;    ///< `table order.orders`
  std::string tag;     ///< value of the tag `export:`
  std::string filter;  ///< the query as it was asked
  std::string format;  ///< csv, xlsx
  std::uint64_t rows = 0;
  Hash sha256{};
  Position as_of{};
};

/// Appends `export.made` and waits until it is durable: data leaves only after that. Errors: the
/// ledger's.
Result<Position> record_export(Ledger& ledger, const RequestContext& context,
                               const ExportRecord& made);

}  // namespace opsledger
