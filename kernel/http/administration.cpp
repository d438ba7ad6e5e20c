#include "kernel/http/administration.hpp"

#include <boost/json/serialize.hpp>

#include "kernel/http/json_body.hpp"

namespace opsledger {

Result<Administration*> administration_of(const ServerContext& server) {
  if (server.services.administration != nullptr && server.services.access != nullptr) {
    return server.services.administration;
  }
  return Error{Code::kUnsupported, "http.no_administration",
               "this server was started without the administration of rights"};
}

Result<boost::json::object> json_object(const Request& request, const HttpLimits& limits) {
  OPS_TRY_ASSIGN(auto body, json_body(request, limits));
  if (body.is_object()) return std::move(body.get_object());
  return Error{Code::kInvalid,
               "schema.invalid",
               "the body has the wrong shape",
               {{"", "expected an object"}}};
}

Result<Response> changed(const Result<Administration::Outcome>& outcome) {
  if (!outcome.ok()) return outcome.error();
  return json_response(boost::json::serialize(
      boost::json::object{{"position", outcome->position.value}, {"changed", outcome->changed}}));
}

}  // namespace opsledger
