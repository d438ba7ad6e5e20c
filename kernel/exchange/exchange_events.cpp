#include "kernel/exchange/exchange_events.hpp"

#include <boost/json/serialize.hpp>

namespace opsledger {

namespace json = boost::json;

NewEvent exchange_event(std::string_view type, const RequestContext& context,
                        const json::object& data, std::string tag) {
  NewEvent event;
  event.type = type;
  event.tags = {std::move(tag)};
  event.department = context.department;
  event.actor = context.actor;
  event.correlation = context.correlation;
  event.data = json::serialize(data);
  if (!context.reason.empty()) event.metadata.emplace_back("reason", context.reason);
  return event;
}

Result<Position> record_export(Ledger& ledger, const RequestContext& context,
                               const ExportRecord& made) {
  Proposal proposal;
  proposal.events.push_back(exchange_event(kExportMade, context,
                                           {{"what", made.what},
                                            {"filter", made.filter},
                                            {"format", made.format},
                                            {"rows", made.rows},
                                            {"sha256", hex(made.sha256.bytes)},
                                            {"as_of", made.as_of.value}},
                                           "export:" + made.tag));
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
  return outcome.last;
}

}  // namespace opsledger
