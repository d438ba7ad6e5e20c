/* A plugin in plain C on the ABI header alone: one honest module, which misbehaves where the text
 * `mode` of a command or the number `n` of an event tells it to. */
#include <opsledger/abi.h>
#include <stdlib.h>
#include <string.h>

static ops_view view(const char* text) {
  ops_view v;
  v.data = text;
  v.size = strlen(text);
  return v;
}
static int is(ops_view v, const char* text) {
  return v.size == strlen(text) && memcmp(v.data, text, v.size) == 0;
}

/* Payloads of the test are short: lengths take one byte. */
static ops_view read_text(const char** at) {
  ops_view v;
  v.size = (unsigned char)**at;
  v.data = *at + 1;
  *at += 1 + v.size;
  return v;
}
static int32_t read_i32(const char** at) {
  int32_t n;
  memcpy(&n, *at, 4);
  *at += 4;
  return n;
}

/* sample.put {id, n}, the command's first two fields too. */
typedef struct put {
  ops_view id;
  int32_t n;
  ops_view mode; /* of the command alone */
} put;
static put read_put(ops_view data, int is_command) {
  const char* at = data.data;
  put p;
  p.id = read_text(&at);
  p.n = read_i32(&at);
  p.mode = is_command ? read_text(&at) : view("");
  return p;
}

/* ---- model: the sum of n ---- */

typedef struct total {
  int64_t sum;
} total;

static int live_states = 0;

static ops_status total_create(void* context, const ops_host* host, void** state) {
  (void)context;
  (void)host;
  *state = calloc(1, sizeof(total));
  ++live_states;
  return OPS_OK;
}
static ops_status total_fold(void* context, const ops_host* host, void* state,
                             const ops_events* events) {
  uint32_t i;
  (void)context;
  for (i = 0; i < events->count; ++i) {
    const ops_event* event =
        (const ops_event*)((const char*)events->data + (size_t)i * events->stride);
    const put p = read_put(event->data, 0);
    if (p.n == -999) {
      host->fail(host, event->position, view("n is -999"));
      return OPS_FAILED;
    }
    ((total*)state)->sum += p.n;
  }
  return OPS_OK;
}
static void total_destroy(void* context, void* state) {
  (void)context;
  --live_states;
  free(state);
}

/* ---- command ---- */

static void tag_of(const ops_host* host, ops_view id) {
  char tag[160] = "sample:";
  ops_view v;
  memcpy(tag + 7, id.data, id.size);
  v.data = tag;
  v.size = 7 + id.size;
  host->tag(host, v);
}

static ops_status put_tags(void* context, const ops_host* host, ops_view command,
                           const ops_states* before, uint32_t before_count) {
  const put p = read_put(command, 1);
  int i;
  (void)context;
  (void)before;
  (void)before_count;
  if (is(p.mode, "load none")) return OPS_OK;
  if (is(p.mode, "load tag first")) host->tag(host, view("a:b"));
  for (i = 0; is(p.mode, "load many") && i < 65; ++i) {
    host->tag_set(host);
    tag_of(host, p.id);
  }
  if (is(p.mode, "load many")) return OPS_OK;
  if (host->tag_set(host) != OPS_OK || is(p.mode, "load empty")) return OPS_OK;
  if (is(p.mode, "load bad tag")) return host->tag(host, view("no colon")), OPS_OK;
  if (is(p.mode, "load reject")) {
    if (host->tag(host, view("a:b,c")) != OPS_REFUSED) return OPS_FAILED;
    host->reject(host, view("sample.id_invalid"), view("an id without comma, please"));
    return OPS_REJECTED;
  }
  for (i = 0; is(p.mode, "load long") && i < 17; ++i) tag_of(host, p.id);
  tag_of(host, p.id);
  return OPS_OK;
}

static ops_status put_series(void* context, const ops_host* host, ops_view command,
                             const ops_envelope* envelope) {
  const put p = read_put(command, 1);
  (void)context;
  if (is(p.mode, "series comma")) return host->reply(host, view("a,b"));
  if (is(p.mode, "series none")) return OPS_OK;
  return host->reply(host, envelope->department);
}

static void emit_put(const ops_host* host, ops_view id, int32_t n) {
  char data[160];
  ops_view v;
  data[0] = (char)id.size;
  memcpy(data + 1, id.data, id.size);
  memcpy(data + 1 + id.size, &n, 4);
  v.data = data;
  v.size = 5 + id.size;
  host->emit(host, 0, v);
}

ops_status sample_throw(void);

static ops_status misbehave(const ops_host* host, put p) {
  int i;
  if (is(p.mode, "throw")) return sample_throw();
  if (is(p.mode, "status")) return 77;
  if (is(p.mode, "rejected silently")) return OPS_REJECTED;
  if (is(p.mode, "fail silently")) return OPS_FAILED;
  if (is(p.mode, "fail")) return host->fail(host, 0, view("no luck")), OPS_FAILED;
  if (is(p.mode, "reject and go on"))
    return host->reject(host, view("sample.no"), view("no")), OPS_OK;
  if (is(p.mode, "bad code")) return host->reject(host, view("No!"), view("no")), OPS_REJECTED;
  if (is(p.mode, "foreign")) return host->emit(host, 1, view("{}")), OPS_OK;
  if (is(p.mode, "unknown type")) return host->emit(host, 99, view("")), OPS_OK;
  if (is(p.mode, "garbage")) return host->emit(host, 0, view("\x7f")), OPS_OK;
  if (is(p.mode, "tag first")) return host->tag(host, view("a:b")), OPS_OK;
  if (is(p.mode, "time first")) return host->emit_time(host, 1), OPS_OK;
  for (i = 0; is(p.mode, "many events") && i < 1001; ++i) emit_put(host, p.id, 1);
  for (i = 0; is(p.mode, "many warnings") && i < 101; ++i)
    host->warn(host, view("sample.w"), view("w"));
  if (is(p.mode, "bad tag")) emit_put(host, p.id, 1), host->tag(host, view("sample:"));
  if (is(p.mode, "many tags")) {
    emit_put(host, p.id, 1);
    for (i = 0; i < 17; ++i) tag_of(host, p.id);
  }
  return OPS_OK;
}

static int only_granted(const ops_host* host) {
  return host->row_get == NULL && host->row_put == NULL && host->row_erase == NULL &&
         host->key == NULL && host->tag_set == NULL && host->type == NULL && host->reply == NULL &&
         host->timer_set != NULL && host->timer_cancel != NULL && host->command == NULL &&
         host->lookup == NULL && host->get_extension(host, view("ops.none/1")) == NULL;
}

static ops_status put_decide(void* context, const ops_host* host, ops_view command,
                             const ops_states* states, uint32_t state_count,
                             const ops_envelope* envelope) {
  const put p = read_put(command, 1);
  int64_t sum = 0;
  (void)context;
  if (!is(p.mode, "") && !is(p.mode, "reject")) return misbehave(host, p);
  if (!only_granted(host)) return host->fail(host, 0, view("too much granted")), OPS_FAILED;
  if (state_count == 1 && states[0].count == 1) sum = ((total*)states[0].data[0])->sum;
  if (sum + p.n > 100 || is(p.mode, "reject")) {
    host->reject(host, view("sample.full"), view("at most 100"));
    return OPS_REJECTED;
  }
  emit_put(host, p.id, p.n);
  tag_of(host, p.id);
  host->emit_time(host, envelope->time_us - 1);
  emit_put(host, envelope->number, (int32_t)envelope->id_count);
  if (sum + p.n > 50) host->warn(host, view("sample.half"), view("more than half"));
  return OPS_OK;
}

/* ---- table: the sum of n per id ---- */

static ops_status row_change(const ops_host* host, const ops_event* event) {
  const put p = read_put(event->data, 0);
  ops_view row, found;
  int64_t n = 0;
  ops_status got;
  row.data = (const char*)&n;
  row.size = sizeof n;
  if (p.n == -1) return host->row_erase(host, event->position, p.id);
  if (p.n == -2) return host->row_put(host, event->position, p.id, view("short")), OPS_OK;
  if (p.n == -3) return host->row_put(host, event->position + 1000, p.id, row), OPS_OK;
  if (p.n == -4) return host->row_put(host, event->position, view(""), row), OPS_OK;
  if (p.n == -5) {
    ops_view note;
    note.data = "\0note";
    note.size = 5;
    return host->row_put(host, event->position, note, view("anything"));
  }
  if (p.n == -6) {
    host->fail(host, event->position, view("n is -6"));
    return OPS_FAILED;
  }
  if (p.n == -7) return sample_throw();
  got = host->row_get(host, p.id, &found);
  if (got == OPS_OK) memcpy(&n, found.data, sizeof n);
  if (got == OPS_FAILED) return OPS_FAILED;
  n += p.n;
  return host->row_put(host, event->position, p.id, row);
}
static ops_status rows_apply(void* context, const ops_host* host, const ops_events* events) {
  uint32_t i;
  (void)context;
  for (i = 0; i < events->count; ++i) {
    const ops_event* event =
        (const ops_event*)((const char*)events->data + (size_t)i * events->stride);
    const ops_status done = row_change(host, event);
    if (done != OPS_OK) return done;
  }
  return OPS_OK;
}
static ops_status rows_keys(void* context, const ops_host* host, const ops_events* events) {
  uint32_t i;
  (void)context;
  for (i = 0; i < events->count; ++i) host->key(host, read_put(events->data[i].data, 0).id);
  return OPS_OK;
}

/* An empty view may have no data, which memcpy must not be given. */
static char* copy_view(char* at, ops_view bytes) {
  if (bytes.size > 0) memcpy(at, bytes.data, bytes.size);
  return at + bytes.size;
}

/* Shows what an event looks like from here: key = type name, row = bytes of tags and metadata. */
static ops_status seen_apply(void* context, const ops_host* host, const ops_events* events) {
  uint32_t i;
  (void)context;
  for (i = 0; i < events->count; ++i) {
    const ops_event* e = &events->data[i];
    char row[256];
    char* end;
    ops_view v;
    row[0] = (char)e->tag_count;
    row[1] = (char)(e->tags.size + e->metadata.size + e->data.size);
    end = copy_view(copy_view(copy_view(row + 2, e->tags), e->metadata), e->data);
    v.data = row;
    v.size = (size_t)(end - row);
    host->row_put(host, e->position, e->type_name, v);
  }
  return OPS_OK;
}

/* ---- upcast: {id, text} -> {id, n = length of text} ---- */

static ops_status put_upcast(void* context, const ops_host* host, ops_view data) {
  const char* at = data.data;
  const ops_view id = read_text(&at), text = read_text(&at);
  const int32_t n = (int32_t)text.size;
  char newer[160];
  ops_view v;
  (void)context;
  newer[0] = (char)id.size;
  memcpy(newer + 1, id.data, id.size);
  memcpy(newer + 1 + id.size, &n, 4);
  v.data = newer;
  v.size = is(text, "lost") ? 1 : 5 + id.size;
  return host->reply(host, v);
}

/* ---- description ---- */

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#define LABEL \
  { TEXT("Sample"), TEXT("样例") }
#define ARRAY(array) \
  { array, sizeof(array) / sizeof((array)[0]), sizeof((array)[0]) }
#define PUT_FIELDS \
  "{\"struct\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"n\",\"type\":\"i32\"}"

static const ops_upcast upcasts[] = {{1, 0,
                                      TEXT("{\"struct\":[{\"name\":\"id\",\"type\":\"string\"},"
                                           "{\"name\":\"text\",\"type\":\"string\"}]}"),
                                      NULL, put_upcast}};
static const ops_event_type event_types[] = {
    {TEXT("sample.put"), 2, OPS_EVENT_OWNED, TEXT(PUT_FIELDS "]}"), LABEL, ARRAY(upcasts)},
    {TEXT("other.noted"), 1, OPS_EVENT_TAGS | OPS_EVENT_METADATA, TEXT(""), LABEL, {NULL, 0, 0}},
    {TEXT("misc.*"), 1, 0, TEXT(""), LABEL, {NULL, 0, 0}}};
static const uint32_t put_events[] = {0};
static const uint32_t seen_events[] = {1, 2};
static const ops_model models[] = {
    {TEXT("total"), 1, 1, put_events, NULL, total_create, total_fold, NULL, NULL, total_destroy}};
static const ops_load loads[] = {{0, 0, NULL, put_tags}};
static const ops_command commands[] = {
    {TEXT("sample.put"),
     TEXT(PUT_FIELDS ",{\"name\":\"mode\",\"type\":\"string\",\"default\":\"\"}]}"), LABEL, 'C',
     OPS_COMMAND_REASON, TEXT(""), TEXT("[\"clerk\"]"), 2, 4, ARRAY(loads), NULL, put_series,
     put_decide}};
static const ops_view indexes[] = {TEXT("n")};
static const ops_table tables[] = {
    {TEXT("rows"), 1, 1, put_events, TEXT("{\"struct\":[{\"name\":\"n\",\"type\":\"i64\"}]}"),
     LABEL, TEXT("id"), TEXT(""), TEXT(""), 1, 0, indexes, NULL, rows_keys, rows_apply},
    {TEXT("seen"), 1, 2, seen_events,
     TEXT("{\"struct\":[{\"name\":\"tags\",\"type\":\"u8\"},{\"name\":\"raw\",\"type\":\"bytes\"}]"
          "}"),
     LABEL, TEXT("type"), TEXT(""), TEXT(""), 0, 0, NULL, NULL, NULL, seen_apply}};
static const ops_module modules[] = {{TEXT("sample"),
                                      TEXT("1.2.3"),
                                      LABEL,
                                      TEXT(""),
                                      0,
                                      0,
                                      NULL,
                                      NULL,
                                      ARRAY(event_types),
                                      ARRAY(models),
                                      ARRAY(commands),
                                      ARRAY(tables),
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0}},
                                     {TEXT("second"),
                                      TEXT("0.1.0"),
                                      LABEL,
                                      TEXT(""),
                                      0,
                                      0,
                                      NULL,
                                      NULL,
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0},
                                      {NULL, 0, 0}}};
static const ops_library library = {sizeof(ops_library), 0, TEXT("c99 test"), ARRAY(modules)};

static ops_status init(const ops_host* host) {
#ifdef SAMPLE_INIT_FAILS
  host->fail(host, 0, view("no licence"));
  return OPS_FAILED;
#else
  (void)host;
  return OPS_OK;
#endif
}
static void deinit(void) {
  if (live_states != 0) abort(); /* the ABI promises that every state was destroyed before */
}
static ops_status describe(const ops_host* host, const ops_library** out) {
  (void)host;
#ifdef SAMPLE_DESCRIBE_THROWS
  (void)out;
  (void)library;
  return sample_throw();
#else
  *out = &library;
  return OPS_OK;
#endif
}

#ifdef SAMPLE_NO_SYMBOL
#define opsledger_plugin other_symbol
extern OPS_EXPORT const ops_plugin opsledger_plugin;
#endif
const ops_plugin opsledger_plugin = {{'O', 'P', 'S', 'L', 'E', 'D', 'G', 'R'},
                                     OPS_ABI_MAJOR,
                                     OPS_ABI_MINOR,
                                     sizeof(ops_plugin),
                                     sizeof(ops_host),
                                     sizeof(ops_event),
                                     sizeof(ops_envelope),
                                     sizeof(ops_module),
                                     sizeof(void*),
                                     init,
                                     deinit,
                                     describe,
                                     NULL};
