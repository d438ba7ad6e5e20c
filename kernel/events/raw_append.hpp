// Raw append: JSON proposals checked against owners' schemas and turned into a Proposal.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

class PersonalData;

/// Who asks, and what came in headers.
struct RequestContext {
  std::string actor = "anonymous";  ///< account id
  bool authenticated = false;       ///< a valid session or token said so
  bool trusted = false;             ///< the kernel itself, the operator on the host, set-up mode
  std::vector<std::string> scopes;  ///< of a token: permissions or patterns; empty = no narrowing
  std::string on_behalf_of;  ///< account for which the kernel acts (a rule's trigger); may be empty
  std::string department;
  std::string reason;
  std::string correlation;
  std::string traceparent;
  std::optional<std::string> idempotency_key;
};

/// Translation without I/O, but for the first personal value of a person, whose key is made and
/// kept. Thread safe. What it is given must outlive it.
///
/// Both forms: an event of a type that a module owns must fit the owner's schema and is stored in
/// it; a type that nobody owns is stored as JSON text; kernel-owned types are refused. All field
/// errors are collected (event_limits::kFieldErrorsMax) with pointers into the body. Errors:
/// kInvalid `event.invalid`, `schema.invalid`, `event.type_unknown` (owned prefix, unknown type),
/// `event.kernel_owned`, `condition.empty`, `query.invalid` (the first error's reason); kTooLarge
/// `proposal.too_many_events`; those of seal_personal.
///
/// Idempotency: the Idempotency-Key header, else the ids of the events together (CloudEvents:
/// with their sources); the request's digest covers the body, the department and the reason.
class RawAppend {
 public:
  /// `personal` seals personal fields; null = events that have any are refused.
  explicit RawAppend(const Registry& registry, PersonalData* personal = nullptr);
  /// `{"events":[{"type","tags","data","id"?,"time"?,"department"?}],"condition"?}`; pointers
  /// such as `/events/3/data/due_at`.
  Result<Proposal> parse(const boost::json::value& body, const RequestContext& context) const;
  /// CloudEvents 1.0 structured (`{…}`; pointers `/data/due_at`) or batch (`[…]`;
  /// `/3/data/due_at`). `tags`, `department`, `correlationid` are taken as ours; what the ledger
  /// says itself
  /// (`source`, `position`, `actor`, …) is kept as `origin…`; other attributes are kept under
  /// their names. `data_base64` is kept for types that nobody owns and refused for others.
  Result<Proposal> parse_cloud_events(const boost::json::value& body,
                                      const RequestContext& context) const;

 private:
  const Registry& registry_;
  PersonalData* const personal_;
};

/// `{"items":[{"types":[],"tags":[]}]}` -> Query; `base` = pointer prefix for errors. Without
/// items: everything. Errors: kInvalid `query.invalid`, all fields.
Result<Query> parse_query(const boost::json::value& json, std::string_view base);

}  // namespace opsledger
