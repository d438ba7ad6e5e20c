#include "kernel/exchange/command_import.hpp"

#include <condition_variable>
#include <mutex>

#include "kernel/exchange/limits.hpp"
#include "kernel/import/byte_source.hpp"
#include "storage/core/sha256.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::size_t kImportIdHexDigits = 24;

/// One row on its way.
struct Row {
  std::uint64_t number = 0;
  json::value data;
  std::optional<RowFault> fault;
  std::optional<Result<CommandOutcome>> outcome;
};

RowFault fault_of(const Error& error) {
  RowFault fault{error.reason, "", error.message};
  if (!error.fields.empty()) {
    fault.pointer = error.fields.front().pointer;
    fault.message = error.fields.front().detail;
  }
  return fault;
}

/// Whether a row is at fault; else the import cannot go on.
bool is_fault_of_row(Code code) {
  switch (code) {
    case Code::kOverloaded:
    case Code::kNotReady:
    case Code::kTimeout:
    case Code::kCorrupt:
    case Code::kIo:
    case Code::kInternal:
    case Code::kUnauthenticated:
      return false;
    default:
      return true;
  }
}

/// The same content means other commands under another type, department or sheet.
std::string import_id(const CommandImportOptions& options, const Hash& content) {
  Sha256 digest;
  for (const auto& part : {options.command, options.context.department, options.sheet.sheet}) {
    digest.update(part).update(std::string_view("\0", 1));
  }
  return hex(digest.update(content.view()).finish().bytes).substr(0, kImportIdHexDigits);
}

Error too_many_rows() {
  return {Code::kTooLarge, "import.too_large",
          "the file has more than " + std::to_string(exchange_limits::kImportRowsMax) +
              " rows; split it into several files"};
}

/// The header row; the reader stands behind it.
Result<SheetRow> read_header(SheetReader& reader) {
  SheetRow header;
  OPS_TRY_ASSIGN(const bool any, reader.next(&header));
  if (!any) return Error{Code::kInvalid, "import.empty", "the file has no row at all"};
  if (header.bad) return Error{Code::kInvalid, "import.header", "the header row: " + *header.bad};
  return header;
}

}  // namespace

struct CommandImport::Impl {
  Impl(Ledger& ledger, CommandService& commands, CommandImportOptions options, HeaderMap columns,
       CellJson cells)
      : ledger(ledger),
        commands(commands),
        options(std::move(options)),
        columns(std::move(columns)),
        cells(std::move(cells)) {}

  Status count_rows(const std::string& path);
  Status record_start(const Hash& content, SheetFormat format);
  Result<bool> read_rows(std::vector<Row>* rows);
  void send(std::vector<Row>* rows);
  Status settle(std::vector<Row>& rows, const OnRejected& on_rejected);
  Status settle_row(Row& row, const OnRejected& on_rejected, Proposal* facts);
  Status append(Proposal facts);
  Status complete();
  NewEvent fact(std::string_view type, json::object data) const;

  Ledger& ledger;
  CommandService& commands;
  const CommandImportOptions options;
  const HeaderMap columns;
  CellJson cells;
  std::unique_ptr<SheetReader> reader;
  CommandImportReport report;
  ImportRecord before;  ///< what earlier runs left
};

Result<std::unique_ptr<CommandImport>> CommandImport::begin(Ledger& ledger,
                                                            const Registry& registry,
                                                            CommandService& commands,
                                                            const std::string& path,
                                                            CommandImportOptions options) {
  const auto command = registry.command(options.command);
  if (!command) {
    return Error{
        Code::kNotFound, "command.unknown",
        "no loaded module has a command " + options.command + "; GET /v1/commands lists them"};
  }
  OPS_TRY_ASSIGN(const auto content_source, open_source(path));
  OPS_TRY_ASSIGN(const auto content, hash_content(*content_source, {}));
  OPS_TRY_ASSIGN(auto reader, open_sheet(path, options.sheet));
  OPS_TRY_ASSIGN(const auto header, read_header(*reader));
  OPS_TRY_ASSIGN(auto columns,
                 HeaderMap::make(command->info().schema->root(), header, options.map));
  OPS_TRY_ASSIGN(auto cells, CellJson::make(options.time_zone, options.currency));
  const auto id = import_id(options, content);
  auto impl = std::make_unique<Impl>(ledger, commands, std::move(options), std::move(columns),
                                     std::move(cells));
  impl->report.import = id;
  impl->report.dry_run = impl->options.dry_run;
  impl->reader = std::move(reader);
  OPS_TRY(impl->count_rows(path));
  OPS_TRY(impl->record_start(content, impl->reader->format()));
  return std::unique_ptr<CommandImport>(new CommandImport(std::move(impl)));
}

CommandImport::CommandImport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CommandImport::~CommandImport() = default;

const CommandImportReport& CommandImport::report() const {
  return impl_->report;
}

Result<bool> CommandImport::step(const OnRejected& on_rejected) {
  std::vector<Row> rows;
  OPS_TRY_ASSIGN(const bool more, impl_->read_rows(&rows));
  impl_->send(&rows);
  OPS_TRY(impl_->settle(rows, on_rejected));
  if (more && !impl_->report.stopped) return true;
  OPS_TRY(impl_->complete());
  return false;
}

/// All of the file is read once before anything happens, so that one that is damaged does nothing.
Status CommandImport::Impl::count_rows(const std::string& path) {
  OPS_TRY_ASSIGN(const auto counting, open_sheet(path, options.sheet));
  OPS_TRY(read_header(*counting));
  SheetRow row;
  for (;;) {
    OPS_TRY_ASSIGN(const bool more, counting->next(&row));
    if (!more) break;
    if (++report.rows > exchange_limits::kImportRowsMax) return too_many_rows();
  }
  if (report.rows > 0) return {};
  return Error{Code::kInvalid, "import.empty", "the file has a header row and nothing below it"};
}

NewEvent CommandImport::Impl::fact(std::string_view type, json::object data) const {
  data["import"] = report.import;
  auto event = exchange_event(type, options.context, data, "import:" + report.import);
  event.causation = report.started;
  return event;
}

/// Begins, or goes on with what was begun.
Status CommandImport::Impl::record_start(const Hash& content, SheetFormat format) {
  if (options.dry_run) return {};
  const QueryItem same{{std::string(kImportStarted)}, {"import:" + report.import}};
  Proposal start;
  start.events.push_back(
      fact(kImportStarted, {{"command", options.command},
                            {"sha256", hex(content.bytes)},
                            {"rows", report.rows},
                            {"format", format == SheetFormat::kCsv ? "csv" : "xlsx"}}));
  start.condition = AppendCondition{{{same}}, Position{}};
  const auto appended = append_and_wait(ledger, std::move(start));
  if (appended.ok()) {
    report.started = appended->first;
    return {};
  }
  if (appended.error().code != Code::kConflict) return appended.error();
  OPS_TRY_ASSIGN(auto found, read_import(ledger, report.import));
  if (!found) return appended.error();
  if (found->actor != options.context.actor) {
    return Error{Code::kConflict, "import.other_actor",
                 "this very file was begun by " + found->actor + " at position " +
                     std::to_string(found->started.value) + "; only they can go on with it"};
  }
  before = std::move(*found);
  report.started = before.started;
  return {};
}

Result<bool> CommandImport::Impl::read_rows(std::vector<Row>* rows) {
  SheetRow read;
  while (rows->size() < exchange_limits::kImportStepRows) {
    OPS_TRY_ASSIGN(const bool more, reader->next(&read));
    if (!more) return false;
    Row row{read.number, {}, {}, {}};
    RowFault fault;
    if (read.bad) {
      row.fault = RowFault{"import.row", "", *read.bad};
    } else if (auto data = columns.row(read, cells, &fault)) {
      row.data = std::move(*data);
    } else {
      row.fault = std::move(fault);
    }
    rows->push_back(std::move(row));
  }
  return true;
}

/// Sends every good row and waits for all. Rows are decided in their order where they touch the
/// same things.
void CommandImport::Impl::send(std::vector<Row>* rows) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t waiting = 0;
  for (auto& row : *rows) {
    if (row.fault) continue;
    CommandRequest request;
    request.type = options.command;
    request.data = std::move(row.data);
    request.context = options.context;
    request.context.idempotency_key = "import:" + report.import + ":" + std::to_string(row.number);
    request.causation = report.started;
    request.dry_run = options.dry_run;
    {
      const std::lock_guard lock(mutex);
      ++waiting;
    }
    commands.execute(std::move(request), [&](Result<CommandOutcome> outcome) {
      const std::lock_guard lock(mutex);
      row.outcome = std::move(outcome);
      if (--waiting == 0) changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return waiting == 0; });
}

Status CommandImport::Impl::settle(std::vector<Row>& rows, const OnRejected& on_rejected) {
  Proposal facts;
  for (auto& row : rows) {
    if (report.stopped) break;
    if (auto status = settle_row(row, on_rejected, &facts); !status) {
      OPS_TRY(append(std::move(facts)));
      return status;
    }
  }
  return append(std::move(facts));
}

Status CommandImport::Impl::settle_row(Row& row, const OnRejected& on_rejected, Proposal* facts) {
  if (row.outcome && !row.outcome->ok()) {
    const Error& error = row.outcome->error();
    const bool no_right = error.code == Code::kForbidden || error.code == Code::kDisabled;
    if (!is_fault_of_row(error.code) || (no_right && report.ok + report.failed == 0)) return error;
    row.fault = fault_of(error);
  }
  ++report.done;
  const auto known = before.rejected.find(row.number);
  if (!row.fault) {
    ++report.ok;
    if ((*row.outcome)->replayed) ++report.known;
    if (known != before.rejected.end()) {
      facts->events.push_back(fact(kRowAccepted, {{"row", row.number}}));
    }
    return {};
  }
  ++report.failed;
  report.stopped = report.failed >= exchange_limits::kRejectedRowsMax;
  const RejectedCell cell{row.fault->code, row.fault->pointer};
  if (known == before.rejected.end() || known->second != cell) {
    facts->events.push_back(
        fact(kRowRejected, {{"row", row.number}, {"code", cell.code}, {"pointer", cell.pointer}}));
  }
  if (on_rejected) on_rejected({row.number, std::move(*row.fault)});
  return {};
}

Status CommandImport::Impl::append(Proposal facts) {
  if (options.dry_run || facts.events.empty()) return {};
  OPS_TRY(append_and_wait(ledger, std::move(facts)));
  return {};
}

/// Says it once, however often the same file ends the same way.
Status CommandImport::Impl::complete() {
  json::object data{{"ok", report.ok}, {"failed", report.failed}, {"stopped", report.stopped}};
  if (before.completed) {
    const auto same = [&](const char* name) {
      const auto* value = before.completed->if_contains(name);
      return value != nullptr && *value == data.at(name);
    };
    if (same("ok") && same("failed") && same("stopped")) return {};
  }
  Proposal facts;
  facts.events.push_back(fact(kImportCompleted, std::move(data)));
  return append(std::move(facts));
}

json::object to_json(const CommandImportReport& report) {
  return {{"import", report.import},   {"position", report.started.value},
          {"dry_run", report.dry_run}, {"rows", report.rows},
          {"done", report.done},       {"ok", report.ok},
          {"known", report.known},     {"failed", report.failed},
          {"stopped", report.stopped}};
}

}  // namespace opsledger
