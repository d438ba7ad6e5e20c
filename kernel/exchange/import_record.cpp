#include "kernel/exchange/import_record.hpp"

#include <boost/json/array.hpp>

#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string text(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::uint64_t number(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

void fold(const EventView& event, const json::object& data, ImportRecord* record) {
  if (event.type == kImportStarted && record->started == Position{}) {
    record->import = text(data, "import");
    record->command = text(data, "command");
    record->sha256 = text(data, "sha256");
    record->rows = number(data, "rows");
    record->actor = event.actor;
    record->department = event.department;
    record->started = event.position;
  } else if (event.type == kRowRejected) {
    record->rejected[number(data, "row")] = {text(data, "code"), text(data, "pointer")};
  } else if (event.type == kRowAccepted) {
    record->rejected.erase(number(data, "row"));
  } else if (event.type == kImportCompleted) {
    record->completed = data;
  }
}

}  // namespace

Result<std::optional<ImportRecord>> read_import(const Ledger& ledger, const std::string& import) {
  const Query query{{{{std::string(kImportStarted), std::string(kRowRejected),
                       std::string(kRowAccepted), std::string(kImportCompleted)},
                      {"import:" + import}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {}));
  ImportRecord record;
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      OPS_TRY_ASSIGN(const auto data, parse_json(event.data));
      if (data.is_object()) fold(event, data.get_object(), &record);
    }
  }
  if (record.started == Position{}) return std::optional<ImportRecord>();
  return std::optional(std::move(record));
}

json::object to_json(const ImportRecord& record) {
  json::array rejected;
  for (const auto& [row, cell] : record.rejected) {
    rejected.push_back({{"row", row}, {"code", cell.code}, {"pointer", cell.pointer}});
  }
  json::object shown{{"import", record.import},
                     {"command", record.command},
                     {"sha256", record.sha256},
                     {"rows", record.rows},
                     {"actor", record.actor},
                     {"department", record.department},
                     {"position", record.started.value},
                     {"state", record.completed ? "completed" : "begun"},
                     {"rejected", std::move(rejected)}};
  if (record.completed) {
    for (const char* name : {"ok", "failed", "stopped"}) {
      if (const auto* value = record.completed->if_contains(name)) shown[name] = *value;
    }
  }
  return shown;
}

}  // namespace opsledger
