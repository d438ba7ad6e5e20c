// The OpenAPI 3.1 document of the running server.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "kernel/http/router.hpp"
#include "kernel/modules/registry.hpp"

namespace opsledger {

/// Paths from the route table; one path per command and table of the loaded modules, with their
/// schemas; the closed list of problem codes.
boost::json::object openapi_document(const Router& router, const Registry& registry,
                                     const std::string& version);

/// JSON Schemas of everything that is not a module's (openapi_schemas.cpp).
boost::json::object openapi_schemas();

}  // namespace opsledger
