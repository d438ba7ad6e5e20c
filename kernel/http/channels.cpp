// Secrets of notification channels: written, never read.
#include "kernel/http/problem.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {

namespace {

constexpr Permission kDefineChannel{"notify", "notify.define_channel", 'M'};

Task<Result<Response>> put_secret(ServerContext& server, const Request& request) {
  co_return co_await offload<Response>(server.writers, [&]() -> Result<Response> {
    OPS_TRY(require(server, request, kDefineChannel));
    if (!server.services.set_channel_secret) return not_found("/v1/channels");
    OPS_TRY(server.services.set_channel_secret(request.path[0], request.body(), request.context));
    return json_response("{}");
  });
}

}  // namespace

void add_channel_routes(Router& router) {
  router.add(
      {.method = http::verb::put,
       .pattern = "/v1/channels/{channel}/secret",
       .runs = Runs::kAsync,
       .async_handler = put_secret,
       .operation = {
           .id = "setChannelSecret",
           .tag = "notifications",
           .summary = "Set what a channel signs in or signs with; it can never be read again",
           .parameters = {{"channel", "path", R"({"type":"string"})", "id of the channel"}},
           .body =
               {{{media::kJson},
                 R"({"type":"object","properties":{"token":{"type":"string"},"secret":{"type":"string"},"password":{"type":"string"}},"additionalProperties":false})"}},
           .answer = {{{media::kJson}, R"({"type":"object"})"}},
           .problems = {401, 403, 404, 422}}});
}

}  // namespace opsledger
