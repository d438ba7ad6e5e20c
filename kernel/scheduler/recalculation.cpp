#include "kernel/scheduler/recalculation.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>

#include "kernel/command/timer_events.hpp"
#include "kernel/projection/column_key.hpp"
#include "kernel/scheduler/limits.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/time_text.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr const char* kRecalculated = "timer.recalculated";

struct OpenTimer {
  std::string name, department;
  Time due_at{};
  Position scheduled{}, changed{};
};

/// Appends without waiting for each; what the conditions refuse was overtaken.
class Appender {
 public:
  explicit Appender(Ledger& ledger) : ledger_(ledger) {}
  ~Appender() { wait(0); }

  Status append(Proposal proposal) {
    wait(scheduler_limits::kReschedulesMax - 1);
    {
      const std::lock_guard lock(mutex_);
      ++open_;
    }
    auto accepted = ledger_.append(std::move(proposal), [this](Result<AppendOutcome> outcome) {
      finish(outcome.ok() ? Status() : Status(outcome.error()));
    });
    if (accepted.ok()) return {};
    finish({});
    if (accepted.error().code == Code::kConflict) return {};
    return std::move(accepted).error();
  }
  Status result() {
    wait(0);
    return failed_;
  }

 private:
  void wait(std::size_t open_max) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_ <= open_max; });
  }
  void finish(Status status) {
    const std::lock_guard lock(mutex_);
    --open_;
    if (!status.ok()) failed_ = std::move(status);
    changed_.notify_all();
  }
  Ledger& ledger_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
  Status failed_;
};

/// The rows of timer.pending that count working time, as of now.
Result<std::vector<OpenTimer>> working_timers(const TableSnapshot& table) {
  const auto& shape = *table.shape;
  const auto basis = shape.field("basis"), due = shape.field("due_at"),
             department = shape.field("department"), scheduled = shape.field("scheduled"),
             changed = shape.field("changed");
  std::uint32_t index = 0;
  while (index < shape.indexes.size() && shape.indexes[index] != basis) ++index;
  Bytes value, key;
  OPS_TRY(encode_value(*shape.fields()[*basis].type, "working", "/basis", UnknownFields::kRefuse,
                       &value));
  append_column_key(*shape.fields()[*basis].type, value, &key);
  const auto cursor =
      table.generation->scan_index(shape.number, index, {key, end_of_prefix(key)}, false);
  std::vector<OpenTimer> timers;
  std::vector<BytesView> fields;
  while (cursor->next()) {
    OPS_TRY(split_fields(shape.row->root(), cursor->row(), &fields));
    const auto number = [&](std::size_t field) {
      return PayloadReader(fields[field]).fixed<std::uint64_t>();
    };
    timers.push_back({std::string(cursor->key()),
                      std::string(PayloadReader(fields[*department]).bytes()),
                      Time{static_cast<std::int64_t>(number(*due))},
                      {number(*scheduled)},
                      {number(*changed)}});
  }
  OPS_TRY(cursor->status());
  return timers;
}

Result<Time> due_now(const RecalculationParts& parts, const OpenTimer& timer, Position at) {
  OPS_TRY_ASSIGN(const auto event, parts.ledger.get(timer.scheduled));
  OPS_TRY_ASSIGN(const auto data, parse_json(event->data));
  const auto& fields = data.as_object();
  const auto from = parse_rfc3339(std::string_view(fields.at("from").as_string()));
  OPS_TRY_ASSIGN(const auto version, parts.calendars.at(timer.department, at));
  return version.calendar->add(from.value(), Duration(fields.at("working_us").as_int64()));
}

Proposal rescheduled(const OpenTimer& timer, Time due) {
  Proposal proposal;
  proposal.events.push_back(timer_rescheduled(timer.name, due, timer.due_at));
  proposal.events.back().department = timer.department;
  proposal.events.back().actor = "opsledger";
  proposal.events.back().causation = timer.scheduled;
  proposal.condition = AppendCondition{{{timer_item(timer.name)}}, timer.changed};
  return proposal;
}

}  // namespace

Result<bool> recalculation_due(const RecalculationParts& parts) {
  OPS_TRY_ASSIGN(const Position changed, parts.calendars.changed(parts.ledger.durable().position));
  if (changed.value == 0) return false;
  ReadOptions newest;
  newest.direction = Direction::kBackward;
  newest.limit = 1;
  OPS_TRY_ASSIGN(const auto cursor, parts.ledger.read({{{{kRecalculated}, {}}}}, newest));
  OPS_TRY_ASSIGN(const auto found, cursor->next());
  if (found.empty()) return true;
  OPS_TRY_ASSIGN(const auto data, parse_json(found.front().data));
  return data.as_object().at("calendar").to_number<std::uint64_t>() < changed.value;
}

Result<std::uint64_t> recalculate(const RecalculationParts& parts) {
  const Position at = parts.ledger.durable().position;
  OPS_TRY_ASSIGN(const Position changed, parts.calendars.changed(at));
  OPS_TRY(parts.projections.wait_for("timer", at, scheduler_limits::kTableWait));
  OPS_TRY_ASSIGN(const auto table, parts.projections.open("timer.pending", kHead));
  OPS_TRY_ASSIGN(const auto timers, working_timers(table));
  std::uint64_t moved = 0;
  Appender appender(parts.ledger);
  for (const auto& timer : timers) {
    auto due = due_now(parts, timer, at);
    if (!due.ok() && due.error().code == Code::kRejected) continue;
    OPS_TRY(due);
    if (*due == timer.due_at) continue;
    OPS_TRY(appender.append(rescheduled(timer, *due)));
    ++moved;
  }
  OPS_TRY(appender.result());
  Proposal done;
  done.events.emplace_back();
  done.events[0].type = kRecalculated;
  done.events[0].actor = "opsledger";
  done.events[0].causation = changed;
  done.events[0].data =
      json::serialize(json::object{{"calendar", changed.value}, {"moved", moved}});
  OPS_TRY(append_and_wait(parts.ledger, std::move(done)));
  return moved;
}

}  // namespace opsledger
