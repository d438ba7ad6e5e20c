// tail: the last events, then live ones over SSE.
#include <boost/json.hpp>
#include <cstdlib>
#include <memory>
#include <vector>

#include "tools/cli/commands.hpp"
#include "tools/cli/http_client.hpp"
#include "tools/cli/selection.hpp"

namespace opsledger::cli {
namespace {

struct TailOptions {
  PlaceOptions place;
  SelectionOptions select;
  std::uint64_t lines = 10;
  std::uint64_t count = UINT64_MAX;
};

std::string stream_target(const SelectionOptions& select, std::uint64_t after) {
  std::string target = "/v1/events/stream?after=" + std::to_string(after);
  for (const auto& type : select.types) target += "&type=" + percent_encode(type);
  for (const auto& tag : select.tags) target += "&tag=" + percent_encode(tag);
  return target;
}

/// Position before the last `lines` matching events, so that the stream begins with them.
Result<std::uint64_t> start_position(const TailOptions& options, Backend& backend) {
  OPS_TRY_ASSIGN(auto selection, options.select.selection());
  selection.options.direction = Direction::kBackward;
  selection.options.limit = std::max<std::uint64_t>(options.lines, 1);
  std::uint64_t first = 0, seen = 0;
  OPS_TRY(backend.read(selection, [&](std::string_view event) {
    boost::json::error_code failed;
    const auto value = boost::json::parse(event, failed);
    const auto* object = failed ? nullptr : value.if_object();
    const auto* position = object == nullptr ? nullptr : object->if_contains("position");
    if (position != nullptr && position->is_string()) {
      first = std::strtoull(position->get_string().c_str(), nullptr, 10);
      ++seen;
    }
    return true;
  }));
  if (seen == 0) return std::uint64_t{0};
  return options.lines == 0 ? first : first - 1;
}

int run_tail(const TailOptions& options) {
  Config config;
  if (const auto status = options.place.load(&config); !status.ok()) {
    return print_error(status.error());
  }
  const auto url = options.place.url.empty() ? serving_url(config) : options.place.url;
  if (url.empty()) {
    return print_error({Code::kNotReady, "tail.no_server",
                        "no server has " + config.data_directory +
                            " open, so it does not grow; start `opsledger serve`, give --url, or "
                            "use `opsledger read`"});
  }
  const auto backend = make_http_backend(url, options.place.token());
  if (!backend) return print_error(backend.error());
  const auto start = start_position(options, *backend.value());
  if (!start) return print_error(start.error());
  auto client = HttpClient::make(url, options.place.token());
  if (!client) return print_error(client.error());
  std::uint64_t printed = 0;
  const auto status = client.value()->stream(
      {"GET", stream_target(options.select, start.value()), {}, {{"Accept", "text/event-stream"}}},
      [&](std::string_view text) {
        if (!text.starts_with("data:")) return true;
        text.remove_prefix(5);
        if (text.starts_with(' ')) text.remove_prefix(1);
        const bool good = print_line(text) && std::fflush(stdout) == 0;
        return good && ++printed < options.count;
      });
  return status.ok() ? kSuccess : print_error(status.error());
}

}  // namespace

void add_tail(CommandLine& line) {
  auto o = std::make_shared<TailOptions>();
  auto* command = line.add(&line.app, "tail", "Print the last events, then live ones",
                           "opsledger tail --url http://127.0.0.1:8080 --type incident.raised");
  o->place.add_url(command);
  o->select.add_filter(command);
  command->add_option("-n,--lines", o->lines, "events to begin with");
  command->add_option("--count", o->count, "end after so many events");
  command->add_flag_function(
      "--json", [](std::int64_t) {}, "JSON lines are the only form, accepted for likeness");
  line.on_run(command, [o] { return run_tail(*o); });
}

}  // namespace opsledger::cli
