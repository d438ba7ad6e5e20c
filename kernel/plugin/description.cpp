#include "kernel/plugin/description.hpp"

#include "kernel/plugin/description_reader.hpp"
#include "kernel/plugin/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

std::string at(const std::string& place, const char* what, std::size_t i) {
  return place + "/" + what + "/" + std::to_string(i);
}

// `task.*` or `*`.
bool is_pattern(std::string_view type) {
  if (type == "*") return true;
  return type.ends_with(".*") && is_module_type(std::string(type.substr(0, type.size() - 1)) + "x");
}

class ModuleReader {
 public:
  ModuleReader(const ops_module& module, std::string place, DescriptionReader* reader)
      : module_(module), place_(std::move(place)), in_(*reader) {}

  DescribedModule read() {
    identity();
    event_types();
    models();
    commands();
    tables();
    timers();
    reactions();
    pages();
    return std::move(out_);
  }

 private:
  void identity();
  void event_types();
  void upcasts(const ops_event_type& type, const std::string& place);
  void models();
  void commands();
  void command(const ops_command& command, const std::string& place);
  void tables();
  void table(const ops_table& table, const std::string& place);
  void timers();
  void reactions();
  void pages();

  const ops_module& module_;
  std::string place_;
  DescriptionReader& in_;
  DescribedModule out_;
};

void ModuleReader::identity() {
  ModuleInfo& info = out_.info;
  info.name = in_.text(module_.name, place_ + "/name");
  info.version = in_.text(module_.version, place_ + "/version");
  info.label = in_.label(module_.label, place_);
  info.config = in_.schema(module_.config_schema, place_ + "/config");
  info.prefixes = in_.texts(module_.prefixes, module_.prefix_count, place_ + "/prefixes");
  if (info.prefixes.empty()) info.prefixes = {info.name};
  info.requirements =
      in_.texts(module_.requirements, module_.requirement_count, place_ + "/requirements");
}

void ModuleReader::event_types() {
  const auto types = in_.array<ops_event_type>(module_.event_types, place_ + "/event_types");
  for (std::size_t i = 0; i < types.size() && in_.ok(); ++i) {
    const std::string place = at(place_, "event_types", i);
    EventTypeInfo info;
    info.type = in_.text(types[i].type, place);
    info.version = types[i].version;
    info.owned = (types[i].flags & OPS_EVENT_OWNED) != 0;
    info.wants_tags = (types[i].flags & OPS_EVENT_TAGS) != 0;
    info.wants_metadata = (types[i].flags & OPS_EVENT_METADATA) != 0;
    info.schema = in_.schema(types[i].schema, place);
    info.label = in_.label(types[i].label, place);
    if (!is_module_type(info.type) && (info.owned || !is_pattern(info.type))) {
      in_.fail(place, "\"" + info.type + "\" is no event type such as task.assigned" +
                          (info.owned ? "" : " and no pattern such as task.*"));
    }
    out_.info.event_types.push_back(std::move(info));
    upcasts(types[i], place);
  }
}

void ModuleReader::upcasts(const ops_event_type& type, const std::string& place) {
  out_.upcasts.push_back(in_.array<ops_upcast>(type.upcasts, place + "/upcasts"));
  for (std::size_t i = 0; i < out_.upcasts.back().size(); ++i) {
    const ops_upcast& upcast = out_.upcasts.back()[i];
    const std::string here = at(place, "upcasts", i);
    UpcastInfo info{upcast.from_version, in_.schema(upcast.schema, here)};
    in_.needs(upcast.upcast, "upcast", here);
    if (in_.ok() && !info.schema) in_.fail(here, "an older shape needs a schema");
    if (in_.ok() && !out_.info.event_types.back().schema) {
      in_.fail(here, "an event read as JSON has no older shapes");
    }
    out_.info.event_types.back().upcasts.push_back(std::move(info));
  }
}

void ModuleReader::models() {
  out_.models = in_.array<ops_model>(module_.models, place_ + "/models");
  for (std::size_t i = 0; i < out_.models.size() && in_.ok(); ++i) {
    const ops_model& model = out_.models[i];
    const std::string place = at(place_, "models", i);
    in_.needs(model.create, "create", place);
    in_.needs(model.fold, "fold", place);
    in_.needs(model.destroy, "destroy", place);
    out_.info.models.push_back(
        {in_.text(model.name, place), in_.indices(model.event_types, model.event_type_count,
                                                  out_.info.event_types.size(), place)});
  }
}

void ModuleReader::commands() {
  const auto commands = in_.array<ops_command>(module_.commands, place_ + "/commands");
  for (std::size_t i = 0; i < commands.size() && in_.ok(); ++i) {
    command(commands[i], at(place_, "commands", i));
  }
}

void ModuleReader::command(const ops_command& command, const std::string& place) {
  CommandInfo info;
  info.type = in_.text(command.type, place);
  info.schema = in_.schema(command.schema, place);
  info.label = in_.label(command.label, place);
  info.permission_class =
      command.permission_class < 128 ? static_cast<char>(command.permission_class) : '?';
  info.reason_required = (command.flags & OPS_COMMAND_REASON) != 0;
  info.internal = (command.flags & OPS_COMMAND_INTERNAL) != 0;
  info.separation = in_.json_text(command.separation, place + "/separation");
  info.grants = in_.json_text(command.grants, place + "/grants");
  info.id_count = command.id_count;
  info.number_width = command.number_width;
  if (command.series != nullptr) info.number_series = info.type;
  in_.needs(command.decide, "decide", place);
  if (command.id_count > plugin_limits::kIdsMax) in_.fail(place, "wants more than 64 fresh ids");
  if (command.number_width > plugin_limits::kNumberWidthMax) {
    in_.fail(place, "number_width above 18");
  }
  auto loads = in_.array<ops_load>(command.loads, place + "/loads");
  if (loads.size() > OPS_LOADS_MAX) in_.fail(place, "more than 16 loads");
  for (const ops_load& load : loads) {
    in_.needs(load.tags, "tags", place + "/loads");
    if (load.model >= out_.models.size()) {
      in_.fail(place + "/loads", "model index " + std::to_string(load.model) + " of " +
                                     std::to_string(out_.models.size()));
    }
    info.loads.push_back({load.model});
  }
  out_.info.commands.push_back(std::move(info));
  out_.commands.push_back({command, std::move(loads)});
}

void ModuleReader::tables() {
  out_.tables = in_.array<ops_table>(module_.tables, place_ + "/tables");
  for (std::size_t i = 0; i < out_.tables.size() && in_.ok(); ++i) {
    table(out_.tables[i], at(place_, "tables", i));
  }
}

void ModuleReader::table(const ops_table& table, const std::string& place) {
  TableInfo info;
  info.name = in_.text(table.name, place);
  info.version = table.version;
  info.event_types =
      in_.indices(table.event_types, table.event_type_count, out_.info.event_types.size(), place);
  info.row = in_.schema(table.schema, place);
  info.key_column = in_.text(table.key_column, place);
  info.owner_column = in_.text(table.owner_column, place);
  info.department_column = in_.text(table.department_column, place);
  info.indexes = in_.texts(table.indexes, table.index_count, place + "/indexes");
  info.search = in_.texts(table.search, table.search_count, place + "/search");
  info.label = in_.label(table.label, place);
  in_.needs(table.apply, "apply", place);
  out_.info.tables.push_back(std::move(info));
}

void ModuleReader::timers() {
  for (const auto& timer : in_.array<ops_timer>(module_.timers, place_ + "/timers")) {
    const std::string place = place_ + "/timers";
    out_.info.timers.push_back(
        {in_.text(timer.name, place), timer.command, in_.label(timer.label, place)});
    if (timer.command >= out_.commands.size()) {
      in_.fail(place, "command index " + std::to_string(timer.command) + " of " +
                          std::to_string(out_.commands.size()));
    }
  }
}

void ModuleReader::reactions() {
  for (const auto& call : in_.array<ops_call>(module_.calls, place_ + "/calls")) {
    CallInfo info{in_.text(call.type, place_ + "/calls"),
                  in_.schema(call.schema, place_ + "/calls")};
    if (!is_module_type(info.type)) in_.fail(place_ + "/calls", info.type + " is no command type");
    out_.info.calls.push_back(std::move(info));
  }
  out_.reactions = in_.array<ops_reaction>(module_.reactions, place_ + "/reactions");
  for (const auto& reaction : out_.reactions) {
    const std::string place = place_ + "/reactions";
    ReactionInfo info;
    info.name = in_.text(reaction.name, place);
    info.version = reaction.version;
    info.always = (reaction.flags & OPS_REACTION_ALWAYS) != 0;
    info.event_types = in_.indices(reaction.event_types, reaction.event_type_count,
                                   out_.info.event_types.size(), place);
    info.label = in_.label(reaction.label, place);
    in_.needs(reaction.react, "react", place);
    out_.info.reactions.push_back(std::move(info));
  }
}

// The console's business: checked as far as the list goes.
void ModuleReader::pages() {
  for (const auto& page : in_.array<ops_page>(module_.pages, place_ + "/pages")) {
    out_.info.pages.push_back(in_.text(page.id, place_ + "/pages"));
    in_.json_text(page.json, place_ + "/pages");
  }
}

}  // namespace

Result<std::vector<DescribedModule>> read_description(const ops_library& library,
                                                      const Hash& library_hash) {
  DescriptionReader reader;
  std::vector<DescribedModule> described;
  if (library.size < sizeof(ops_library)) reader.fail("library", "size smaller than ABI 1.0's");
  const std::string sdk = reader.text(library.sdk, "library/sdk");
  const auto modules = reader.array<ops_module>(library.modules, "modules");
  if (modules.empty()) reader.fail("modules", "a library needs at least one module");
  if (modules.size() > plugin_limits::kModulesMax) reader.fail("modules", "more than 64 modules");
  for (std::size_t i = 0; i < modules.size() && reader.ok(); ++i) {
    described.push_back(ModuleReader(modules[i], "modules/" + std::to_string(i), &reader).read());
    described.back().info.hash = library_hash;
    described.back().info.sdk = sdk;
  }
  if (!reader.ok()) return reader.take_error();
  return described;
}

}  // namespace opsledger
