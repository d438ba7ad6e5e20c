#include "kernel/modules/module_check.hpp"

#include <set>

#include "kernel/modules/registry.hpp"
#include "kernel/modules/shared_tables.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

constexpr std::size_t kNameBytesMax = 32;  // as a tag's key: `<entity>:<id>`
constexpr std::string_view kReservedColumns[] = {
    "select", "order", "limit", "offset", "or", "and", "as_of", "as_shown", "min_position",
};

// [a-z][a-z0-9_]{0,31}
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax || text[0] < 'a' || text[0] > 'z') return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == text.npos;
}

// Columns that order: what an index or an owner column can stand on.
bool is_plain(const TypeNode& type) {
  if (type.kind == TypeNode::Kind::kOptional) return is_plain(*type.element);
  return type.kind <= TypeNode::Kind::kEnum;
}

bool is_text(const TypeNode& type) {
  if (type.kind == TypeNode::Kind::kOptional) return is_text(*type.element);
  return type.kind == TypeNode::Kind::kString;
}

class Check {
 public:
  Check(const ModuleInfo& info, ModuleKind kind) : info_(info), kind_(kind) {}
  std::vector<FieldError> run() &&;

 private:
  void prefixes();
  void reads_only();
  void event_types();
  void event_type(const EventTypeInfo& type);
  void models();
  void commands();
  void tables();
  void timers_and_reactions();
  void table(const TableInfo& table);
  void columns(const TableInfo& table, const std::string& place);
  void references(const std::vector<std::uint32_t>& types, const std::string& place);
  bool owns(std::string_view type) const;
  void refuse(std::string place, std::string why) {
    errors_.push_back({std::move(place), std::move(why)});
  }

  const ModuleInfo& info_;
  const ModuleKind kind_;
  std::vector<FieldError> errors_;
};

std::vector<FieldError> Check::run() && {
  if (!is_name(info_.name)) refuse("/name", "expected [a-z][a-z0-9_]{0,31}, got " + info_.name);
  if (info_.version.empty()) refuse("/version", "expected a version such as 1.0.0, got none");
  prefixes();
  event_types();
  models();
  commands();
  tables();
  timers_and_reactions();
  if (kind_ == ModuleKind::kKernel) reads_only();
  return std::move(errors_);
}

void Check::prefixes() {
  if (info_.prefixes.empty()) refuse("/prefixes", "expected at least one");
  std::set<std::string_view> seen;
  for (const std::string& prefix : info_.prefixes) {
    const std::string place = "/prefixes/" + prefix;
    if (!is_name(prefix)) refuse(place, "expected [a-z][a-z0-9_]{0,31}");
    if (!seen.insert(prefix).second) refuse(place, "is listed twice");
    if (Registry::kernel_owned(prefix) && kind_ == ModuleKind::kPlugin) {
      refuse(place, "belongs to the kernel; choose another name");
    }
    if (!Registry::kernel_owned(prefix) && kind_ == ModuleKind::kKernel) {
      refuse(place, "is none of the kernel's; a built-in module must not take it from plugins");
    }
  }
}

// Control events are written by the kernel's own components, never on account of a module.
void Check::reads_only() {
  if (!info_.commands.empty()) refuse("/commands", "a built-in module has no commands");
  for (const EventTypeInfo& type : info_.event_types) {
    if (type.owned) refuse("/events/" + type.type, "a built-in module has no events of its own");
  }
}

bool Check::owns(std::string_view type) const {
  return std::ranges::find(info_.prefixes, prefix_of(type)) != info_.prefixes.end();
}

void Check::event_types() {
  std::set<std::string_view> seen;
  for (const EventTypeInfo& type : info_.event_types) {
    if (!seen.insert(type.type).second) refuse("/events/" + type.type, "is declared twice");
    event_type(type);
  }
}

void Check::event_type(const EventTypeInfo& type) {
  const std::string place = "/events/" + type.type;
  if (!type.owned) return;
  if (!is_module_type(type.type)) {
    refuse(place, "expected lower-case words joined by dots, such as task.assigned");
  } else if (!owns(type.type)) {
    refuse(place, "its prefix is none of the module's; rename it or declare the prefix");
  }
  if (!type.schema) refuse(place, "an event of its own needs a schema");
}

void Check::references(const std::vector<std::uint32_t>& types, const std::string& place) {
  for (std::uint32_t index : types) {
    if (index < info_.event_types.size()) continue;
    refuse(place, "listens to event type number " + std::to_string(index) + " of " +
                      std::to_string(info_.event_types.size()));
  }
}

void Check::models() {
  std::set<std::string_view> seen;
  for (const ModelInfo& model : info_.models) {
    const std::string place = "/models/" + model.name;
    if (!seen.insert(model.name).second) refuse(place, "is declared twice");
    references(model.event_types, place);
  }
}

void Check::commands() {
  std::set<std::string_view> seen;
  for (const CommandInfo& command : info_.commands) {
    const std::string place = "/commands/" + command.type;
    if (!seen.insert(command.type).second) refuse(place, "is declared twice");
    if (!is_module_type(command.type)) {
      refuse(place, "expected lower-case words joined by dots, such as task.assign");
    } else if (!owns(command.type)) {
      refuse(place, "its prefix is none of the module's; rename it or declare the prefix");
    }
    if (!command.schema) refuse(place, "needs a schema");
    if (std::string_view("VCAM").find(command.permission_class) == std::string_view::npos) {
      refuse(place, "permission class must be V, C, A or M");
    }
    for (const LoadInfo& load : command.loads) {
      if (load.model >= info_.models.size()) refuse(place, "loads a model that does not exist");
    }
  }
}

void Check::timers_and_reactions() {
  std::set<std::string_view> timers, reactions;
  for (const TimerInfo& timer : info_.timers) {
    const std::string place = "/timers/" + timer.name;
    if (!is_name(timer.name)) refuse(place, "expected a name [a-z][a-z0-9_]{0,31}");
    if (!timers.insert(timer.name).second) refuse(place, "is declared twice");
    if (timer.command >= info_.commands.size())
      refuse(place, "sends a command that does not exist");
  }
  for (const ReactionInfo& reaction : info_.reactions) {
    const std::string place = "/reactions/" + reaction.name;
    if (!is_name(reaction.name)) refuse(place, "expected a name [a-z][a-z0-9_]{0,31}");
    if (!reactions.insert(reaction.name).second) refuse(place, "is declared twice");
    references(reaction.event_types, place);
  }
}

void Check::tables() {
  std::set<std::string_view> seen;
  for (const TableInfo& each : info_.tables) {
    if (!seen.insert(each.name).second) refuse("/tables/" + each.name, "is declared twice");
    table(each);
  }
}

void Check::table(const TableInfo& table) {
  const std::string place = "/tables/" + table.name;
  if (!is_name(table.name)) refuse(place, "expected a name [a-z][a-z0-9_]{0,31}");
  references(table.event_types, place);
  if (!table.row) return refuse(place, "needs a row schema");
  columns(table, place);
}

void Check::columns(const TableInfo& table, const std::string& place) {
  const TypeNode& row = table.row->root();
  const auto reserved = [&](std::string_view name) {
    if (std::ranges::find(kReservedColumns, name) == std::end(kReservedColumns)) return;
    refuse(place + "/columns/" + std::string(name), "is a word of the query grammar; rename it");
  };
  for (const TypeNode::Field& field : row.fields) reserved(field.name);
  reserved(table.key_column);
  const auto known = [&](std::string_view what, const std::string& column) {
    const TypeNode::Field* field = row.find(column);
    if (field == nullptr) {
      refuse(place + "/columns/" + column, std::string(what) + " on a column that does not exist");
    } else if (!is_plain(*field->type)) {
      refuse(place + "/columns/" + column,
             std::string(what) + " on a " + describe(*field->type) + "; only plain values order");
    }
  };
  if (!table.owner_column.empty()) known("owner", table.owner_column);
  if (!table.department_column.empty()) known("department", table.department_column);
  std::set<std::string_view> seen;
  for (const std::string& column : table.indexes) {
    known("index", column);
    if (!seen.insert(column).second) refuse(place + "/columns/" + column, "is indexed twice");
  }
  for (const std::string& column : table.search) {
    const TypeNode::Field* field = row.find(column);
    if (field == nullptr || !is_text(*field->type)) {
      refuse(place + "/columns/" + column, "search in a column that is no text or does not exist");
    }
  }
  if (const auto lacks = lacks_of_shared_table(table); !lacks.empty()) refuse(place, lacks);
}

}  // namespace

std::vector<FieldError> check_module(const ModuleInfo& info, ModuleKind kind) {
  return Check(info, kind).run();
}

}  // namespace opsledger
