// A Runner that calls the module in this process, through the ABI.
#pragma once

#include <opsledger/kit/host_call.hpp>

#include <string>
#include <vector>

namespace ops::kit {

/// A span of events as the ABI wants it; views into `events`.
class EventSpan {
 public:
  explicit EventSpan(std::span<const Delivered> events) : tags_(events.size()) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Delivered& e = events[i];
      for (const auto& tag : e.tags) {
        for (std::size_t n = tag.size();; n >>= 7) {
          tags_[i] += static_cast<char>(n >= 0x80 ? n | 0x80 : n);
          if (n < 0x80) break;
        }
        tags_[i] += tag;
      }
      events_.push_back({e.type, static_cast<std::uint32_t>(e.tags.size()), e.position,
                         e.recorded_at.us, e.time.us, to_view(e.data), to_view(e.type_name),
                         to_view(e.department), to_view(e.actor), to_view(tags_[i]),
                         to_view(e.metadata)});
    }
    span_ = {events_.data(), static_cast<std::uint32_t>(events_.size()), sizeof(ops_event)};
  }
  EventSpan(const EventSpan&) = delete;
  EventSpan& operator=(const EventSpan&) = delete;
  const ops_events* get() const { return &span_; }

 private:
  std::vector<std::string> tags_;
  std::vector<ops_event> events_;
  ops_events span_{};
};

class LocalRunner : public Runner {
 public:
  /// `module` must outlive the runner.
  explicit LocalRunner(const ops_module& module) : m_(module), value_(value_of(module)) {}

  const ModuleValue& module() const override { return value_; }

  State create(std::uint32_t model) override {
    void* state = nullptr;
    HostCall call(Callback::kPlain);
    call.finish(model_at(model).create(model_at(model).context, call.host(), &state));
    return handle(state);
  }
  void fold(std::uint32_t model, State state, std::span<const Delivered> events) override {
    HostCall call(Callback::kPlain);
    call.finish(model_at(model).fold(model_at(model).context, call.host(), pointer(state),
                                     EventSpan(events).get()));
  }
  std::string save(std::uint32_t model, State state) override {
    HostCall call(Callback::kReply);
    return call.finish(model_at(model).save(model_at(model).context, call.host(), pointer(state)))
        .reply;
  }
  State restore(std::uint32_t model, const std::string& saved) override {
    void* state = nullptr;
    HostCall call(Callback::kPlain);
    call.finish(
        model_at(model).restore(model_at(model).context, call.host(), to_view(saved), &state));
    return handle(state);
  }
  void destroy(std::uint32_t model, State state) override {
    model_at(model).destroy(model_at(model).context, pointer(state));
  }

  Outcome load_tags(std::uint32_t command, std::uint32_t load, const std::string& data,
                    const States& before) override {
    const auto& d = at<ops_load>(command_at(command).loads, load);
    const StateLists states(before);
    HostCall call(Callback::kLoad);
    return call.finish(d.tags(d.context, call.host(), to_view(data), states.data(), states.size()));
  }
  Outcome series(std::uint32_t command, const std::string& data,
                 const EnvelopeValue& envelope) override {
    const auto& d = command_at(command);
    HostCall call(Callback::kSeries, envelope.config);
    return call.finish(
        d.series(d.context, call.host(), to_view(data), EnvelopeViews(envelope).get()));
  }
  Outcome decide(std::uint32_t command, const std::string& data, const States& states,
                 const EnvelopeValue& envelope) override {
    const auto& d = command_at(command);
    const StateLists lists(states);
    HostCall call(Callback::kDecide, envelope.config);
    return call.finish(d.decide(d.context, call.host(), to_view(data), lists.data(), lists.size(),
                                EnvelopeViews(envelope).get()));
  }

  std::vector<std::string> keys(std::uint32_t table, std::span<const Delivered> events) override {
    const auto& d = at<ops_table>(m_.tables, table);
    if (d.keys == nullptr) return {};
    HostCall call(Callback::kKeys);
    return call.finish(d.keys(d.context, call.host(), EventSpan(events).get())).keys;
  }
  void apply(std::uint32_t table, std::span<const Delivered> events, RowStore& rows) override {
    const auto& d = at<ops_table>(m_.tables, table);
    HostCall call(Callback::kApply, "{}", &rows);
    call.finish(d.apply(d.context, call.host(), EventSpan(events).get()));
  }
  Outcome react(std::uint32_t reaction, std::span<const Delivered> events) override {
    const auto& d = at<ops_reaction>(m_.reactions, reaction);
    HostCall call(Callback::kReact);
    return call.finish(d.react(d.context, call.host(), EventSpan(events).get()));
  }
  std::string upcast(std::uint32_t event_type, std::uint32_t upcast,
                     const std::string& data) override {
    const auto& d = at<ops_upcast>(at<ops_event_type>(m_.event_types, event_type).upcasts, upcast);
    HostCall call(Callback::kReply);
    return call.finish(d.upcast(d.context, call.host(), to_view(data))).reply;
  }

 private:
  /// States in the ABI's form.
  class StateLists {
   public:
    explicit StateLists(const States& states) {
      for (const auto& load : states) {
        auto& pointers = pointers_.emplace_back();
        for (const State state : load) pointers.push_back(pointer(state));
      }
      for (const auto& load : pointers_) {
        lists_.push_back({load.data(), static_cast<std::uint32_t>(load.size()), 0});
      }
    }
    const ops_states* data() const { return lists_.data(); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(lists_.size()); }

   private:
    std::vector<std::vector<void*>> pointers_;
    std::vector<ops_states> lists_;
  };
  class EnvelopeViews {
   public:
    explicit EnvelopeViews(const EnvelopeValue& v) {
      for (const auto& id : v.ids) ids_.push_back(to_view(id));
      e_ = {sizeof e_,
            static_cast<std::uint32_t>(ids_.size()),
            v.position,
            v.time.us,
            to_view(v.actor),
            to_view(v.role),
            to_view(v.department),
            to_view(v.reason),
            to_view(v.correlation),
            {},
            to_view(v.number),
            ids_.data(),
            to_view(v.timer_id),
            v.late_by_us,
            to_view(v.scope)};
    }
    const ops_envelope* get() const { return &e_; }

   private:
    std::vector<ops_view> ids_;
    ops_envelope e_{};
  };

  static State handle(void* state) { return reinterpret_cast<std::uintptr_t>(state); }
  static void* pointer(State state) {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(state));
  }
  template <class T>
  static const T& at(const ops_array& array, std::uint32_t i) {
    return ops::detail::element(static_cast<const T*>(array.data), array.stride, i);
  }
  const ops_model& model_at(std::uint32_t i) const { return at<ops_model>(m_.models, i); }
  const ops_command& command_at(std::uint32_t i) const { return at<ops_command>(m_.commands, i); }

  const ops_module& m_;
  ModuleValue value_;
};

}  // namespace ops::kit
