#include "kernel/scheduler/due_timers.hpp"

#include <boost/json/object.hpp>

#include "kernel/calendar/calendar_events.hpp"
#include "kernel/command/timer_events.hpp"
#include "kernel/projection/column_key.hpp"
#include "kernel/scheduler/limits.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;
namespace limits = scheduler_limits;

namespace {

const std::vector<std::string>& followed_types() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> all{kTimerScheduled, kTimerRescheduled};
    all.insert(all.end(), calendar_types().begin(), calendar_types().end());
    return all;
  }();
  return types;
}

Error unreadable(Position position) {
  return {Code::kCorrupt, "timer.event_unreadable",
          "event " + std::to_string(position.value) +
              " is about a timer and cannot be read; run `opsledger verify`"};
}

/// `timer` and `due_at` of an event; the positions are the caller's to complete.
Result<WaitingTimer> read_event(const EventView& event) {
  const auto value = parse_json(event.data);
  if (!value.ok() || !value->is_object()) return unreadable(event.position);
  const auto text = [&](std::string_view name) -> std::string_view {
    const auto* field = value->get_object().if_contains(name);
    return field != nullptr && field->is_string() ? std::string_view(field->get_string())
                                                  : std::string_view();
  };
  const auto due = parse_rfc3339(text("due_at"));
  if (!due || text("timer").empty()) return unreadable(event.position);
  WaitingTimer timer;
  timer.name = text("timer");
  timer.due_at = timer.not_before = *due;
  timer.scheduled = timer.changed = event.position;
  return timer;
}

std::uint64_t u64_of(BytesView field) {
  return PayloadReader(field).fixed<std::uint64_t>();
}

/// Index bytes from which rows after `place` begin.
Bytes index_place(const std::optional<std::pair<Time, std::string>>& place, const TypeNode& type) {
  Bytes key;
  if (!place) return key;
  std::int64_t us = place->first.us;
  append_column_key(type, BytesView(reinterpret_cast<const char*>(&us), sizeof us), &key);
  return key;
}

}  // namespace

void DueTimers::reload(std::map<std::string, Position> flying) {
  heap_ = {};
  again_ = {};
  flying_ = std::move(flying);
  read_.reset();
  all_read_ = false;
  followed_ = ledger_.durable().position;
}

Result<bool> DueTimers::follow() {
  ReadOptions options;
  options.after = followed_;
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read({{{followed_types(), {}}}}, options));
  const Position head = ledger_.durable().position;
  bool calendars = false;
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      followed_ = event.position;
      if (!event.type.starts_with("timer.")) {
        calendars = true;
        continue;
      }
      OPS_TRY_ASSIGN(auto timer, read_event(event));
      const bool in_memory = all_read_ || (read_ && Place{timer.due_at, timer.name} <= *read_);
      if (!in_memory) continue;  // read from the table in its turn
      if (event.type == kTimerRescheduled) timer.scheduled = {};
      push(std::move(timer));
    }
  }
  followed_ = std::max(followed_, head);
  return calendars;
}

void DueTimers::push(WaitingTimer timer) {
  heap_.push(std::move(timer));
  if (heap_.size() > limits::kWindowsMax * window_) shorten();
}

/// Leaves the later timers to the table again.
void DueTimers::shorten() {
  std::vector<WaitingTimer> kept;
  while (kept.size() < window_) {
    kept.push_back(heap_.top());
    heap_.pop();
  }
  read_ = Place{kept.back().not_before, kept.back().name};
  all_read_ = false;
  heap_ = Heap(Later{}, std::move(kept));
}

Result<std::optional<WaitingTimer>> DueTimers::take_due(Time now) {
  const bool used_up = heap_.empty() || heap_.top().not_before > now;
  const bool more = !all_read_ && (!read_ || read_->first <= now || heap_.empty());
  if (used_up && more) OPS_TRY(read_window());
  for (Heap* heap : {&again_, &heap_}) {
    if (heap->empty() || heap->top().not_before > now) continue;
    auto timer = heap->top();
    heap->pop();
    return std::optional(std::move(timer));
  }
  return std::optional<WaitingTimer>{};
}

std::optional<Time> DueTimers::next_due() const {
  std::optional<Time> next;
  for (const Heap* heap : {&again_, &heap_}) {
    if (heap->empty()) continue;
    next = std::min(next.value_or(heap->top().not_before), heap->top().not_before);
  }
  return next;
}

bool DueTimers::caught_up(Time now) const {
  const auto next = next_due();
  return followed_ >= ledger_.durable().position && (all_read_ || (read_ && read_->first > now)) &&
         (!next || *next > now);
}

void DueTimers::put_back(WaitingTimer timer) {
  again_.push(std::move(timer));
}

/// Whatever events were passed over lie in the table, once it has got to where they were followed.
Status DueTimers::read_window() {
  OPS_TRY(projections_.wait_for("timer", followed_, limits::kTableWait));
  OPS_TRY_ASSIGN(const auto table, projections_.open("timer.pending", kHead));
  std::size_t read = 0;
  OPS_TRY(read_rows(table, &read));
  if (read < window_) all_read_ = true;
  return {};
}

Status DueTimers::read_rows(const TableSnapshot& table, std::size_t* read) {
  const auto& shape = *table.shape;
  const auto due = shape.field("due_at"), scheduled = shape.field("scheduled"),
             changed = shape.field("changed");
  if (!due || !scheduled || !changed) return unreadable({});
  std::uint32_t index = 0;
  while (index < shape.indexes.size() && shape.indexes[index] != *due) ++index;
  if (index == shape.indexes.size()) return unreadable({});
  KeyRange range{index_place(read_, *shape.fields()[*due].type), {}};
  const auto cursor = table.generation->scan_index(shape.number, index, range, false);
  std::vector<BytesView> fields;
  while (*read < window_ && cursor->next()) {
    OPS_TRY(split_fields(shape.row->root(), cursor->row(), &fields));
    WaitingTimer timer;
    timer.name = cursor->key();
    timer.due_at = timer.not_before = Time{PayloadReader(fields[*due]).fixed<std::int64_t>()};
    Place place{timer.due_at, timer.name};
    if (read_ && place <= *read_) continue;  // of the window before, due at the same moment
    timer.scheduled = {u64_of(fields[*scheduled])};
    timer.changed = {u64_of(fields[*changed])};
    read_ = std::move(place);
    ++*read;
    const auto flying = flying_.find(timer.name);
    if (flying == flying_.end() || flying->second != timer.changed) heap_.push(std::move(timer));
  }
  return cursor->status();
}

}  // namespace opsledger
