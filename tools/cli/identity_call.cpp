#include "tools/cli/identity_call.hpp"

#include <boost/json.hpp>

#include "kernel/app/control_socket.hpp"
#include "kernel/app/node.hpp"
#include "kernel/app/operator_requests.hpp"
#include "kernel/app/system_clock.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

Result<std::string> send(const PlaceOptions& place, const HttpRequest& request) {
  OPS_TRY_ASSIGN(const auto client, HttpClient::make(place.url, place.token()));
  OPS_TRY_ASSIGN(auto response, client->send(request));
  return require_success(std::move(response));
}

std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_null()) return "-";
  if (!value.is_array()) return json::serialize(value);
  std::string joined;
  for (const auto& item : value.get_array()) {
    joined += (joined.empty() ? "" : ",") + text_of(item);
  }
  return joined.empty() ? "-" : joined;
}

}  // namespace

Result<std::string> call_identities(const PlaceOptions& place, const json::object& asked,
                                    const HttpRequest& over_http) {
  if (!place.url.empty()) return send(place, over_http);
  Config config;
  OPS_TRY(place.load(&config));
  const std::string request = json::serialize(asked);
  if (!serving_url(config).empty()) {
    return ask_server(config.data_directory, "identity " + request);
  }
  const SystemClock clock;
  OPS_TRY_ASSIGN(const auto node, Node::open(config, clock, {.create = true}));
  return operate(node->identities(), clock, request);
}

int print_answer(const Result<std::string>& answer, bool as_json,
                 const std::vector<std::string>& members, const std::string& otherwise) {
  if (!answer) return print_error(answer.error());
  if (as_json) return print_line(answer.value()) ? kSuccess : kUnavailable;
  json::error_code failed;
  const auto value = json::parse(answer.value(), failed);
  if (failed || !value.is_array()) return print_line(otherwise) ? kSuccess : kUnavailable;
  for (const auto& item : value.get_array()) {
    std::string line;
    for (const auto& member : members) {
      const auto* found = item.is_object() ? item.get_object().if_contains(member) : nullptr;
      line += (line.empty() ? "" : "  ") + (found == nullptr ? std::string("-") : text_of(*found));
    }
    if (!print_line(line)) return kUnavailable;
  }
  return kSuccess;
}

}  // namespace opsledger::cli
