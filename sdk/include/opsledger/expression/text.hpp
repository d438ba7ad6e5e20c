// Text → Time, Date: the forms that JSON values have (RFC 3339).
#pragma once

#include <opsledger/time.hpp>

#include <string_view>

namespace ops::expr {
namespace detail {

/// Reads fixed-width digits and separators from the front of a text.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return fail();
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  /// Takes one of `options`; false (and nothing taken) when something else stands there.
  bool take(std::string_view options) {
    if (rest_.empty() || options.find(rest_.front()) == options.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(std::string_view options) {
    if (!take(options)) fail();
  }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  int fail() {
    ok_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

inline Date read_date(TextReader& in) {
  const int year = in.digits(4);
  in.need("-");
  const int month = in.digits(2);
  in.need("-");
  const int day = in.digits(2);
  if (!in.ok()) return {};
  return Date::of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

inline std::int64_t read_fraction_us(TextReader& in) {
  if (!in.take(".")) return 0;
  std::int64_t us = 0, unit = 100'000;
  do {
    us += in.digits(1) * unit;
    unit /= 10;
  } while (in.peek() >= '0' && in.peek() <= '9' && unit > 0);
  return us;
}

inline std::int64_t read_offset_s(TextReader& in) {
  if (in.take("Zz")) return 0;
  const bool west = in.peek() == '-';
  in.need("+-");
  const int hours = in.digits(2);
  in.need(":");
  const int minutes = in.digits(2);
  if (hours > 23 || minutes > 59) in.fail();
  return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace detail

/// `2026-11-11`. Throws ValueError.
inline Date parse_date(std::string_view text) {
  detail::TextReader in(text);
  const Date date = detail::read_date(in);
  if (!in.done()) throw ValueError("'" + std::string(text) + "' is no date (2026-11-11)");
  return date;
}

/// `2026-11-11T20:04:00.5+08:00`, at most six digits of a second's fraction. Throws ValueError.
inline Time parse_time(std::string_view text) {
  detail::TextReader in(text);
  const Date date = detail::read_date(in);
  in.need("Tt ");
  const int hour = in.digits(2);
  in.need(":");
  const int minute = in.digits(2);
  in.need(":");
  const int second = in.digits(2);
  const std::int64_t us = detail::read_fraction_us(in);
  const std::int64_t offset_s = detail::read_offset_s(in);
  if (!in.done() || hour > 23 || minute > 59 || second > 59) {
    throw ValueError("'" + std::string(text) + "' is no time (2026-11-11T20:04:00Z)");
  }
  const std::int64_t of_day_s = hour * 3600 + minute * 60 + second - offset_s;
  return Time::of(date, Duration(of_day_s * 1'000'000 + us));
}

}  // namespace ops::expr
