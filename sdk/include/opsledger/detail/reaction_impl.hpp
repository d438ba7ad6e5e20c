// A reaction behind ops_reaction: an event of one type becomes commands of one type.
#pragma once

#include <opsledger/detail/guard.hpp>
#include <opsledger/fold.hpp>
#include <opsledger/rows.hpp>

#include <optional>

namespace ops::detail {

template <Event E, class C, class React>
class ReactionImpl {
 public:
  ReactionImpl(std::uint32_t type, std::uint32_t call, React react)
      : dispatch_({type}), call_(call), react_(std::move(react)) {}

  void describe(ops_reaction& d) {
    d.event_type_count = 1;
    d.event_types = dispatch_.types().data();
    d.context = this;
    d.react = run;
  }

 private:
  static ops_status run(void* self, const ops_host* host, const ops_events* events) noexcept {
    std::uint64_t position = 0;
    return guarded(host, position, [&] {
      auto& reaction = *static_cast<ReactionImpl*>(self);
      reaction.dispatch_.run(*events, position, [&](const E& event, const EventMeta& meta) {
        reaction.send(host, meta.position(), reaction.ask(event, meta));
      });
      return OPS_OK;
    });
  }
  auto ask(const E& event, const EventMeta& meta) {
    if constexpr (std::is_invocable_v<React&, const E&, const EventMeta&>)
      return react_(event, meta);
    else
      return react_(event);
  }
  void send(const ops_host* host, std::uint64_t position, const C& command) {
    check_host(granted(host->command, "command")(host, position, call_, to_view(to_bytes(command))),
               "sending a command");
  }
  void send(const ops_host* host, std::uint64_t position, const std::optional<C>& command) {
    if (command) send(host, position, *command);
  }

  Dispatch<Fold<E>> dispatch_;
  std::uint32_t call_;
  React react_;
};

}  // namespace ops::detail
