// Raw append: JSON proposals checked against owners' schemas and turned into a Proposal.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "kernel/modules/registry.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Who asks, and what came in headers.
struct RequestContext {
  std::string actor = "anonymous";
  std::string department;
  std::string reason;
  std::string correlation;
  std::string traceparent;
  std::optional<std::string> idempotency_key;
};

/// Pure translation; no I/O. Thread safe.
class RawAppend {
 public:
  explicit RawAppend(const Registry& registry);
  /// `{"events":[…],"condition"?}` (contract.md). All field errors are collected with pointers
  /// (`/events/3/data/due_at`). Errors: kInvalid `schema.invalid`, `event.type_unknown` (owned
  /// prefix, unknown type), `event.kernel_owned`, kMalformed, kTooLarge.
  Result<Proposal> parse(const boost::json::value& body, const RequestContext& context) const;
  /// CloudEvents 1.0 structured (`{…}`) or batch (`[…]`). `source`+`id` of a single event is its
  /// idempotency key; in a batch, all ids together.
  Result<Proposal> parse_cloud_events(const boost::json::value& body,
                                      const RequestContext& context) const;

 private:
  const Registry& registry_;
};

/// `{"items":[{"types":[],"tags":[]}]}` -> Query; `base` = pointer prefix for errors.
Result<Query> parse_query(const boost::json::value& json, std::string_view base);

}  // namespace opsledger
