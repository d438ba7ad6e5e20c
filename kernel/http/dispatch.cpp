#include "kernel/http/dispatch.hpp"

#include <chrono>
#include <exception>

#include "kernel/http/guard.hpp"
#include "kernel/http/identity.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

Error unexpected(std::string_view what) {
  return {Code::kInternal, "internal", "unexpected failure: " + std::string(what)};
}

Result<Response> run_guarded(const Route& route, ServerContext& server, const Request& request) {
  try {
    if (!route.right.name.empty()) OPS_TRY(require(server, request, route.right));
    return route.handler(server, request);
  } catch (const std::exception& exception) {
    return unexpected(exception.what());
  }
}

Task<Result<Response>> run_here(Handler handler, ServerContext& server, const Request& request) {
  co_return handler(server, request);
}

WorkerPool& pool_of(const Route& route, ServerContext& server) {
  if (route.runs == Runs::kOnHasher) return server.hashers;
  return route.runs == Runs::kOnWriter ? server.writers : server.readers;
}

/// No coroutine of its own: each costs a frame.
Task<Result<Response>> run(const Route& route, ServerContext& server, const Request& request) {
  if (route.runs == Runs::kAsync) return route.async_handler(server, request);
  if (route.runs == Runs::kOnIo) return run_here(route.handler, server, request);
  return offload<Response>(pool_of(route, server), [&route, &server, &request] {
    return run_guarded(route, server, request);
  });
}

Result<Router::Match> route(ServerContext& server, const std::vector<std::string>& hosts,
                            Request& request, std::string* allow) {
  OPS_TRY(check_origin(request, hosts));
  const auto target = request.message.target();
  OPS_TRY_ASSIGN(Target parts, parse_target({target.data(), target.size()}));
  OPS_TRY_ASSIGN(auto match, server.router.find(request.message.method(), parts.path, allow));
  request.query = std::move(parts.query);
  request.path = std::move(match.parameters);
  OPS_TRY(establish_identity(server, match.route->audience, &request));
  return match;
}

Response to_response(ServerContext& server, Result<Response> result) {
  if (result.ok()) return std::move(result).value();
  Response response = problem(result.error());
  if (response.status == 500 && server.services.log_error) {
    server.services.log_error(result.error().reason + ": " + result.error().message);
  }
  return response;
}

}  // namespace

Task<Response> dispatch(ServerContext& server, const std::vector<std::string>& hosts,
                        Request& request) {
  const auto start = std::chrono::steady_clock::now();
  std::string allow;
  auto match = route(server, hosts, request, &allow);
  Response response;
  if (match.ok()) {
    std::optional<Result<Response>> result;
    try {
      result = co_await run(*match->route, server, request);
    } catch (const std::exception& exception) {
      result = unexpected(exception.what());
    }
    response = to_response(server, std::move(*result));
  } else {
    response = problem(match.error());
    if (response.status == 405) response.headers.emplace_back("Allow", allow);
  }
  const std::size_t index = match.ok() ? match->index : server.router.routes().size();
  server.metrics.observe(index, response.status, std::chrono::steady_clock::now() - start);
  co_return response;
}

}  // namespace opsledger
