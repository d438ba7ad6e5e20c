// The calendar of tests: Monday to Friday 09:00-12:00 and 13:30-18:30 at UTC+8, no holidays.
#pragma once

#include <opsledger/abi.h>

#include <algorithm>
#include <cstdint>

namespace ops::kit {

/// Every department's. Pure.
class OfficeHours {
 public:
  static const ops_calendar* table() {
    static constexpr ops_calendar calendar{sizeof(ops_calendar), 0, add, add_days, between};
    return &calendar;
  }

 private:
  static constexpr std::int64_t kMinute = 60'000'000, kDay = 1440 * kMinute,
                                kOffset = 480 * kMinute;
  struct Span {
    std::int64_t begin, end;
  };
  static constexpr Span kSpans[] = {{540 * kMinute, 720 * kMinute},
                                    {810 * kMinute, 1110 * kMinute}};

  static std::int64_t day_of(std::int64_t us) {
    const std::int64_t local = us + kOffset;
    return local / kDay - (local % kDay < 0 ? 1 : 0);
  }
  static bool worked(std::int64_t day) { return ((day + 3) % 7 + 7) % 7 < 5; }
  static std::int64_t at(std::int64_t day, std::int64_t of_day) {
    return day * kDay + of_day - kOffset;
  }

  static ops_status add(const ops_host*, ops_view, std::int64_t from, std::int64_t working,
                        std::int64_t* out) {
    for (std::int64_t day = day_of(from);; ++day) {
      if (!worked(day)) continue;
      for (const Span& span : kSpans) {
        const std::int64_t begin = std::max(from, at(day, span.begin)), end = at(day, span.end);
        if (begin >= end) continue;
        *out = begin + working;
        if (*out <= end) return OPS_OK;
        working -= end - begin;
      }
    }
  }
  static ops_status add_days(const ops_host* host, ops_view whose, std::int64_t from,
                             std::int32_t days, std::int64_t* out) {
    if (days >= 0) add(host, whose, from, 0, &from);
    std::int64_t day = day_of(from);
    const std::int64_t of_day = from + kOffset - day * kDay;
    for (std::int32_t left = days < 0 ? -days : days; left > 0;) {
      day += days < 0 ? -1 : 1;
      if (worked(day)) --left;
    }
    *out = at(day, std::min(of_day, kSpans[1].end));
    for (const Span& span : kSpans) {
      if (of_day > span.end) continue;
      *out = at(day, std::max(of_day, span.begin));
      break;
    }
    return OPS_OK;
  }
  static ops_status between(const ops_host*, ops_view, std::int64_t from, std::int64_t to,
                            std::int64_t* out) {
    *out = 0;
    for (std::int64_t day = day_of(from); day <= day_of(to); ++day) {
      if (!worked(day)) continue;
      for (const Span& span : kSpans) {
        *out += std::max<std::int64_t>(
            0, std::min(to, at(day, span.end)) - std::max(from, at(day, span.begin)));
      }
    }
    return OPS_OK;
  }
};

}  // namespace ops::kit
