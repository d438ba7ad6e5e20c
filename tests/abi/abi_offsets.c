/* Sizes and offsets of ABI 1 as a C99 compiler sees them, one line each. */
#include "opsledger/abi.h"

#include <stdio.h>

#include "tests/abi/abi_offsets.h"

#define TYPE(type) fprintf(out, "%s %zu\n", #type, sizeof(type))
#define MEMBER(type, member)                                                \
  fprintf(out, "  %s.%s %zu %zu\n", #type, #member, offsetof(type, member), \
          sizeof(((type*)0)->member))

static void print_data(FILE* out) {
  TYPE(ops_view);
  MEMBER(ops_view, data);
  MEMBER(ops_view, size);
  TYPE(ops_array);
  MEMBER(ops_array, data);
  MEMBER(ops_array, count);
  MEMBER(ops_array, stride);
  TYPE(ops_label);
  MEMBER(ops_label, en);
  MEMBER(ops_label, zh);
  TYPE(ops_event);
  MEMBER(ops_event, type);
  MEMBER(ops_event, tag_count);
  MEMBER(ops_event, position);
  MEMBER(ops_event, recorded_at_us);
  MEMBER(ops_event, time_us);
  MEMBER(ops_event, data);
  MEMBER(ops_event, type_name);
  MEMBER(ops_event, department);
  MEMBER(ops_event, actor);
  MEMBER(ops_event, tags);
  MEMBER(ops_event, metadata);
  TYPE(ops_events);
  MEMBER(ops_events, data);
  MEMBER(ops_events, count);
  MEMBER(ops_events, stride);
  TYPE(ops_states);
  MEMBER(ops_states, data);
  MEMBER(ops_states, count);
  MEMBER(ops_states, reserved);
}

static void print_envelope(FILE* out) {
  TYPE(ops_envelope);
  MEMBER(ops_envelope, size);
  MEMBER(ops_envelope, id_count);
  MEMBER(ops_envelope, position);
  MEMBER(ops_envelope, time_us);
  MEMBER(ops_envelope, actor);
  MEMBER(ops_envelope, role);
  MEMBER(ops_envelope, department);
  MEMBER(ops_envelope, reason);
  MEMBER(ops_envelope, correlation);
  MEMBER(ops_envelope, on_behalf_of);
  MEMBER(ops_envelope, number);
  MEMBER(ops_envelope, ids);
  MEMBER(ops_envelope, timer_id);
  MEMBER(ops_envelope, late_by_us);
  MEMBER(ops_envelope, scope);
  TYPE(ops_timer_request);
  MEMBER(ops_timer_request, size);
  MEMBER(ops_timer_request, timer);
  MEMBER(ops_timer_request, id);
  MEMBER(ops_timer_request, at_us);
  MEMBER(ops_timer_request, after_us);
  MEMBER(ops_timer_request, basis);
  MEMBER(ops_timer_request, reserved);
  MEMBER(ops_timer_request, data);
}

static void print_host(FILE* out) {
  TYPE(ops_host);
  MEMBER(ops_host, size);
  MEMBER(ops_host, abi_minor);
  MEMBER(ops_host, self);
  MEMBER(ops_host, config);
  MEMBER(ops_host, fail);
  MEMBER(ops_host, get_extension);
  MEMBER(ops_host, reply);
  MEMBER(ops_host, tag_set);
  MEMBER(ops_host, tag);
  MEMBER(ops_host, type);
  MEMBER(ops_host, emit);
  MEMBER(ops_host, emit_time);
  MEMBER(ops_host, warn);
  MEMBER(ops_host, reject);
  MEMBER(ops_host, timer_set);
  MEMBER(ops_host, timer_cancel);
  MEMBER(ops_host, key);
  MEMBER(ops_host, row_get);
  MEMBER(ops_host, row_put);
  MEMBER(ops_host, row_erase);
  MEMBER(ops_host, command);
  MEMBER(ops_host, lookup);
}

static void print_events_and_models(FILE* out) {
  TYPE(ops_upcast);
  MEMBER(ops_upcast, from_version);
  MEMBER(ops_upcast, reserved);
  MEMBER(ops_upcast, schema);
  MEMBER(ops_upcast, context);
  MEMBER(ops_upcast, upcast);
  TYPE(ops_event_type);
  MEMBER(ops_event_type, type);
  MEMBER(ops_event_type, version);
  MEMBER(ops_event_type, flags);
  MEMBER(ops_event_type, schema);
  MEMBER(ops_event_type, label);
  MEMBER(ops_event_type, upcasts);
  TYPE(ops_model);
  MEMBER(ops_model, name);
  MEMBER(ops_model, version);
  MEMBER(ops_model, event_type_count);
  MEMBER(ops_model, event_types);
  MEMBER(ops_model, context);
  MEMBER(ops_model, create);
  MEMBER(ops_model, fold);
  MEMBER(ops_model, save);
  MEMBER(ops_model, restore);
  MEMBER(ops_model, destroy);
}

static void print_commands(FILE* out) {
  TYPE(ops_load);
  MEMBER(ops_load, model);
  MEMBER(ops_load, reserved);
  MEMBER(ops_load, context);
  MEMBER(ops_load, tags);
  TYPE(ops_command);
  MEMBER(ops_command, type);
  MEMBER(ops_command, schema);
  MEMBER(ops_command, label);
  MEMBER(ops_command, permission_class);
  MEMBER(ops_command, flags);
  MEMBER(ops_command, separation);
  MEMBER(ops_command, grants);
  MEMBER(ops_command, id_count);
  MEMBER(ops_command, number_width);
  MEMBER(ops_command, loads);
  MEMBER(ops_command, context);
  MEMBER(ops_command, series);
  MEMBER(ops_command, decide);
}

static void print_tables(FILE* out) {
  TYPE(ops_table);
  MEMBER(ops_table, name);
  MEMBER(ops_table, version);
  MEMBER(ops_table, event_type_count);
  MEMBER(ops_table, event_types);
  MEMBER(ops_table, schema);
  MEMBER(ops_table, label);
  MEMBER(ops_table, key_column);
  MEMBER(ops_table, owner_column);
  MEMBER(ops_table, department_column);
  MEMBER(ops_table, index_count);
  MEMBER(ops_table, reserved);
  MEMBER(ops_table, indexes);
  MEMBER(ops_table, context);
  MEMBER(ops_table, keys);
  MEMBER(ops_table, apply);
  MEMBER(ops_table, search_count);
  MEMBER(ops_table, search_reserved);
  MEMBER(ops_table, search);
}

static void print_rest(FILE* out) {
  TYPE(ops_timer);
  MEMBER(ops_timer, name);
  MEMBER(ops_timer, command);
  MEMBER(ops_timer, reserved);
  MEMBER(ops_timer, label);
  TYPE(ops_call);
  MEMBER(ops_call, type);
  MEMBER(ops_call, schema);
  TYPE(ops_reaction);
  MEMBER(ops_reaction, name);
  MEMBER(ops_reaction, version);
  MEMBER(ops_reaction, flags);
  MEMBER(ops_reaction, event_type_count);
  MEMBER(ops_reaction, reserved);
  MEMBER(ops_reaction, event_types);
  MEMBER(ops_reaction, label);
  MEMBER(ops_reaction, context);
  MEMBER(ops_reaction, react);
  TYPE(ops_page);
  MEMBER(ops_page, id);
  MEMBER(ops_page, label);
  MEMBER(ops_page, json);
}

static void print_module(FILE* out) {
  TYPE(ops_module);
  MEMBER(ops_module, name);
  MEMBER(ops_module, version);
  MEMBER(ops_module, label);
  MEMBER(ops_module, config_schema);
  MEMBER(ops_module, prefix_count);
  MEMBER(ops_module, requirement_count);
  MEMBER(ops_module, prefixes);
  MEMBER(ops_module, requirements);
  MEMBER(ops_module, event_types);
  MEMBER(ops_module, models);
  MEMBER(ops_module, commands);
  MEMBER(ops_module, tables);
  MEMBER(ops_module, timers);
  MEMBER(ops_module, reactions);
  MEMBER(ops_module, calls);
  MEMBER(ops_module, pages);
  TYPE(ops_library);
  MEMBER(ops_library, size);
  MEMBER(ops_library, reserved);
  MEMBER(ops_library, sdk);
  MEMBER(ops_library, modules);
  TYPE(ops_plugin);
  MEMBER(ops_plugin, magic);
  MEMBER(ops_plugin, abi_major);
  MEMBER(ops_plugin, abi_minor);
  MEMBER(ops_plugin, size);
  MEMBER(ops_plugin, host_size);
  MEMBER(ops_plugin, event_size);
  MEMBER(ops_plugin, envelope_size);
  MEMBER(ops_plugin, module_size);
  MEMBER(ops_plugin, pointer_size);
  MEMBER(ops_plugin, init);
  MEMBER(ops_plugin, deinit);
  MEMBER(ops_plugin, describe);
  MEMBER(ops_plugin, get_extension);
}

static void print_constants(FILE* out) {
  fprintf(out, "magic %s symbol %s major %u minor %u\n", OPS_ABI_MAGIC, OPS_SYMBOL_NAME,
          OPS_ABI_MAJOR, OPS_ABI_MINOR);
  fprintf(out, "status %d %d %d %d %d\n", OPS_OK, OPS_NOT_FOUND, OPS_REJECTED, OPS_FAILED,
          OPS_REFUSED);
  fprintf(out, "limits %u %u %u %u %u %u\n", OPS_TAG_SETS_MAX, OPS_TAGS_PER_SET_MAX,
          OPS_EMITTED_MAX, OPS_LOADS_MAX, OPS_SPAN_EVENTS_MAX, OPS_ROW_KEY_BYTES_MAX);
  fprintf(out, "flags %u %u %u  %u %u  %u  %u %u\n", OPS_EVENT_OWNED, OPS_EVENT_TAGS,
          OPS_EVENT_METADATA, OPS_COMMAND_REASON, OPS_COMMAND_INTERNAL, OPS_REACTION_ALWAYS,
          OPS_BASIS_WALL, OPS_BASIS_WORKING);
}

void ops_print_abi_offsets(FILE* out) {
  print_constants(out);
  print_data(out);
  print_envelope(out);
  print_host(out);
  print_events_and_models(out);
  print_commands(out);
  print_tables(out);
  print_rest(out);
  print_module(out);
}
