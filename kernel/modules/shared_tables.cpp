#include "kernel/modules/shared_tables.hpp"

#include <algorithm>
#include <span>

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;

struct Column {
  std::string_view name;
  Kind kind;
};
constexpr Column kInbox[] = {{"person", Kind::kString},
                             {"title", Kind::kString},
                             {"kind", Kind::kString},
                             {"due_at", Kind::kTime}};
constexpr Column kSchedule[] = {{"person", Kind::kString},
                                {"title", Kind::kString},
                                {"starts_at", Kind::kTime},
                                {"ends_at", Kind::kTime}};

std::span<const Column> columns_of(std::string_view table) {
  if (table == kInboxTable) return kInbox;
  if (table == kScheduleTable) return kSchedule;
  return {};
}

bool is(const TypeNode& type, Kind kind) {
  return type.kind == kind || (type.kind == Kind::kOptional && is(*type.element, kind));
}

}  // namespace

std::string lacks_of_shared_table(const TableInfo& table) {
  std::string lacks;
  const auto add = [&](std::string_view what) {
    lacks += lacks.empty() ? "a table of this name needs " : ", ";
    lacks += what;
  };
  const auto columns = columns_of(table.name);
  for (const auto& column : columns) {
    const auto* field = table.row->root().find(column.name);
    if (field != nullptr && is(*field->type, column.kind)) continue;
    add("the column " + std::string(column.name) +
        (column.kind == Kind::kTime ? " (time)" : " (text)"));
  }
  if (columns.empty()) return lacks;
  if (table.owner_column != "person") add("person as its owner column");
  if (std::ranges::find(table.indexes, "person") == table.indexes.end()) add("an index on person");
  return lacks;
}

}  // namespace opsledger
