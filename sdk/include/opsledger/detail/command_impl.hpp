// A command behind ops_command: loads in order, then decide.
#pragma once

#include <opsledger/decision.hpp>
#include <opsledger/detail/guard.hpp>
#include <opsledger/detail/names.hpp>
#include <opsledger/envelope.hpp>
#include <opsledger/rows.hpp>

#include <iterator>
#include <tuple>
#include <utility>

namespace ops {

/// The states of a load that names several tag sets, in their order.
template <class M>
class Many {
 public:
  explicit Many(const ops_states& states) : states_(states) {}
  std::size_t size() const { return states_.count; }
  bool empty() const { return states_.count == 0; }
  const M& operator[](std::size_t i) const { return *static_cast<const M*>(states_.data[i]); }

 private:
  const ops_states& states_;
};

namespace detail {

template <class M, bool many, class F>
struct Load {
  using Model = M;
  static constexpr bool kMany = many;
  F tags;

  static decltype(auto) argument(const ops_states& states) {
    if constexpr (many) {
      return Many<M>(states);
    } else {
      if (states.count != 1) throw HostError("one state expected");
      return *static_cast<const M*>(states.data[0]);
    }
  }
};

/// Calls `f` with as many of the arguments, from the left, as it takes.
template <class F, class Tuple, std::size_t... I>
decltype(auto) call_with_first(F& f, Tuple& all, std::index_sequence<I...>) {
  if constexpr (std::is_invocable_v<F&, std::tuple_element_t<I, Tuple>...>) {
    return f(static_cast<std::tuple_element_t<I, Tuple>>(std::get<I>(all))...);
  } else {
    static_assert(sizeof...(I) > 1,
                  "the function takes the command first, then the models in the order of "
                  "reads(), then the Envelope");
    return call_with_first(f, all, std::make_index_sequence<sizeof...(I) - 1>());
  }
}
template <class F, class... Args>
decltype(auto) call(F& f, Args&&... args) {
  std::tuple<Args&&...> all(static_cast<Args&&>(args)...);
  return call_with_first(f, all, std::index_sequence_for<Args...>());
}

/// Puts a decision through the host's functions.
inline ops_status pass_on(const ops_host* host, const Names& names, const Decision& decision) {
  if (const auto& rejection = decision.rejection()) {
    granted(host->reject, "reject")(host, to_view(rejection->code), to_view(rejection->text));
    return OPS_REJECTED;
  }
  for (const auto& event : decision.events()) {
    const auto index = names.event(event.type, event.version);
    check_host(granted(host->emit, "emit")(host, index, to_view(event.data)), "emitting an event");
    for (const Tag& tag : event.tags) {
      check_host(granted(host->tag, "tag")(host, to_view(tag.text())), "tagging an event");
    }
    if (event.time)
      check_host(granted(host->emit_time, "emit_time")(host, event.time->us), "dating an event");
  }
  for (const auto& warning : decision.warnings()) {
    check_host(granted(host->warn, "warn")(host, to_view(warning.code), to_view(warning.text)),
               "warning");
  }
  for (const auto& change : decision.timers()) {
    const auto index = names.timer(change.timer, change.command);
    if (change.cancel) {
      if (host->timer_cancel == nullptr) continue;  // a host without timers has none to cancel
      check_host(granted(host->timer_cancel, "timer_cancel")(host, index, to_view(change.id)),
                 "cancelling a timer");
      continue;
    }
    const ops_timer_request request{
        sizeof request,   index, to_view(change.id),  change.due.at_us, change.due.after_us,
        change.due.basis, 0,     to_view(change.data)};
    check_host(granted(host->timer_set, "timer_set")(host, &request), "setting a timer");
  }
  return OPS_OK;
}

/// Called with the command and the envelope; replies the series.
template <class C>
using Series = std::string (*)(const C&, const Envelope&);

template <class C, class Decide, class... Loads>
class CommandImpl {
 public:
  CommandImpl(const Names& names, Decide decide, Series<C> series, std::tuple<Loads...> loads)
      : names_(names), decide_(std::move(decide)), series_(series), loads_(std::move(loads)) {}

  void describe(ops_command& d, const std::vector<std::uint32_t>& models) {
    describe_loads(models, std::index_sequence_for<Loads...>());
    d.loads = {descriptors_.data(), static_cast<std::uint32_t>(descriptors_.size()),
               sizeof(ops_load)};
    d.context = this;
    d.decide = decide;
    if (series_ != nullptr) d.series = series;
  }

 private:
  template <std::size_t... I>
  void describe_loads(const std::vector<std::uint32_t>& models, std::index_sequence<I...>) {
    (descriptors_.push_back({models[I], 0, this, load_tags<I>}), ...);
  }
  template <std::size_t I>
  static ops_status load_tags(void* self, const ops_host* host, ops_view data,
                              const ops_states* before, std::uint32_t before_count) noexcept {
    return guarded_decision(host, [&] {
      if (before_count < I) throw HostError("fewer states than loads before");
      static_cast<CommandImpl*>(self)->template name_tags<I>(host, data, before,
                                                             std::make_index_sequence<I>());
      return OPS_OK;
    });
  }
  template <std::size_t I, std::size_t... Before>
  void name_tags(const ops_host* host, ops_view data, const ops_states* before,
                 std::index_sequence<Before...>) {
    using ThisLoad = std::tuple_element_t<I, std::tuple<Loads...>>;
    const C command = from_bytes<C>(from_view(data));
    const auto result =
        call(std::get<I>(loads_).tags, command,
             std::tuple_element_t<Before, std::tuple<Loads...>>::argument(before[Before])...);
    if constexpr (ThisLoad::kMany) {
      for (const Tags& set : result) name_set(host, set);
    } else {
      name_set(host, result);
    }
  }
  static void name_set(const ops_host* host, const Tags& tags) {
    if (tags.empty()) throw DeclarationError("a load names at least one tag");
    check_host(granted(host->tag_set, "tag_set")(host), "beginning a tag set");
    for (const Tag& tag : tags)
      check_host(granted(host->tag, "tag")(host, to_view(tag.text())), "naming a tag");
  }

  static ops_status decide(void* self, const ops_host* host, ops_view data,
                           const ops_states* states, std::uint32_t count,
                           const ops_envelope* envelope) noexcept {
    return guarded_decision(host, [&] {
      if (count < sizeof...(Loads)) throw HostError("fewer states than loads");
      auto& command = *static_cast<CommandImpl*>(self);
      return pass_on(host, command.names_,
                     command.ask(data, states, Envelope(host, *envelope),
                                 std::index_sequence_for<Loads...>()));
    });
  }
  template <std::size_t... I>
  Decision ask(ops_view data, [[maybe_unused]] const ops_states* states, const Envelope& envelope,
               std::index_sequence<I...>) {
    const C command = from_bytes<C>(from_view(data));
    return call(decide_, command, Loads::argument(states[I])..., envelope);
  }
  static ops_status series(void* self, const ops_host* host, ops_view data,
                           const ops_envelope* envelope) noexcept {
    return guarded_decision(host, [&] {
      const auto name = static_cast<CommandImpl*>(self)->series_(from_bytes<C>(from_view(data)),
                                                                 Envelope(host, *envelope));
      return granted(host->reply, "reply")(host, to_view(name));
    });
  }

  const Names& names_;
  Decide decide_;
  Series<C> series_;
  std::tuple<Loads...> loads_;
  std::vector<ops_load> descriptors_;
};

}  // namespace detail
}  // namespace ops
