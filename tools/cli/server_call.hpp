// Requests of commands that only a running server can answer.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "tools/cli/command_line.hpp"
#include "tools/cli/http_client.hpp"

namespace opsledger::cli {

/// Sends `request` to --url, else to the server that has the data directory open. JSON text.
/// Errors: kNotReady `server.absent`; what the server says.
Result<std::string> call_server(const PlaceOptions& place, const HttpRequest& request);

/// A request with a JSON body, and a reason where there is one.
HttpRequest json_request(const std::string& method, const std::string& target,
                         const boost::json::value& body, const std::string& reason = {});

}  // namespace opsledger::cli
