// timer list, calendar import: time, as the command line sees it.
#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <sstream>

#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct TimerOptions {
  PlaceOptions place;
  std::string department;
  std::uint64_t limit = 100;
  bool fired = false, json = false;
};

std::string field(const json::value& row, const char* name) {
  const auto* value = row.as_object().if_contains(name);
  if (value == nullptr || value->is_null()) return "-";
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

int run_list(const TimerOptions& options) {
  const auto backend = options.place.open();
  if (!backend) return print_error(backend.error());
  std::vector<std::pair<std::string, std::string>> parameters{
      {"order", options.fired ? "fired_at.desc" : "due_at"},
      {"limit", std::to_string(options.limit)}};
  if (!options.department.empty()) {
    parameters.emplace_back("department", "eq." + options.department);
  }
  const auto answer =
      backend.value()->table(options.fired ? "timer.fired" : "timer.pending", parameters);
  if (!answer) return print_error(answer.error());
  if (options.json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  json::error_code failed;
  const auto rows = json::parse(answer.value(), failed);
  if (failed || !rows.is_array()) {
    return print_error({Code::kInternal, "answer.malformed", "the answer is no JSON array"});
  }
  for (const auto& row : rows.get_array()) {
    print_line(field(row, "due_at") + "  " + field(row, "department") + "  " + field(row, "timer") +
               "  " + field(row, options.fired ? "outcome" : "command"));
  }
  return kSuccess;
}

struct CalendarOptions {
  PlaceOptions place;
  std::string file, department = "*";
};

Error no_list(const std::string& file) {
  return {Code::kInvalid, "calendar.file",
          file +
              " is no list of days; write CSV with the header date,kind,name, or a JSON array of "
              "such objects; kind is holiday, makeup_workday or dept_off"};
}

/// One line `2026-10-01,holiday,国庆节`; names hold no comma.
Result<json::value> day_of(const std::string& line, const std::string& file) {
  const auto first = line.find(','), second = line.find(',', first + 1);
  if (first == line.npos || second == line.npos) return no_list(file);
  return json::value{{"date", line.substr(0, first)},
                     {"kind", line.substr(first + 1, second - first - 1)},
                     {"name", line.substr(second + 1)}};
}

Result<json::array> read_days(const std::string& file) {
  std::ifstream in(file);
  if (!in) return Error{Code::kNotFound, "calendar.file", "cannot read " + file};
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  if (text.starts_with("[")) {
    json::error_code failed;
    auto parsed = json::parse(text, failed);
    if (failed || !parsed.is_array()) return no_list(file);
    return std::move(parsed.get_array());
  }
  json::array days;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line == "date,kind,name") continue;
    OPS_TRY_ASSIGN(auto day, day_of(line, file));
    days.push_back(std::move(day));
  }
  return days;
}

int run_import(const CalendarOptions& options) {
  auto days = read_days(options.file);
  if (!days) return print_error(days.error());
  const auto backend = options.place.open(true);
  if (!backend) return print_error(backend.error());
  const auto answer = backend.value()->command(
      "calendar.import_days", {{"department", options.department}, {"days", std::move(*days)}});
  if (!answer) return print_error(answer.error());
  return print_line(answer.value()) ? kSuccess : kUnavailable;
}

}  // namespace

void add_timer(CommandLine& line) {
  auto* parent = line.app.add_subcommand("timer", "What will happen by itself");
  parent->require_subcommand(1);
  auto l = std::make_shared<TimerOptions>();
  auto* list = line.add(parent, "list", "Print pending timers, the next one first",
                        "opsledger timer list --department OPS");
  l->place.add_url(list);
  list->add_option("--department", l->department, "of this department only");
  list->add_option("--limit", l->limit, "at most so many")->capture_default_str();
  list->add_flag("--fired", l->fired, "those that fired, the newest first");
  list->add_flag("--json", l->json, "whole rows, as JSON");
  line.on_run(list, [l] { return run_list(*l); });
}

void add_calendar(CommandLine& line) {
  auto* parent = line.app.add_subcommand("calendar", "When departments work");
  parent->require_subcommand(1);
  auto i = std::make_shared<CalendarOptions>();
  auto* import = line.add(parent, "import", "Set a year's holidays and make-up workdays",
                          "opsledger calendar import china-2026.csv");
  i->place.add_url(import);
  import->add_option("FILE", i->file, "CSV date,kind,name, or a JSON array")->required();
  import->add_option("--department", i->department, "`*` = all that say nothing of their own")
      ->capture_default_str();
  line.on_run(import, [i] { return run_import(*i); });
}

}  // namespace opsledger::cli
