// A small host in memory: a history, decisions on it, timers and tables.
#pragma once

#include <opsledger/kit/print.hpp>
#include <opsledger/kit/runner.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ops::kit {

/// An event as it was written. `schema` empty: `data` is JSON text.
struct Stored {
  std::string type, schema, data;
  std::vector<std::string> tags;
  Time time, recorded_at;
  std::string actor, department;
  std::uint64_t position = 0;
};

class MemoryRows : public RowStore {
 public:
  using Map = std::map<std::string, std::string, std::less<>>;
  std::optional<std::string> get(std::string_view key) override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }
  void put(std::uint64_t, std::string_view key, std::string_view row) override {
    rows_.insert_or_assign(std::string(key), std::string(row));
  }
  void erase(std::uint64_t, std::string_view key) override { rows_.erase(std::string(key)); }
  const Map& all() const { return rows_; }

 private:
  Map rows_;
};

/// Everything a module is asked to do in a test, deterministic. Not thread safe.
class World {
 public:
  explicit World(Runner& runner) : runner_(runner) {}

  const ModuleValue& module() const { return runner_.module(); }
  const std::vector<Stored>& history() const { return history_; }
  EnvelopeValue& envelope() { return envelope_; }

  void append(Stored event) {
    event.position = history_.size() + 1;
    if (event.recorded_at == Time{}) event.recorded_at = envelope_.time;
    if (event.time == Time{}) event.time = event.recorded_at;
    history_.push_back(std::move(event));
  }

  /// Loads, decides (twice: the answers must agree) and, when accepted, appends.
  Outcome send(const std::string& command, const std::string& data) {
    return send(index_of(command), data, envelope_);
  }

  /// Lets time pass; timers that are due send their commands in the order in which they are due.
  std::vector<Outcome> pass(Duration duration) {
    const Time until = envelope_.time + duration;
    std::vector<Outcome> outcomes;
    for (auto next = earliest(until); next != timers_.end(); next = earliest(until)) {
      const auto [key, timer] = *next;
      timers_.erase(next);
      envelope_.time = std::max(envelope_.time, timer.due);
      EnvelopeValue envelope = envelope_;
      envelope.actor = "timer";
      envelope.timer_id = key.second;
      outcomes.push_back(send(module().timers.at(key.first).of, timer.data, envelope));
    }
    envelope_.time = until;
    return outcomes;
  }
  std::size_t timer_count() const { return timers_.size(); }

  /// The rows of a table over the whole history, applied in spans of `span` events (0: one span).
  MemoryRows rows(const std::string& table, std::size_t span = 0) {
    const auto index = place(module().tables, table);
    const auto events =
        deliver(module().tables[index].event_types, [](const Stored&) { return true; });
    MemoryRows rows;
    const std::size_t step = span == 0 ? std::max<std::size_t>(events.size(), 1) : span;
    for (std::size_t i = 0; i < events.size(); i += step) {
      const std::span part(events.data() + i, std::min(step, events.size() - i));
      runner_.keys(index, part);
      runner_.apply(index, part, rows);
    }
    return rows;
  }
  const TableValue& table(const std::string& name) {
    return module().tables[place(module().tables, name)];
  }

  /// What all reactions send on account of the events after `position`.
  std::vector<SentCommand> reactions(std::uint64_t position) {
    std::vector<SentCommand> sent;
    for (std::uint32_t i = 0; i < module().reactions.size(); ++i) {
      const auto events = deliver(module().reactions[i].event_types,
                                  [&](const Stored& e) { return e.position > position; });
      if (events.empty()) continue;
      const auto outcome = runner_.react(i, events);
      sent.insert(sent.end(), outcome.commands.begin(), outcome.commands.end());
    }
    return sent;
  }

 private:
  struct Timer {
    Time due;
    std::string data;
  };
  using TimerKey = std::pair<std::uint32_t, std::string>;
  using Timers = std::map<TimerKey, Timer>;

  template <class List>
  static std::uint32_t place(const List& list, const std::string& name) {
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      if (list[i].name == name) return i;
    }
    throw std::runtime_error("the module has no '" + name + "'");
  }
  std::uint32_t index_of(const std::string& command) const {
    for (std::uint32_t i = 0; i < module().commands.size(); ++i) {
      if (module().commands[i].type == command) return i;
    }
    throw std::runtime_error("the module has no command " + command);
  }

  static bool matches(std::string_view pattern, std::string_view type) {
    if (!pattern.ends_with('*')) return pattern == type;
    return type.starts_with(pattern.substr(0, pattern.size() - 1));
  }
  /// Events of these types that `wanted` accepts, in the reader's shape.
  template <class Wanted>
  std::vector<Delivered> deliver(const std::vector<std::uint32_t>& types, Wanted&& wanted) {
    std::vector<Delivered> out;
    for (const Stored& event : history_) {
      if (!wanted(event)) continue;
      for (const auto index : types) {
        const auto& type = module().event_types.at(index);
        if (!matches(type.type, event.type)) continue;
        out.push_back({index,
                       event.position,
                       event.recorded_at,
                       event.time,
                       read_as(event, index),
                       event.type,
                       event.department,
                       event.actor,
                       "",
                       {}});
        if (type.flags & OPS_EVENT_TAGS) out.back().tags = event.tags;
        break;
      }
    }
    return out;
  }
  std::string read_as(const Stored& event, std::uint32_t index) {
    const auto& type = module().event_types.at(index);
    if (type.schema == event.schema) return event.data;
    if (type.schema.empty()) return print(event.data, event.schema);
    for (std::uint32_t i = 0; i < type.older_schemas.size(); ++i) {
      if (type.older_schemas[i] == event.schema) return runner_.upcast(index, i, event.data);
    }
    throw std::runtime_error("the test gives " + event.type +
                             " in a shape that the module does not read");
  }

  Outcome send(std::uint32_t command, const std::string& data, EnvelopeValue envelope) {
    envelope.position = history_.size();
    const auto& d = module().commands.at(command);
    envelope.ids.clear();
    for (std::uint32_t i = 0; i < d.id_count; ++i)
      envelope.ids.push_back("id-" + std::to_string(++last_id_));
    std::vector<std::pair<std::uint32_t, Runner::State>> owned;
    Outcome outcome;
    try {
      outcome = decide(command, data, envelope, owned);
    } catch (...) {
      for (const auto& [model, state] : owned) runner_.destroy(model, state);
      throw;
    }
    for (const auto& [model, state] : owned) runner_.destroy(model, state);
    if (!outcome.rejection) accept(outcome, envelope);
    return outcome;
  }
  Outcome decide(std::uint32_t command, const std::string& data, EnvelopeValue& envelope,
                 std::vector<std::pair<std::uint32_t, Runner::State>>& owned) {
    const auto& d = module().commands.at(command);
    Runner::States states;
    for (std::uint32_t load = 0; load < d.load_models.size(); ++load) {
      const Outcome named = runner_.load_tags(command, load, data, states);
      if (named.rejection) return named;
      auto& of_load = states.emplace_back();
      for (const TagSet& set : named.tag_sets) {
        of_load.push_back(folded(d.load_models[load], set));
        owned.emplace_back(d.load_models[load], of_load.back());
      }
    }
    if (d.numbered) {
      const Outcome series = runner_.series(command, data, envelope);
      if (series.rejection) return series;
      envelope.number = number(series.reply, d.number_width);
    }
    const Outcome once = runner_.decide(command, data, states, envelope);
    const Outcome again = runner_.decide(command, data, states, envelope);
    if (to_bytes(once) != to_bytes(again)) {
      throw std::runtime_error(d.type +
                               " decides differently when asked twice: decide must be pure");
    }
    return once;
  }
  Runner::State folded(std::uint32_t model, const TagSet& set) {
    const auto events = deliver(module().models.at(model).event_types, [&](const Stored& e) {
      return has_all(e.tags, set.tags) && (set.types.empty() || has_all(set.types, {e.type}));
    });
    const Runner::State state = runner_.create(model);
    runner_.fold(model, state, events);
    if (!module().models[model].savable) return state;
    const Runner::State restored = runner_.restore(model, runner_.save(model, state));
    runner_.destroy(model, state);
    return restored;
  }
  static bool has_all(const std::vector<std::string>& all, const std::vector<std::string>& some) {
    return std::all_of(some.begin(), some.end(), [&](const auto& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    });
  }
  std::string number(const std::string& series, std::uint32_t width) {
    if (series.empty()) return "";
    std::string digits = std::to_string(++numbers_[series]);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return series + "-" + digits;
  }

  void accept(const Outcome& outcome, const EnvelopeValue& envelope) {
    for (const auto& e : outcome.events) {
      const auto& type = module().event_types.at(e.type);
      append({type.type, type.schema, e.data, e.tags, e.time.value_or(envelope.time), envelope.time,
              envelope.actor, envelope.department, 0});
    }
    for (const auto& t : outcome.timers) {
      timers_.erase({t.timer, t.id});
      if (t.cancel) continue;
      const Time due = t.after_us == 0 ? Time{t.at_us} : envelope.time + Duration(t.after_us);
      timers_[{t.timer, t.id}] = {due, t.data};
    }
  }
  Timers::iterator earliest(Time until) {
    auto best = timers_.end();
    for (auto i = timers_.begin(); i != timers_.end(); ++i) {
      if (i->second.due <= until && (best == timers_.end() || i->second.due < best->second.due))
        best = i;
    }
    return best;
  }

  Runner& runner_;
  std::vector<Stored> history_;
  Timers timers_;
  std::map<std::string, std::uint64_t> numbers_;
  std::uint64_t last_id_ = 0;
  EnvelopeValue envelope_;
};

}  // namespace ops::kit
