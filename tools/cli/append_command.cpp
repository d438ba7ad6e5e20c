// append: one event from the arguments, or a whole request from a file or standard input.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "kernel/schema/json_parse.hpp"
#include "tools/cli/commands.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

struct AppendOptions {
  PlaceOptions place;
  std::string type, data = "{}", file, id, time, department, key, condition;
  std::vector<std::string> tags;
};

Result<std::string> read_all(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{Code::kNotFound, "file.missing", "cannot read " + file};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<json::value> parse(const std::string& text, const char* what) {
  auto value = parse_json(text);
  if (value) return value;
  return Error{Code::kMalformed, "json.malformed",
               std::string(what) + ": " + value.error().message};
}

Result<std::string> request_body(const AppendOptions& options) {
  if (!options.file.empty()) return read_all(options.file);
  if (options.type.empty()) {
    return Error{Code::kInvalid, "append.nothing",
                 "nothing to append; give TYPE and DATA, or --file FILE"};
  }
  OPS_TRY_ASSIGN(auto data, parse(options.data, "DATA"));
  json::object event{{"type", options.type}, {"data", std::move(data)}};
  if (!options.tags.empty()) {
    event["tags"] = json::array(options.tags.begin(), options.tags.end());
  }
  for (const auto& [name, value] : {std::pair{"id", &options.id},
                                    {"time", &options.time},
                                    {"department", &options.department}}) {
    if (!value->empty()) event[name] = *value;
  }
  json::object body{{"events", json::array{std::move(event)}}};
  if (!options.condition.empty()) {
    OPS_TRY_ASSIGN(body["condition"], parse(options.condition, "--condition"));
  }
  return json::serialize(body);
}

int run_append(const AppendOptions& options) {
  const auto body = request_body(options);
  if (!body) return print_error(body.error());
  const auto backend = options.place.open(true);
  if (!backend) return print_error(backend.error());
  const auto answer = backend.value()->append(body.value(), options.key);
  if (!answer) return print_error(answer.error());
  print_line(answer.value());
  return kSuccess;
}

}  // namespace

void add_append(CommandLine& line) {
  auto o = std::make_shared<AppendOptions>();
  auto* command = line.add(&line.app, "append", "Append events, all or none",
                           R"(opsledger append note.written '{"text":"hello"}' --tag note:42 )"
                           R"(--condition '{"query":{"items":[{"tags":["note:42"]}]}}')");
  o->place.add_url(command);
  command->add_option("TYPE", o->type, "event type");
  command->add_option("DATA", o->data, "the event's data as JSON");
  command->add_option("--file", o->file, "a request {\"events\":[…],\"condition\"?}; - = stdin");
  command->add_option("--tag", o->tags, "tag key:value, repeatable");
  command->add_option("--id", o->id, "the event's id (default: its position)");
  command->add_option("--time", o->time, "when it happened, RFC 3339 (default: now)");
  command->add_option("--department", o->department, "department it belongs to");
  command->add_option("--condition", o->condition, "JSON: fail if matching events exist");
  command->add_option("--key", o->key, "idempotency key: a repeat stores nothing twice");
  command->add_option("--actor", o->place.actor, "who appends (with --data)");
  command->add_flag_function(
      "--json", [](std::int64_t) {}, "the answer is JSON anyway");
  line.on_run(command, [o] { return run_append(*o); });
}

}  // namespace opsledger::cli
