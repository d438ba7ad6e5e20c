// Paths to handlers. The same table feeds /openapi.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/access/permission.hpp"
#include "kernel/http/context.hpp"
#include "kernel/http/identity.hpp"
#include "kernel/http/operation.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/response.hpp"

namespace opsledger {

/// Plain function on a reader thread, or on the I/O thread when it touches memory only.
using Handler = Result<Response> (*)(ServerContext&, const Request&);
/// Coroutine on the I/O thread, for what waits; must never block.
using AsyncHandler = Task<Result<Response>> (*)(ServerContext&, const Request&);

enum class Runs { kOnIo, kOnReader, kOnWriter, kOnHasher, kAsync };

struct Route {
  http::verb method;
  /// `/v1/tables/{table}/rows/{key}`; a last `{path...}` takes the rest.
  std::string_view pattern;
  Runs runs = Runs::kOnReader;
  Handler handler = nullptr;
  AsyncHandler async_handler = nullptr;
  Operation operation;
  Audience audience = Audience::kAccounts;
  /// What a caller needs for the whole installation; no name: the handler asks for what it needs
  /// itself, or anybody who is let in may. Only of routes that run on a reader.
  Permission right = {{}, {}};
};

/// Filled at start, then immutable and thread safe.
class Router {
 public:
  /// Routes without parameters come before those that would match the same path with one.
  void add(Route route);

  struct Match {
    const Route* route = nullptr;
    std::size_t index = 0;                ///< of the route, for metrics
    std::vector<std::string> parameters;  ///< decoded
  };
  /// Errors: kNotFound `http.not_found`; `http.method_not_allowed` with `*allow` filled;
  /// kMalformed (a parameter is not UTF-8). HEAD is found where GET is.
  Result<Match> find(http::verb method, std::string_view encoded_path, std::string* allow) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string_view>> segments_;
};

// Each resource adds its routes.
void add_system_routes(Router& router);      // system.cpp
void add_openapi_routes(Router& router);     // openapi.cpp
void add_append_routes(Router& router);      // append.cpp
void add_event_routes(Router& router);       // events.cpp
void add_stream_routes(Router& router);      // stream.cpp
void add_command_routes(Router& router);     // commands.cpp
void add_import_routes(Router& router);      // imports.cpp
void add_table_routes(Router& router);       // tables.cpp
void add_module_routes(Router& router);      // modules.cpp
void add_projection_routes(Router& router);  // projections.cpp
void add_tlog_routes(Router& router);        // tlog.cpp
void add_session_routes(Router& router);     // sessions.cpp
void add_user_routes(Router& router);        // users.cpp
void add_token_routes(Router& router);       // tokens.cpp
void add_setup_routes(Router& router);       // setup.cpp
void add_role_routes(Router& router);        // roles.cpp
void add_search_routes(Router& router);      // search.cpp
void add_people_routes(Router& router);      // people.cpp
void add_rule_routes(Router& router);        // rules.cpp
void add_blob_routes(Router& router);        // blobs.cpp
void add_channel_routes(Router& router);     // channels.cpp

}  // namespace opsledger
