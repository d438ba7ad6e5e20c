// What a model or a table listens to.
#pragma once

#include <opsledger/event.hpp>

#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace ops {

/// using Listens = ops::Fold<IncidentRaised, IncidentClosed>;
template <Event... E>
struct Fold {
  static_assert(sizeof...(E) > 0, "listens to nothing");
};

namespace detail {

/// Decodes the events of a span and calls `handle(event, meta)` for each, in order. `place` maps
/// the module's event types to places in the list; structs and archive are reused along the span.
template <class List>
class Dispatch;

template <Event... E>
class Dispatch<Fold<E...>> {
 public:
  /// `types`: the module's index of each E.
  explicit Dispatch(std::vector<std::uint32_t> types) : types_(std::move(types)) {}
  const std::vector<std::uint32_t>& types() const { return types_; }

  /// `position` follows the events, so that an error names the right one.
  template <class Handle>
  void run(const ops_events& events, std::uint64_t& position, Handle&& handle) const {
    Scratch scratch;
    for (std::uint32_t i = 0; i < events.count; ++i) {
      const ops_event& event = element(events.data, events.stride, i);
      position = event.position;
      one(event, scratch, handle, std::index_sequence_for<E...>());
    }
  }

 private:
  struct Scratch {
    InputArchive archive;
    std::tuple<E...> events;
  };
  template <class Handle, std::size_t... I>
  void one(const ops_event& event, Scratch& scratch, Handle& handle,
           std::index_sequence<I...>) const {
    const auto handled = [&](auto& typed) {
      decode_event(scratch.archive, event, typed);
      handle(std::as_const(typed), EventMeta(event));
      return true;
    };
    const bool known = ((event.type == types_[I] && handled(std::get<I>(scratch.events))) || ...);
    if (!known) throw DecodeError("an event of a type that was not asked for");
  }
  std::vector<std::uint32_t> types_;
};

}  // namespace detail
}  // namespace ops
