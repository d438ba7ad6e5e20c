// A file of rows, each of which is one command.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>

#include "kernel/command/command_service.hpp"
#include "kernel/exchange/header_map.hpp"
#include "kernel/exchange/import_record.hpp"
#include "kernel/sheets/sheet_reader.hpp"

namespace opsledger {

struct CommandImportOptions {
  std::string command;
  RequestContext context;
  bool dry_run = false;
  SheetOptions sheet;
  boost::json::object map;  ///< header -> field (HeaderMap)
  std::string time_zone;    ///< of moments without an offset; empty = UTC
  std::string currency = "CNY";
};

struct CommandImportReport {
  std::string import;  ///< its id: from command, department, sheet and content
  Position started{};  ///< of `import.started`; 0 in a dry run
  std::uint64_t rows = 0, done = 0;
  std::uint64_t ok = 0;     ///< accepted, those of earlier runs included
  std::uint64_t known = 0;  ///< of ok: accepted by an earlier run
  std::uint64_t failed = 0;
  bool stopped = false;  ///< exchange_limits::kRejectedRowsMax was met
  bool dry_run = false;
};

struct RejectedImportRow {
  std::uint64_t row = 0;  ///< of the sheet
  RowFault fault;
};

/// `begin`, then `step` until it says false. Everything that came of a row can be found from
/// `import.started`, which caused it. Nothing happens twice: each row has an idempotency key from
/// the import's id and its number, so the same file sent again goes on where it ended and gives
/// rows that were refused another chance. A dry run appends nothing: it decides every row as if it
/// were alone, so it knows nothing of what earlier rows would change and numbers they would take.
/// One thread at a time; the services must outlive it.
class CommandImport {
 public:
  /// Reads the file twice: content and header are known to be good before anything is appended.
  /// Errors: kNotFound `command.unknown`; kInvalid `import.header` | `import.empty`; kTooLarge
  /// `import.too_large`; kConflict `import.other_actor`; those of SheetReader and the ledger.
  static Result<std::unique_ptr<CommandImport>> begin(Ledger& ledger, const Registry& registry,
                                                      CommandService& commands,
                                                      const std::string& path,
                                                      CommandImportOptions options);
  ~CommandImport();

  using OnRejected = std::function<void(const RejectedImportRow&)>;
  /// Some rows more; false when all are done and `import.completed` is durable. Blocks until they
  /// are. Errors: what is no row's fault (kNotReady, kOverloaded, kIo, no right to the command at
  /// all): send the file again to go on.
  Result<bool> step(const OnRejected& on_rejected);
  const CommandImportReport& report() const;

 private:
  struct Impl;
  explicit CommandImport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// As an answer shows it.
boost::json::object to_json(const CommandImportReport& report);

}  // namespace opsledger
