// RFC 5545 text: a calendar of appointments and to-dos.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/base/types.hpp"

namespace opsledger {

/// Builds one VCALENDAR. Texts are escaped and lines folded at 75 bytes, never inside a character;
/// control characters are left out. All times are in UTC.
class Calendar {
 public:
  /// `stamp` = when the calendar was made.
  Calendar(std::string_view name, Time stamp);

  /// `uid` names the entry for ever, so that a later version replaces it. Without an end it lasts
  /// no time.
  void add_event(std::string_view uid, std::string_view summary, Time start,
                 std::optional<Time> end);
  void add_todo(std::string_view uid, std::string_view summary, Time due);

  std::string text() &&;

 private:
  void begin(std::string_view component, std::string_view uid, std::string_view summary);
  void line(std::string_view name, std::string_view value);
  void time_line(std::string_view name, Time time);

  std::string text_;
  const Time stamp_;
};

}  // namespace opsledger
