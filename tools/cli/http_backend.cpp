// Backend over a running server.
#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "tools/cli/backend.hpp"
#include "tools/cli/http_client.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kRebuildPollInterval{200};

json::object to_json(const Query& query) {
  json::array items;
  for (const auto& item : query.items) {
    items.push_back(json::object{{"types", json::array(item.types.begin(), item.types.end())},
                                 {"tags", json::array(item.tags.begin(), item.tags.end())}});
  }
  return {{"items", std::move(items)}};
}

/// The CloudEvents attribute `position`: a string of digits.
std::uint64_t position_of(std::string_view event) {
  boost::json::error_code failed;
  const auto value = json::parse(event, failed);
  if (failed || !value.is_object()) return 0;
  const auto* position = value.get_object().if_contains("position");
  if (position == nullptr || !position->is_string()) return 0;
  return std::strtoull(position->get_string().c_str(), nullptr, 10);
}

class HttpBackend final : public Backend {
 public:
  explicit HttpBackend(std::unique_ptr<HttpClient> client) : client_(std::move(client)) {}

  Result<std::string> append(const std::string& body, const std::string& key) override {
    HttpRequest request{"POST", "/v1/events", body, {{"Content-Type", "application/json"}}};
    if (!key.empty()) request.headers.emplace_back("Idempotency-Key", key);
    return call(request);
  }

  Result<std::string> command(const std::string& type, json::object data) override {
    return call({"POST",
                 "/v1/commands/" + type,
                 json::serialize(data),
                 {{"Content-Type", "application/json"}}});
  }

  Status read(const EventSelection& selection, const EventSink& sink) override {
    const auto& options = selection.options;
    json::object body{{"query", to_json(selection.query)}, {"after", options.after.value}};
    if (options.limit != UINT64_MAX) body["limit"] = options.limit;
    if (options.direction == Direction::kBackward) body["direction"] = "backward";
    const HttpRequest request{
        "POST",
        "/v1/events/query",
        json::serialize(body),
        {{"Content-Type", "application/json"}, {"Accept", "application/x-ndjson"}}};
    const bool bounded = options.upto.value != UINT64_MAX;
    return client_->stream(request, [&](std::string_view line) {
      if (line.empty()) return true;
      if (bounded && position_of(line) > options.upto.value) return false;
      return sink(line);
    });
  }

  Result<std::string> table(
      const std::string& name,
      const std::vector<std::pair<std::string, std::string>>& parameters) override {
    std::string target = "/v1/tables/" + percent_encode(name);
    char separator = '?';
    for (const auto& [key, value] : parameters) {
      target += separator + percent_encode(key) + "=" + percent_encode(value);
      separator = '&';
    }
    return get(target);
  }

  Result<std::string> history(const std::string& table, const std::string& key) override {
    return get("/v1/tables/" + percent_encode(table) + "/rows/" + percent_encode(key) + "/history");
  }

  Result<std::string> diff(const std::string& table, Position from, Position to) override {
    return get("/v1/tables/" + percent_encode(table) + "/diff?from=" + std::to_string(from.value) +
               "&to=" + std::to_string(to.value));
  }

  Result<std::string> modules() override { return get("/v1/modules"); }

  Status rebuild(const std::string& module, const RebuildProgress& progress) override {
    OPS_TRY(call({"POST", "/v1/projections/" + percent_encode(module) + "/rebuild"}));
    for (;;) {
      std::this_thread::sleep_for(kRebuildPollInterval);
      OPS_TRY_ASSIGN(const auto text, get("/v1/projections"));
      OPS_TRY_ASSIGN(const bool building, rebuilding(text, module, progress));
      if (!building) return {};
    }
  }

 private:
  Result<std::string> call(const HttpRequest& request) {
    OPS_TRY_ASSIGN(auto response, client_->send(request));
    return require_success(std::move(response));
  }
  Result<std::string> get(const std::string& target) { return call({"GET", target}); }

  static Result<bool> rebuilding(const std::string& text, const std::string& module,
                                 const RebuildProgress& progress) {
    boost::json::error_code failed;
    auto value = json::parse(text, failed);
    if (!failed && value.is_object() && value.get_object().contains("projections")) {
      value = json::value(value.get_object()["projections"]);
    }
    if (failed || !value.is_array()) {
      return Error{Code::kInternal, "http.answer", "/v1/projections is not what it should be"};
    }
    for (const auto& item : value.get_array()) {
      if (!item.is_object() || item.at("module") != json::value(module)) continue;
      const auto& one = item.get_object();
      const auto* state = one.if_contains("state");
      if (state != nullptr && *state == json::value("parked")) {
        return Error{Code::kInternal, "projection.parked",
                     "the projection of " + module + " is parked: " + json::serialize(item)};
      }
      const auto number = [&](const char* key) -> std::uint64_t {
        const auto* field = one.if_contains(key);
        return field != nullptr && field->is_number() ? field->to_number<std::uint64_t>() : 0;
      };
      progress(number("rebuild_position"), number("head"));
      return state != nullptr && *state == json::value("rebuilding");
    }
    return Error{Code::kNotFound, "module.unknown", "no module " + module + " on this server"};
  }

  std::unique_ptr<HttpClient> client_;
};

}  // namespace

Result<std::unique_ptr<Backend>> make_http_backend(const std::string& url,
                                                   const std::string& token) {
  OPS_TRY_ASSIGN(auto client, HttpClient::make(url, token));
  return std::unique_ptr<Backend>(std::make_unique<HttpBackend>(std::move(client)));
}

}  // namespace opsledger::cli
