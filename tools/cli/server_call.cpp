#include "tools/cli/server_call.hpp"

#include <boost/json/serialize.hpp>

#include "tools/cli/backend.hpp"

namespace opsledger::cli {

Result<std::string> call_server(const PlaceOptions& place, const HttpRequest& request) {
  std::string url = place.url;
  if (url.empty()) {
    Config config;
    OPS_TRY(place.load(&config));
    url = serving_url(config);
  }
  if (url.empty()) {
    return Error{Code::kNotReady, "server.absent",
                 "no server has the data directory open; start `opsledger serve` or give --url"};
  }
  OPS_TRY_ASSIGN(const auto client, HttpClient::make(url, place.token()));
  OPS_TRY_ASSIGN(auto response, client->send(request));
  return require_success(std::move(response));
}

HttpRequest json_request(const std::string& method, const std::string& target,
                         const boost::json::value& body, const std::string& reason) {
  HttpRequest request{method, target, boost::json::serialize(body), {}};
  request.headers.emplace_back("Content-Type", "application/json");
  if (!reason.empty()) request.headers.emplace_back("X-Reason", percent_encode(reason));
  return request;
}

}  // namespace opsledger::cli
