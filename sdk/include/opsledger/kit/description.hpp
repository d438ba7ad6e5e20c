// A module's descriptors as owned values: valid without the library, and in another process.
#pragma once

#include <opsledger/codec.hpp>
#include <opsledger/event.hpp>
#include <opsledger/view.hpp>

#include <string>
#include <vector>

namespace ops::kit {

struct EventTypeValue {
  std::string type, schema;
  std::uint32_t version = 1, flags = 0;
  std::vector<std::string> older_schemas;  ///< one per upcast
  template <class A>
  void serialize(A& ar) {
    ar(NVP(type), NVP(schema), NVP(version), NVP(flags), NVP(older_schemas));
  }
};

struct ModelValue {
  std::string name;
  std::vector<std::uint32_t> event_types;
  bool savable = false;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(name), NVP(event_types), NVP(savable));
  }
};

struct CommandValue {
  std::string type, schema, separation, grants, label_en, label_zh;
  std::uint32_t permission_class = 0, flags = 0, id_count = 0, number_width = 0;
  bool numbered = false;
  std::vector<std::uint32_t> load_models;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(type), NVP(schema), NVP(separation), NVP(grants), NVP(label_en), NVP(label_zh),
       NVP(permission_class), NVP(flags), NVP(id_count), NVP(number_width), NVP(numbered),
       NVP(load_models));
  }
};

struct TableValue {
  std::string name, schema, key_column, owner_column, department_column;
  std::uint32_t version = 1;
  std::vector<std::uint32_t> event_types;
  std::vector<std::string> indexes, search;
  bool names_keys = false;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(name), NVP(schema), NVP(key_column), NVP(owner_column), NVP(department_column),
       NVP(version), NVP(event_types), NVP(indexes), NVP(search), NVP(names_keys));
  }
};

struct NamedValue {  ///< timer (of = command's index), reaction, call (of unused), page
  std::string name, schema;
  std::uint32_t of = 0;
  std::vector<std::uint32_t> event_types;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(name), NVP(schema), NVP(of), NVP(event_types));
  }
};

struct ModuleValue {
  std::string name, version;
  std::vector<std::string> prefixes;
  std::vector<EventTypeValue> event_types;
  std::vector<ModelValue> models;
  std::vector<CommandValue> commands;
  std::vector<TableValue> tables;
  std::vector<NamedValue> timers, reactions, calls, pages;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(name), NVP(version), NVP(prefixes), NVP(event_types), NVP(models), NVP(commands),
       NVP(tables), NVP(timers), NVP(reactions), NVP(calls), NVP(pages));
  }
};

namespace detail {

inline std::string copy(ops_view view) {
  return std::string(from_view(view));
}
inline std::vector<std::uint32_t> copy(const std::uint32_t* data, std::uint32_t count) {
  return count == 0 ? std::vector<std::uint32_t>() : std::vector<std::uint32_t>(data, data + count);
}
inline std::vector<std::string> copy(const ops_view* data, std::uint32_t count) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < count; ++i) out.push_back(copy(data[i]));
  return out;
}
template <class T, class F>
void each(const ops_array& array, F&& f) {
  for (std::uint32_t i = 0; i < array.count; ++i) {
    f(ops::detail::element(static_cast<const T*>(array.data), array.stride, i));
  }
}

inline EventTypeValue value_of(const ops_event_type& d) {
  EventTypeValue v{copy(d.type), copy(d.schema), d.version, d.flags, {}};
  each<ops_upcast>(d.upcasts, [&](const auto& u) { v.older_schemas.push_back(copy(u.schema)); });
  return v;
}
inline CommandValue value_of(const ops_command& d) {
  CommandValue v{copy(d.type),     copy(d.schema),   copy(d.separation),  copy(d.grants),
                 copy(d.label.en), copy(d.label.zh), d.permission_class,  d.flags,
                 d.id_count,       d.number_width,   d.series != nullptr, {}};
  each<ops_load>(d.loads, [&](const auto& load) { v.load_models.push_back(load.model); });
  return v;
}
inline TableValue value_of(const ops_table& d) {
  return {copy(d.name),
          copy(d.schema),
          copy(d.key_column),
          copy(d.owner_column),
          copy(d.department_column),
          d.version,
          copy(d.event_types, d.event_type_count),
          copy(d.indexes, d.index_count),
          copy(d.search, d.search_count),
          d.keys != nullptr};
}

}  // namespace detail

inline ModuleValue value_of(const ops_module& m) {
  using namespace detail;
  ModuleValue v;
  v.name = copy(m.name);
  v.version = copy(m.version);
  v.prefixes = copy(m.prefixes, m.prefix_count);
  each<ops_event_type>(m.event_types, [&](auto& d) { v.event_types.push_back(value_of(d)); });
  each<ops_model>(m.models, [&](auto& d) {
    v.models.push_back({copy(d.name), copy(d.event_types, d.event_type_count), d.save != nullptr});
  });
  each<ops_command>(m.commands, [&](auto& d) { v.commands.push_back(value_of(d)); });
  each<ops_table>(m.tables, [&](auto& d) { v.tables.push_back(value_of(d)); });
  each<ops_timer>(m.timers, [&](auto& d) {
    v.timers.push_back({copy(d.name), "", d.command, {}});
  });
  each<ops_reaction>(m.reactions, [&](auto& d) {
    v.reactions.push_back({copy(d.name), "", 0, copy(d.event_types, d.event_type_count)});
  });
  each<ops_call>(m.calls, [&](auto& d) {
    v.calls.push_back({copy(d.type), copy(d.schema), 0, {}});
  });
  each<ops_page>(m.pages, [&](auto& d) { v.pages.push_back({copy(d.id), copy(d.json), 0, {}}); });
  return v;
}

}  // namespace ops::kit
