#include "kernel/plugin/in_process_instance.hpp"

#include "kernel/plugin/abi_events.hpp"
#include "kernel/plugin/host_call.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

class InProcessState : public ModelState {
 public:
  InProcessState(std::shared_ptr<void> library, const ops_model& model, void* state)
      : library_(std::move(library)), model_(model), state_(state) {}
  ~InProcessState() override { model_.destroy(model_.context, state_); }
  void* get() const { return state_; }

 private:
  std::shared_ptr<void> library_;
  ops_model model_;
  void* state_;
};

// The states of each load, as the ABI passes them.
class AbiStates {
 public:
  explicit AbiStates(const PluginInstance::States& states) {
    pointers_.resize(states.size());
    for (std::size_t load = 0; load < states.size(); ++load) {
      for (ModelState* state : states[load]) {
        pointers_[load].push_back(static_cast<InProcessState*>(state)->get());
      }
      loads_.push_back(
          {pointers_[load].data(), static_cast<std::uint32_t>(pointers_[load].size()), 0});
    }
  }
  const ops_states* data() const { return loads_.data(); }
  std::uint32_t count() const { return static_cast<std::uint32_t>(loads_.size()); }

 private:
  std::vector<std::vector<void*>> pointers_;
  std::vector<ops_states> loads_;
};

class InProcessInstance : public PluginInstance {
 public:
  InProcessInstance(std::shared_ptr<void> library, DescribedModule module)
      : library_(std::move(library)), module_(std::move(module)) {}

  const ModuleInfo& info() const override { return module_.info; }
  Result<std::unique_ptr<ModelState>> create_state(std::uint32_t model) override;
  Status fold(std::uint32_t model, ModelState& state, std::span<const PluginEvent> events) override;
  Result<std::vector<std::vector<std::string>>> load_tags(std::uint32_t command, std::uint32_t load,
                                                          BytesView command_data,
                                                          const States& before) override;
  Result<std::string> series(std::uint32_t command, BytesView command_data,
                             const PluginEnvelope& envelope) override;
  Result<Decision> decide(std::uint32_t command, BytesView command_data, const States& states,
                          const PluginEnvelope& envelope) override;
  Result<std::vector<Bytes>> table_keys(std::uint32_t table,
                                        std::span<const PluginEvent> events) override;
  Status table_apply(std::uint32_t table, std::span<const PluginEvent> events,
                     RowAccess& rows) override;
  Result<Bytes> upcast(std::uint32_t event_type, std::uint32_t upcast, BytesView data) override;
  Result<std::vector<SentCommand>> react(std::uint32_t reaction,
                                         std::span<const PluginEvent> events,
                                         const HostServices* services, Position at) override;

 private:
  const std::string& name() const { return module_.info.name; }

  std::shared_ptr<void> library_;
  const DescribedModule module_;
};

// Calls `with` for pieces of at most OPS_SPAN_EVENTS_MAX events.
template <class With>
Status in_spans(std::span<const PluginEvent> events, With with) {
  while (!events.empty()) {
    const auto piece = events.first(std::min<std::size_t>(events.size(), OPS_SPAN_EVENTS_MAX));
    OPS_TRY(with(piece));
    events = events.subspan(piece.size());
  }
  return {};
}

Result<std::unique_ptr<ModelState>> InProcessInstance::create_state(std::uint32_t model) {
  const ops_model& abi = module_.models[model];
  void* state = nullptr;
  PlainCall call(name(), "model create");
  OPS_TRY(call.run([&](const ops_host* host) { return abi.create(abi.context, host, &state); }));
  return std::unique_ptr<ModelState>(std::make_unique<InProcessState>(library_, abi, state));
}

Status InProcessInstance::fold(std::uint32_t model, ModelState& state,
                               std::span<const PluginEvent> events) {
  const ops_model& abi = module_.models[model];
  void* raw = static_cast<InProcessState&>(state).get();
  return in_spans(events, [&](std::span<const PluginEvent> piece) {
    const AbiEvents span(module_.info, piece);
    PlainCall call(name(), "model fold");
    return call.run(
        [&](const ops_host* host) { return abi.fold(abi.context, host, raw, span.get()); });
  });
}

Result<std::vector<std::vector<std::string>>> InProcessInstance::load_tags(std::uint32_t command,
                                                                           std::uint32_t load,
                                                                           BytesView command_data,
                                                                           const States& before) {
  const ops_load& abi = module_.commands[command].loads[load];
  const AbiStates states(before);
  TagsCall call(name());
  OPS_TRY(call.run([&](const ops_host* host) {
    return abi.tags(abi.context, host, view_of(command_data), states.data(), states.count());
  }));
  if (!call.sets.empty() && call.sets.back().empty()) {
    return Error{Code::kInternal, "plugin.misbehaved",
                 "module " + name() +
                     ", load tags: the plugin named an empty tag set; a load "
                     "names at least one tag"};
  }
  return std::move(call.sets);
}

Result<std::string> InProcessInstance::series(std::uint32_t command, BytesView command_data,
                                              const PluginEnvelope& envelope) {
  const ops_command& abi = module_.commands[command].command;
  if (abi.series == nullptr) return std::string();
  const AbiEnvelope wrapped(envelope);
  ReplyCall call(name(), "series", true);
  call.configure(envelope.config);
  OPS_TRY(call.run([&](const ops_host* host) {
    return abi.series(abi.context, host, view_of(command_data), wrapped.get());
  }));
  if (call.reply.empty() || is_tag("series:" + call.reply)) return std::move(call.reply);
  return Error{Code::kInternal, "plugin.misbehaved",
               "module " + name() +
                   ", series: the plugin replied a name that makes no tag; a "
                   "series is 1 to 200 bytes of UTF-8 without comma"};
}

Result<Decision> InProcessInstance::decide(std::uint32_t command, BytesView command_data,
                                           const States& states, const PluginEnvelope& envelope) {
  const ops_command& abi = module_.commands[command].command;
  const AbiStates loaded(states);
  const AbiEnvelope wrapped(envelope);
  DecideCall call(name(), module_.info, envelope);
  call.configure(envelope.config);
  OPS_TRY(call.run([&](const ops_host* host) {
    return abi.decide(abi.context, host, view_of(command_data), loaded.data(), loaded.count(),
                      wrapped.get());
  }));
  return call.take();
}

Result<std::vector<Bytes>> InProcessInstance::table_keys(std::uint32_t table,
                                                         std::span<const PluginEvent> events) {
  const ops_table& abi = module_.tables[table];
  if (abi.keys == nullptr) return std::vector<Bytes>();
  KeysCall call(name());
  OPS_TRY(in_spans(events, [&](std::span<const PluginEvent> piece) {
    const AbiEvents span(module_.info, piece);
    return call.run([&](const ops_host* host) { return abi.keys(abi.context, host, span.get()); });
  }));
  return std::move(call.keys);
}

Status InProcessInstance::table_apply(std::uint32_t table, std::span<const PluginEvent> events,
                                      RowAccess& rows) {
  const ops_table& abi = module_.tables[table];
  const Schema& row = *module_.info.tables[table].row;
  return in_spans(events, [&](std::span<const PluginEvent> piece) {
    const AbiEvents span(module_.info, piece);
    ApplyCall call(name(), row, piece, rows);
    return call.run([&](const ops_host* host) { return abi.apply(abi.context, host, span.get()); });
  });
}

Result<Bytes> InProcessInstance::upcast(std::uint32_t event_type, std::uint32_t upcast,
                                        BytesView data) {
  const ops_upcast& abi = module_.upcasts[event_type][upcast];
  ReplyCall call(name(), "upcast", false);
  OPS_TRY(
      call.run([&](const ops_host* host) { return abi.upcast(abi.context, host, view_of(data)); }));
  const Status fits = module_.info.event_types[event_type].schema->check(call.reply);
  if (fits.ok()) return std::move(call.reply);
  return Error{Code::kInternal, "plugin.misbehaved",
               "module " + name() + ", upcast of " + module_.info.event_types[event_type].type +
                   ": " + fits.error().message};
}

Result<std::vector<SentCommand>> InProcessInstance::react(std::uint32_t reaction,
                                                          std::span<const PluginEvent> events,
                                                          const HostServices* services,
                                                          Position at) {
  const ops_reaction& abi = module_.reactions[reaction];
  std::vector<SentCommand> sent;
  OPS_TRY(in_spans(events, [&](std::span<const PluginEvent> piece) -> Status {
    const AbiEvents span(module_.info, piece);
    ReactCall call(name(), module_.info, piece, services, at);
    OPS_TRY(
        call.run([&](const ops_host* host) { return abi.react(abi.context, host, span.get()); }));
    std::move(call.sent.begin(), call.sent.end(), std::back_inserter(sent));
    return Status();
  }));
  return sent;
}

}  // namespace

std::shared_ptr<PluginInstance> make_in_process_instance(std::shared_ptr<void> library,
                                                         DescribedModule module) {
  return std::make_shared<InProcessInstance>(std::move(library), std::move(module));
}

}  // namespace opsledger
