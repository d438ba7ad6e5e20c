// Local times of a file -> RFC 3339 in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace date {
class time_zone;
}

namespace opsledger {

/// Reads texts of one format in one time zone. Formats: `%Y` (4 digits), `%m %d %H %M %S` (1 or 2
/// digits each; seconds may have a fraction of up to 6 digits), anything else stands for itself;
/// or `rfc3339`, which carries its own offset. A local time that occurs twice (autumn) is taken as
/// the earlier one; one that does not exist (spring) as the moment of the change. One thread.
class TimeReader {
 public:
  /// Errors: kInvalid for an unknown zone, directive, or a format without year, month and day.
  static Result<TimeReader> make(std::string format, const std::string& zone);

  /// Nothing when `text` does not fit the format or is no date.
  std::optional<Time> read(std::string_view text);
  /// The date alone, as days since 1970-01-01; formats of dates need no zone.
  std::optional<std::int32_t> read_date(std::string_view text) const;
  const std::string& format() const { return format_; }

 private:
  struct Fields {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, us = 0;
  };
  std::optional<Fields> split(std::string_view text) const;
  std::int64_t to_utc_seconds(std::int64_t local_seconds);

  std::string format_;
  const date::time_zone* zone_ = nullptr;
  /// Local seconds for which `offset_s_` is known to hold, away from any change of the clocks.
  std::int64_t known_from_ = 0, known_to_ = 0, offset_s_ = 0;
};

}  // namespace opsledger
