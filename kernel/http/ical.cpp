#include "kernel/http/ical.hpp"

#include <date/date.h>

#include <chrono>

namespace opsledger {
namespace {

constexpr std::size_t kLineBytesMax = 75;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
    }
  }
  return out;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string utc(Time time) {
  using std::chrono::microseconds;
  const date::sys_time<microseconds> at{microseconds(time.us)};
  return date::format("%Y%m%dT%H%M%SZ", date::floor<std::chrono::seconds>(at));
}

}  // namespace

Calendar::Calendar(std::string_view name, Time stamp) : stamp_(stamp) {
  line("BEGIN", "VCALENDAR");
  line("VERSION", "2.0");
  line("PRODID", "-//OpsLedger//EN");
  line("CALSCALE", "GREGORIAN");
  line("X-WR-CALNAME", escaped(name));
}

void Calendar::add_event(std::string_view uid, std::string_view summary, Time start,
                         std::optional<Time> end) {
  begin("VEVENT", uid, summary);
  time_line("DTSTART", start);
  if (end) time_line("DTEND", *end);
  line("END", "VEVENT");
}

void Calendar::add_todo(std::string_view uid, std::string_view summary, Time due) {
  begin("VTODO", uid, summary);
  time_line("DUE", due);
  line("END", "VTODO");
}

std::string Calendar::text() && {
  line("END", "VCALENDAR");
  return std::move(text_);
}

void Calendar::begin(std::string_view component, std::string_view uid, std::string_view summary) {
  line("BEGIN", component);
  line("UID", escaped(uid));
  time_line("DTSTAMP", stamp_);
  line("SUMMARY", escaped(summary));
}

void Calendar::line(std::string_view name, std::string_view value) {
  std::string whole(name);
  whole += ':';
  whole += value;
  std::string_view rest = whole;
  for (std::size_t width = kLineBytesMax; rest.size() > width; width = kLineBytesMax - 1) {
    std::size_t end = width;
    while (continues(rest[end])) --end;
    text_ += rest.substr(0, end);
    text_ += "\r\n ";  // the blank is one of the next line's bytes
    rest.remove_prefix(end);
  }
  text_ += rest;
  text_ += "\r\n";
}

void Calendar::time_line(std::string_view name, Time time) {
  line(name, utc(time));
}

}  // namespace opsledger
