// What both forms of raw append share: ownership of types, data by schema, keys, limits.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "kernel/events/field_errors.hpp"
#include "kernel/events/personal_events.hpp"
#include "kernel/events/raw_append.hpp"

namespace opsledger {

/// Builds one proposal. One thread.
class EventBuilder {
 public:
  /// `personal` seals personal fields; null = events that have any are refused.
  EventBuilder(const Registry& registry, PersonalData* personal, const RequestContext& context)
      : registry_(registry), personal_(personal), context_(context) {}

  FieldErrors& errors() { return errors_; }
  const RequestContext& context() const { return context_; }
  /// An event with what the request says about all events.
  NewEvent begin() const;
  /// Checks grammar and ownership of `type`. False after an error.
  bool type(std::string_view type, const std::string& pointer, NewEvent* event);
  /// Whether a module owns the type (then data must fit its schema).
  bool owned(const NewEvent& event) const { return registry_.event_type(event.type) != nullptr; }
  /// Null `data` = absent. Precondition: `type` said yes.
  void data(const boost::json::value* data, const std::string& pointer, NewEvent* event);
  /// Department, correlation, id: at most limits::kNameBytesMax bytes without control characters.
  std::string name(std::string_view text, const std::string& pointer);
  void metadata(std::string_view key, std::string_view value, const std::string& pointer,
                NewEvent* event);
  void add(NewEvent event) { events_.push_back(std::move(event)); }
  /// Adds to what the events' ids make the idempotency key of.
  void identity(std::string_view source, std::string_view id);
  /// The proposal without its condition, or all errors.
  Result<Proposal> finish(const boost::json::value& body) &&;

 private:
  Status seal();
  Bytes request_text(const boost::json::value& body) const;

  const Registry& registry_;
  PersonalData* const personal_;
  const RequestContext& context_;
  bool has_personal_ = false;
  FieldErrors errors_;
  std::vector<NewEvent> events_;
  Bytes identities_;
  Bytes text_;  // scratch
};

/// kTooLarge `proposal.too_many_events`, kInvalid for none.
Status check_count(std::size_t events, const std::string& pointer);

}  // namespace opsledger
