// How the commands about accounts and tokens reach them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "tools/cli/command_line.hpp"
#include "tools/cli/http_client.hpp"

namespace opsledger::cli {

/// With --url `over_http` is sent, with the rights of its token. Otherwise this is the operator of
/// the host: `asked` (see kernel/app/operator_requests.hpp) goes to the control socket of the
/// server that has the data directory open, or is done in the directory. JSON text.
Result<std::string> call_identities(const PlaceOptions& place, const boost::json::object& asked,
                                    const HttpRequest& over_http);

/// Prints the answer: as it is with --json; a list as a line for each object with these members;
/// anything else as `otherwise`. The exit code.
int print_answer(const Result<std::string>& answer, bool as_json,
                 const std::vector<std::string>& members, const std::string& otherwise);

}  // namespace opsledger::cli
