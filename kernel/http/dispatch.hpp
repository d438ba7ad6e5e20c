// A request to its answer: guards, identity, route, handler. Never throws.
#pragma once

#include <string>
#include <vector>

#include "kernel/http/context.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/response.hpp"

namespace opsledger {

/// Fills `request.path`, `query` and `context`, runs the handler where its route says, counts.
/// Whatever a handler throws ends here as a 500.
Task<Response> dispatch(ServerContext& server, const std::vector<std::string>& hosts,
                        Request& request);

}  // namespace opsledger
