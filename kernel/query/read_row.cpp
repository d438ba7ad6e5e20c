#include "kernel/query/row_json.hpp"
#include "kernel/query/table_query.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {
namespace {

Error row_not_found(const TableSnapshot& snapshot, std::string_view key) {
  return {Code::kNotFound, "entity.not_found",
          "table " + snapshot.shape->name + " has no row '" + std::string(key) +
              "' as of position " + std::to_string(snapshot.as_of.value)};
}

void append_member(std::string_view name, std::string_view text, std::string* out) {
  *out += ",\"";
  *out += name;
  *out += "\":";
  append_json_string(text, out);
}

void append_number(std::string_view name, std::uint64_t value, std::string* out) {
  *out += ",\"";
  *out += name;
  *out += "\":";
  append_decimal(value, out);
}

/// Where a version came from. Members that are empty are left out.
void append_origin(const EventView& event, std::string* out) {
  append_member("recorded_at", rfc3339(event.recorded_at), out);
  append_member("time", rfc3339(event.time), out);
  append_member("type", event.type, out);
  append_member("event_id", event.id(), out);
  append_member("actor", event.actor, out);
  if (!event.module.empty()) append_member("module", event.module, out);
  if (!event.department.empty()) append_member("department", event.department, out);
  if (!event.correlation.empty()) append_member("correlation", event.correlation, out);
  if (event.causation.value != 0) append_number("causation_position", event.causation.value, out);
  if (const auto reason = event.metadata("reason")) append_member("reason", *reason, out);
}

Result<bool> sees_version(const RowVersion& version, RowContext& row, RowFilter* filter) {
  if (filter == nullptr) return true;
  if (version.erased) return filter->sees_erasure(version.position);
  OPS_TRY(row.set(version.key, version.row, version.position));
  return filter->sees(row);
}

Status append_version(const TableSnapshot& snapshot, const Ledger& ledger,
                      const RowVersion& version, RowContext& row, std::string* out) {
  OPS_TRY_ASSIGN(const auto event, ledger.get(version.position));
  *out += "{\"position\":";
  append_decimal(version.position.value, out);
  append_origin(event.view(), out);
  append_member("generation", snapshot.generation_name, out);
  *out += version.erased ? ",\"erased\":true,\"row\":" : ",\"erased\":false,\"row\":";
  if (version.erased) {
    *out += "null";
  } else {
    OPS_TRY(row.set(version.key, version.row, version.position));
    OPS_TRY(append_columns(whole_row(*snapshot.shape), row, out));
  }
  *out += '}';
  return {};
}

}  // namespace

Result<std::string> read_row(const TableSnapshot& snapshot, std::string_view key,
                             RowFilter* filter) {
  const auto as_of = snapshot.at_head ? kHead : snapshot.as_of;
  OPS_TRY_ASSIGN(const auto found, snapshot.generation->get(snapshot.shape->number, key, as_of));
  if (!found || found->erased) return row_not_found(snapshot, key);
  RowContext row(*snapshot.shape, filter);
  OPS_TRY(row.set(found->key, found->row, found->position));
  OPS_TRY_ASSIGN(const bool seen, filter == nullptr ? Result<bool>(true) : filter->sees(row));
  if (!seen) return row_not_found(snapshot, key);
  std::string json;
  OPS_TRY(append_columns(whole_row(*snapshot.shape), row, &json));
  return json;
}

Result<std::string> read_history(const TableSnapshot& snapshot, const Ledger& ledger,
                                 std::string_view key, RowFilter* filter) {
  OPS_TRY_ASSIGN(const auto versions, snapshot.generation->history(snapshot.shape->number, key));
  RowContext row(*snapshot.shape, filter);
  std::string json = "[";
  for (const auto& version : versions) {
    if (!snapshot.at_head && version.position > snapshot.as_of) break;
    OPS_TRY_ASSIGN(const bool seen, sees_version(version, row, filter));
    if (!seen) continue;
    if (json.size() > 1) json += ',';
    OPS_TRY(append_version(snapshot, ledger, version, row, &json));
  }
  if (json.size() == 1) return row_not_found(snapshot, key);
  return json += ']';
}

}  // namespace opsledger
