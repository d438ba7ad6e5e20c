// From request parameters to what to read.
#pragma once

#include <boost/json/value.hpp>

#include "kernel/http/event_slices.hpp"
#include "kernel/http/request.hpp"

namespace opsledger {

/// `type, tag, after, limit, direction, department`. Errors: kMalformed `http.parameter`.
Result<EventSelection> selection_from_query(const QueryParameters& parameters);
/// `{"query":{"items":[…]},"after","limit","direction"}`. Errors: kInvalid `query.invalid`.
Result<EventSelection> selection_from_json(const boost::json::value& body);

}  // namespace opsledger
