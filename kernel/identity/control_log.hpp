// Writes the facts about accounts, sessions and tokens. Never a secret, never a login name.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// Actor of what happens without anybody asking for it.
inline constexpr const char* kIdentityActor = "opsledger";

struct ControlEvent {
  std::string type;
  boost::json::object data;  ///< `account` in it becomes the tag `account:<id>`
};

/// Appends all or none and waits until they are durable. Errors: those of Ledger::append.
Status record_control(Ledger& ledger, const std::string& actor, std::vector<ControlEvent> events);

}  // namespace opsledger
