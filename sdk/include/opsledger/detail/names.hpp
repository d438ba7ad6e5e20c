// What a module knows by name while it decides.
#pragma once

#include <opsledger/error.hpp>
#include <opsledger/view.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ops::detail {

/// The owned events and the timers of one module. Filled while it is built, then constant.
class Names {
 public:
  struct Event {
    std::string type;
    std::uint32_t version, index;
  };
  struct Timer {
    std::string name, command;
  };

  void own(std::string type, std::uint32_t version, std::uint32_t index) {
    events_.push_back({std::move(type), version, index});
  }
  void add_timer(std::string name, std::string command) {
    timers_.push_back({std::move(name), std::move(command)});
  }
  std::uint32_t event(std::string_view type, std::uint32_t version) const {
    for (const Event& event : events_) {
      if (event.type == type && event.version == version) return event.index;
    }
    throw DeclarationError("emits " + std::string(type) + ", which m.events<…>() does not name");
  }
  /// `command` empty: any.
  std::uint32_t timer(std::string_view name, std::string_view command) const {
    for (std::uint32_t i = 0; i < timers_.size(); ++i) {
      if (timers_[i].name != name) continue;
      if (!command.empty() && timers_[i].command != command) {
        throw DeclarationError("timer " + std::string(name) + " sends " + timers_[i].command +
                               ", not " + std::string(command));
      }
      return i;
    }
    throw DeclarationError("no timer is named " + std::string(name));
  }

 private:
  std::vector<Event> events_;
  std::vector<Timer> timers_;
};

}  // namespace ops::detail
