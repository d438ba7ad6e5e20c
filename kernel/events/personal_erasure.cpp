#include "kernel/events/personal_erasure.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "kernel/events/attributes.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

std::string person_tag(std::string_view subject) {
  return "person:" + std::string(subject);
}

/// Where it says so; 0 = nowhere.
Result<Position> erased_at(const Ledger& ledger, std::string_view subject) {
  const Query query{{{{std::string(kPersonErasedEvent)}, {person_tag(subject)}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {.limit = 1}));
  OPS_TRY_ASSIGN(const auto found, cursor->next());
  return found.empty() ? Position{} : found.front().position;
}

NewEvent erased_event(std::string_view subject, const RequestContext& context) {
  NewEvent event;
  event.type = kPersonErasedEvent;
  event.tags = {person_tag(subject)};
  event.actor = context.actor;
  event.department = context.department;
  event.metadata.emplace_back(attributes::kReason, context.reason);
  event.data = json::serialize(json::object{{"subject", subject}});
  return event;
}

}  // namespace

Result<Position> erase_person(Ledger& ledger, PersonalData& personal, std::string_view subject,
                              const RequestContext& context) {
  if (!is_tag(person_tag(subject))) {
    return Error{Code::kInvalid, "personal.subject", "name the person to erase by their id"};
  }
  if (context.reason.empty()) {
    return Error{Code::kInvalid, "command.reason_required",
                 "erasing a person cannot be undone: say why in X-Reason"};
  }
  OPS_TRY_ASSIGN(Position position, erased_at(ledger, subject));
  if (position == Position{}) {
    Proposal proposal;
    proposal.events.push_back(erased_event(subject, context));
    OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, std::move(proposal)));
    position = outcome.last;
  }
  OPS_TRY(personal.erase(subject));
  return position;
}

Status repeat_erasures(Ledger& ledger, PersonalData& personal) {
  const Query query{{{{std::string(kPersonErasedEvent)}, {}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {}));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return {};
    for (const auto& event : events) {
      for (const std::string_view tag : event.tags()) {
        if (!tag.starts_with("person:")) continue;
        const auto subject = tag.substr(std::string_view("person:").size());
        OPS_TRY_ASSIGN(const bool gone, personal.erased(subject));
        if (!gone) OPS_TRY(personal.erase(subject));
      }
    }
  }
}

}  // namespace opsledger
