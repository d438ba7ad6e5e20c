#include "kernel/identity/control_log.hpp"

#include <boost/json/serialize.hpp>

namespace opsledger {

Status record_control(Ledger& ledger, const std::string& actor, std::vector<ControlEvent> events) {
  Proposal proposal;
  for (ControlEvent& event : events) {
    NewEvent out;
    out.type = std::move(event.type);
    out.actor = actor;
    out.tags = {"account:" + std::string(event.data.at("account").as_string())};
    out.data = boost::json::serialize(event.data);
    proposal.events.push_back(std::move(out));
  }
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
  static_cast<void>(outcome);
  return {};
}

}  // namespace opsledger
