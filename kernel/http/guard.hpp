// Refuses requests that a web page tricked a browser into sending (DNS rebinding, forged origin).
#pragma once

#include <string>
#include <vector>

#include "kernel/http/request.hpp"

namespace opsledger {

/// Host must be localhost, 127.0.0.1, [::1] or one of `hosts` (any port), and so must Origin where
/// a browser sends one. Errors: kMalformed (no Host), `http.host_refused` 421,
/// `access.forbidden` 403.
Status check_origin(const Request& request, const std::vector<std::string>& hosts);

}  // namespace opsledger
