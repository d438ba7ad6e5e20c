/* The boundary between a host and a plugin library: C99, ABI 1. Everything else of the SDK is
 * convenience on top of this page; sdk/ABI.md explains the choices.
 *
 * A library exports one data symbol, `opsledger_plugin`. It describes its modules (event types,
 * models, commands, tables, timers, reactions, pages) as arrays of descriptors; the host calls
 * the callbacks in them. Bytes in, bytes out: events, commands and rows are bytes in the formats
 * of sdk/SCHEMA.md.
 *
 * Rules for both sides
 *  - Nothing is owned across the boundary. A pointer given to a callback is valid until that
 *    callback returns; a pointer given to a host function until that function returns. Only what
 *    `describe` returns (until `deinit`) and model states (until `destroy`) live longer.
 *  - A plugin never keeps an `ops_host*`: it is valid inside one callback only. A null function
 *    in it means "not granted here". The members behind its `size` do not exist.
 *  - No exception, signal, exit or longjmp crosses. A callback reports OPS_FAILED and a text.
 *  - Callbacks are pure: no clock, randomness, files, environment, threads, mutable globals. The
 *    host may call from several threads at once, but never two calls with the same state.
 *  - Text is UTF-8 and not terminated by zero. `size` members come first and hold sizeof as the
 *    writer's compiler saw it; arrays are walked by their stride. Structs grow at their end only.
 *  - Reserved members are zero. Indices count from 0 in the array that `describe` returned.
 */
#ifndef OPSLEDGER_ABI_H_
#define OPSLEDGER_ABI_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OPS_ABI_MAJOR 1u /* differs: not loadable */
#define OPS_ABI_MINOR 1u /* grows with each member appended; any pair of minors works together */
#define OPS_ABI_MAGIC "OPSLEDGR"
#define OPS_SYMBOL_NAME "opsledger_plugin"

/* Limits both sides may rely on. */
#define OPS_TAG_SETS_MAX 64u       /* tag sets of one load */
#define OPS_TAGS_PER_SET_MAX 16u   /* tags in one set, or on one emitted event */
#define OPS_EMITTED_MAX 1000u      /* events of one decision */
#define OPS_LOADS_MAX 16u          /* loads of one command */
#define OPS_SPAN_EVENTS_MAX 65536u /* events in one fold or apply */
#define OPS_ROW_KEY_BYTES_MAX 512u

/* Status of callbacks and host functions. Plugins return only OK, REJECTED and FAILED. */
#define OPS_OK 0
#define OPS_NOT_FOUND 1 /* row_get, lookup: there is none */
#define OPS_REJECTED 2  /* `reject` was called; a normal outcome */
#define OPS_FAILED 3    /* plugin: `fail` was called; host: could not, stop and return FAILED */
#define OPS_REFUSED 4   /* host: the argument breaks a limit or rule; nothing was done */

typedef int32_t ops_status;

typedef struct ops_view { /* text or bytes; data may be null when size is 0 */
  const char* data;
  size_t size;
} ops_view;

typedef struct ops_array { /* `count` structs, each `stride` bytes after the one before */
  const void* data;
  uint32_t count;
  uint32_t stride;
} ops_array;

typedef struct ops_label {
  ops_view en;
  ops_view zh;
} ops_label;

/* ---- host → plugin: data ---- */

typedef struct ops_event {
  uint32_t type;          /* index into ops_module.event_types */
  uint32_t tag_count;     /* 0 unless the type's descriptor has OPS_EVENT_TAGS */
  uint64_t position;      /* global, from 1 */
  int64_t recorded_at_us; /* Unix time */
  int64_t time_us;        /* when it happened */
  ops_view data;          /* in the descriptor's schema; JSON text where that is empty */
  ops_view type_name;     /* the event's own type: tells them apart under a pattern `task.*` */
  ops_view department;
  ops_view actor;
  ops_view tags;     /* tag_count × (LEB128 length, `key:value`), sorted */
  ops_view metadata; /* OPS_EVENT_METADATA: JSON object of strings; else empty */
} ops_event;

typedef struct ops_events { /* in order of position */
  const ops_event* data;
  uint32_t count;
  uint32_t stride;
} ops_events;

typedef struct ops_states { /* of one load: one state per tag set, in the order of the sets */
  void* const* data;
  uint32_t count;
  uint32_t reserved;
} ops_states;

typedef struct ops_envelope { /* of a decision: all that is not in the command */
  uint32_t size;
  uint32_t id_count;
  uint64_t position; /* everything at or before it was folded */
  int64_t time_us;
  ops_view actor;
  ops_view role; /* whose permission allowed it */
  ops_view department;
  ops_view reason;
  ops_view correlation;
  ops_view on_behalf_of;
  ops_view number;     /* next number of the command's series, empty when it has none */
  const ops_view* ids; /* fresh UUIDv7 texts; the number that the descriptor asks for */
  ops_view timer_id;   /* set when a timer sent this command */
  int64_t late_by_us;  /* how late that timer fired */
  /* since 1.1 */
  ops_view scope; /* how far the actor's right reaches: own | team | department | subtree | all */
} ops_envelope;

/* ---- plugin → host: functions, valid inside one callback only ---- */

#define OPS_BASIS_WALL 0u    /* wall time */
#define OPS_BASIS_WORKING 1u /* working time of the department's calendar */

typedef struct ops_timer_request {
  uint32_t size;
  uint32_t timer;   /* index into ops_module.timers */
  ops_view id;      /* names this timer within its kind; setting it again replaces it */
  int64_t at_us;    /* absolute due time; used when after_us is 0 */
  int64_t after_us; /* else: this long after the decision's time */
  uint32_t basis;   /* of after_us: OPS_BASIS_… */
  uint32_t reserved;
  ops_view data; /* the command that the timer becomes, in that command's schema */
} ops_timer_request;

typedef struct ops_host ops_host;
struct ops_host {
  uint32_t size;
  uint32_t abi_minor;
  void* self;      /* the host's; plugins do not touch it */
  ops_view config; /* JSON text: the module's settings that hold for this call; `{}` if none */

  /* Everywhere. `position` names the event at fault in fold, apply and reactions, else 0: what was
   * said for the events before it counts, row changes made at it are dropped. The last call wins;
   * the callback then returns OPS_FAILED. */
  void (*fail)(const ops_host*, uint64_t position, ops_view text);
  /* An extension by its id `ops.name/1` (drafts: `draft/…`), null when there is none. */
  const void* (*get_extension)(const ops_host*, ops_view id);
  /* model save, upcast, series: the one result; a second call replaces it. */
  ops_status (*reply)(const ops_host*, ops_view bytes);

  /* load tags: begins the next tag set; `tag` adds to it; `type` narrows it to events of this
   * type (several: any of them), which must match a type of the model. */
  ops_status (*tag_set)(const ops_host*);
  ops_status (*tag)(const ops_host*, ops_view key_and_value); /* decide: of the last `emit` */
  ops_status (*type)(const ops_host*, ops_view type);

  /* decide */
  ops_status (*emit)(const ops_host*, uint32_t event_type, ops_view data);
  ops_status (*emit_time)(const ops_host*, int64_t time_us); /* of the last `emit` */
  ops_status (*warn)(const ops_host*, ops_view code, ops_view text);
  /* Also in series and load tags (an id that makes no tag). The callback returns OPS_REJECTED. */
  ops_status (*reject)(const ops_host*, ops_view code, ops_view text);
  ops_status (*timer_set)(const ops_host*, const ops_timer_request*);
  ops_status (*timer_cancel)(const ops_host*, uint32_t timer, ops_view id);

  /* table keys: a row that `apply` will probably touch. */
  ops_status (*key)(const ops_host*, ops_view key);
  /* table apply. `out` is valid until the next call of row_get. Keys are UTF-8 text, 1 to
   * OPS_ROW_KEY_BYTES_MAX bytes. `position`: of the event that makes the change; never smaller
   * than that of the call before. A change is seen by later row_gets at once.
   * A key that begins with a zero byte is a note: the table's own memory (any bytes, in no
   * schema), kept, versioned and rebuilt as rows are, but never listed, counted or indexed. */
  ops_status (*row_get)(const ops_host*, ops_view key, ops_view* out);
  ops_status (*row_put)(const ops_host*, uint64_t position, ops_view key, ops_view row);
  ops_status (*row_erase)(const ops_host*, uint64_t position, ops_view key);

  /* reaction: sends the command ops_module.calls[call] on account of the event at `position`. */
  ops_status (*command)(const ops_host*, uint64_t position, uint32_t call, ops_view data);
  /* decide, reaction: a row of any `module.table` as JSON text, at the envelope's position. Not
   * guarded by the append condition; recorded with the decision. Valid until the next look-up. */
  ops_status (*lookup)(const ops_host*, ops_view table, ops_view key, ops_view* out);
};

/* Extension `ops.calendar/1`, in decide and react where the host has calendars. Working time of a
 * department; an empty one means that of the call. All times are Unix microseconds.
 * A moment outside of working time counts as the next working moment. OPS_FAILED: the calendar
 * has no working time within a few years. */
typedef struct ops_calendar {
  uint32_t size;
  uint32_t reserved;
  ops_status (*add)(const ops_host*, ops_view department, int64_t from_us, int64_t working_us,
                    int64_t* out_us);
  /* The same time of day so many working days later, moved into that day's working time. */
  ops_status (*add_days)(const ops_host*, ops_view department, int64_t from_us, int32_t days,
                         int64_t* out_us);
  ops_status (*between)(const ops_host*, ops_view department, int64_t from_us, int64_t to_us,
                        int64_t* out_us);
} ops_calendar;
#define OPS_CALENDAR_EXTENSION "ops.calendar/1"

/* ---- descriptors ---- */
/* `context` is the plugin's own and comes back as the first argument of the callbacks beside it.
 * Callbacks may be null only where the comment says so. */

#define OPS_EVENT_OWNED 1u    /* this module declares the type (else it only reads it) */
#define OPS_EVENT_TAGS 2u     /* deliver tags */
#define OPS_EVENT_METADATA 4u /* deliver metadata */

typedef struct ops_upcast { /* an older shape that field-by-field resolution cannot read */
  uint32_t from_version;
  uint32_t reserved;
  ops_view schema; /* of the older shape; data is delivered in it */
  void* context;
  ops_status (*upcast)(void* context, const ops_host*, ops_view data); /* replies the newer */
} ops_upcast;

typedef struct ops_event_type {
  ops_view type; /* `incident.raised`; a foreign one may be a pattern: `task.*` or `*` */
  uint32_t version;
  uint32_t flags;  /* OPS_EVENT_… */
  ops_view schema; /* reader schema; empty: data is JSON text, whatever the writer's schema */
  ops_label label;
  ops_array upcasts; /* ops_upcast, newest first */
} ops_event_type;

typedef struct ops_model {
  ops_view name;
  uint32_t version; /* of the saved form */
  uint32_t event_type_count;
  const uint32_t* event_types; /* indices: what fold is given */
  void* context;
  ops_status (*create)(void* context, const ops_host*, void** state);
  ops_status (*fold)(void* context, const ops_host*, void* state, const ops_events*);
  ops_status (*save)(void* context, const ops_host*, const void* state); /* null: not savable */
  ops_status (*restore)(void* context, const ops_host*, ops_view saved, void** state);
  void (*destroy)(void* context, void* state);
} ops_model;

typedef struct ops_load {
  uint32_t model; /* index into ops_module.models */
  uint32_t reserved;
  void* context;
  /* Tag sets (0 to OPS_TAG_SETS_MAX, each with at least one tag) through tag_set and tag.
   * `before`: one ops_states per earlier load of the command. */
  ops_status (*tags)(void* context, const ops_host*, ops_view command, const ops_states* before,
                     uint32_t before_count);
} ops_load;

#define OPS_COMMAND_REASON 1u   /* a reason must be given */
#define OPS_COMMAND_INTERNAL 2u /* sent by timers and reactions only */

typedef struct ops_command {
  ops_view type; /* also the permission's name */
  ops_view schema;
  ops_label label;
  uint32_t permission_class; /* 'V' view, 'C' create and act, 'A' approve, 'M' manage */
  uint32_t flags;            /* OPS_COMMAND_… */
  ops_view separation; /* JSON text, empty = none: [{"not_actor_of":"file.submitted","tag":"file"}]
                        * = refused when the actor also wrote such an event with the same tag */
  ops_view grants;     /* JSON text, empty = none: roles that hold it by default ["it_lead"] */
  uint32_t id_count;   /* fresh ids wanted in the envelope, at most 64 */
  uint32_t number_width; /* digits of a number: 4 makes T-202611-0042 */
  ops_array loads;       /* ops_load, in the order in which they run */
  void* context;
  /* Null = no number. Replies the series, e.g. T-202611; an empty reply: none this time.
   * The envelope holds time, department and actor, no number yet. */
  ops_status (*series)(void* context, const ops_host*, ops_view command, const ops_envelope*);
  /* `states`: one ops_states per load. Emits, warns, rejects, sets and cancels timers. */
  ops_status (*decide)(void* context, const ops_host*, ops_view command, const ops_states* states,
                       uint32_t state_count, const ops_envelope*);
} ops_command;

typedef struct ops_table {
  ops_view name; /* without the module: `open` */
  uint32_t version;
  uint32_t event_type_count;
  const uint32_t* event_types; /* indices: what keys and apply are given */
  ops_view schema;             /* of a row */
  ops_label label;
  ops_view key_column;        /* under this name the row key is shown; may be no field */
  ops_view owner_column;      /* field that holds the owning actor, or empty */
  ops_view department_column; /* field that holds the department; empty: that of the event */
  uint32_t index_count;
  uint32_t reserved;
  const ops_view* indexes; /* fields with an index */
  void* context;
  ops_status (*keys)(void* context, const ops_host*, const ops_events*); /* null: no prefetch */
  ops_status (*apply)(void* context, const ops_host*, const ops_events*);
  /* since 1.1 */
  uint32_t search_count;
  uint32_t search_reserved;
  const ops_view* search; /* text fields by whose words people find rows, besides the key */
} ops_table;

typedef struct ops_timer {
  ops_view name;    /* `auto_close` */
  uint32_t command; /* index into ops_module.commands: what it becomes */
  uint32_t reserved;
  ops_label label;
} ops_timer;

typedef struct ops_call { /* a command that reactions may send, of this or another module */
  ops_view type;
  ops_view schema; /* of the bytes sent; empty: JSON text */
} ops_call;

#define OPS_REACTION_ALWAYS 1u /* not switchable; else a rule of the department's */

typedef struct ops_reaction {
  ops_view name; /* its rule id */
  uint32_t version;
  uint32_t flags; /* OPS_REACTION_… */
  uint32_t event_type_count;
  uint32_t reserved;
  const uint32_t* event_types;
  ops_label label;
  void* context;
  ops_status (*react)(void* context, const ops_host*, const ops_events*);
} ops_reaction;

typedef struct ops_page {
  ops_view id;
  ops_label label;
  ops_view json; /* what is on it: tables, charts, forms by name */
} ops_page;

typedef struct ops_module {
  ops_view name;    /* [a-z][a-z0-9_]{0,31} */
  ops_view version; /* semantic version */
  ops_label label;
  ops_view config_schema; /* of its settings; empty = none */
  uint32_t prefix_count;
  uint32_t requirement_count;
  const ops_view* prefixes;     /* of event and command types that it owns; none = {name} */
  const ops_view* requirements; /* modules that must be enabled with it */
  ops_array event_types;        /* ops_event_type, own and foreign */
  ops_array models;             /* ops_model */
  ops_array commands;           /* ops_command */
  ops_array tables;             /* ops_table */
  ops_array timers;             /* ops_timer */
  ops_array reactions;          /* ops_reaction */
  ops_array calls;              /* ops_call */
  ops_array pages;              /* ops_page */
} ops_module;

typedef struct ops_library {
  uint32_t size;
  uint32_t reserved;
  ops_view sdk;      /* what built it: "opsledger-sdk 0.1.0" */
  ops_array modules; /* ops_module, at least one */
} ops_library;

/* ---- the symbol ---- */

typedef struct ops_plugin {
  char magic[8]; /* OPS_ABI_MAGIC without its zero */
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t size;          /* sizeof(ops_plugin) */
  uint32_t host_size;     /* sizeof(ops_host) as the plugin knows it */
  uint32_t event_size;    /* sizeof(ops_event) */
  uint32_t envelope_size; /* sizeof(ops_envelope) */
  uint32_t module_size;   /* sizeof(ops_module) */
  uint32_t pointer_size;  /* sizeof(void*) */
  /* Once after loading, before all else. The host grants fail and get_extension. */
  ops_status (*init)(const ops_host*);
  /* Once at the end; every state was destroyed before. */
  void (*deinit)(void);
  /* The same answer each time. Allowed after a successful init only. */
  ops_status (*describe)(const ops_host*, const ops_library** out);
  /* An extension of the plugin by id, null when there is none. */
  const void* (*get_extension)(ops_view id);
} ops_plugin;

#if defined(__GNUC__)
#define OPS_EXPORT __attribute__((visibility("default")))
#else
#define OPS_EXPORT
#endif

/* Defined by the plugin; a host finds it by name. */
extern OPS_EXPORT const ops_plugin opsledger_plugin;

#ifdef __cplusplus
}
#endif

#endif /* OPSLEDGER_ABI_H_ */
