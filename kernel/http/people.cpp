// Erasing a person's data.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/events/personal_erasure.hpp"
#include "kernel/http/rights.hpp"
#include "kernel/http/router.hpp"

namespace opsledger {
namespace {

constexpr Permission kErase{"org", "person.erase", 'M'};

Result<Response> erase(ServerContext& server, const Request& request) {
  OPS_TRY(require(server, request, kErase));
  if (server.services.personal == nullptr) {
    return Error{Code::kUnsupported, "personal.no_store", "this server has no key store"};
  }
  OPS_TRY_ASSIGN(const auto position,
                 erase_person(server.services.ledger, *server.services.personal, request.path[0],
                              request.context));
  return json_response(boost::json::serialize(
      boost::json::object{{"subject", request.path[0]}, {"position", position.value}}));
}

}  // namespace

void add_people_routes(Router& router) {
  router.add({.method = http::verb::post,
              .pattern = "/v1/people/{person}/erase",
              .runs = Runs::kOnWriter,
              .handler = erase,
              .operation = {
                  .id = "erasePerson",
                  .tag = "people",
                  .summary = "Destroy the key of a person's data: unreadable everywhere, for ever",
                  .parameters = {{"person", "path", R"({"type":"string"})", "whose data"},
                                 {"X-Reason", "header", R"({"type":"string"})",
                                  "why, percent-encoded UTF-8", true}},
                  .answer = {{{media::kJson},
                              R"({"type":"object","required":["subject","position"],"properties":)"
                              R"({"subject":{"type":"string"},"position":{"type":"integer"}}})"}},
                  .problems = {401, 403, 422}}});
}

}  // namespace opsledger
