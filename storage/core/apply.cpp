#include "storage/core/apply.hpp"

#include <algorithm>

#include "storage/core/record.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

constexpr std::string_view kRegisteredType = "schema.registered";
constexpr std::string_view kSchemaTagKey = "schema:";
constexpr std::size_t kRecordFrameBytes = 60;  // of a record without its texts, nearly always

Error too_large(const char* reason, const std::string& what, std::size_t bytes,
                std::size_t bytes_max, const char* instead) {
  return {Code::kTooLarge, reason,
          what + " takes " + std::to_string(bytes) + " bytes, at most " +
              std::to_string(bytes_max) + " are allowed: " + instead};
}

/// A proposal may register a schema and use it in the same append, in this order.
void note_schemas(const NewEvent& event, PreparedProposal* prepared) {
  const auto contains = [](const std::vector<SchemaId>& ids, const SchemaId& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (!event.schema.is_json() && !contains(prepared->schemas_registered, event.schema) &&
      !contains(prepared->schemas_needed, event.schema)) {
    prepared->schemas_needed.push_back(event.schema);
  }
  if (event.type != kRegisteredType) return;
  const std::vector<std::string_view> tags(event.tags.begin(), event.tags.end());
  if (const auto id = registered_schema(event.type, tags)) {
    prepared->schemas_registered.push_back(*id);
  }
}

/// About as many as the records take; a little more or less is no loss.
std::size_t bytes_of(const std::vector<NewEvent>& events) {
  std::size_t bytes = 0;
  for (const NewEvent& event : events) {
    bytes += kRecordFrameBytes + event.type.size() + event.department.size() + event.actor.size() +
             event.correlation.size() + event.module.size() + event.data.size();
    for (const auto& tag : event.tags) bytes += tag.size() + 1;
    for (const auto& [key, value] : event.metadata) bytes += key.size() + value.size() + 4;
  }
  return bytes;
}

Status encode_all(const std::vector<NewEvent>& events, PreparedProposal* prepared) {
  const Bytes stamp = prepared->key ? stamp_text(*prepared->key) : Bytes();
  prepared->ends.reserve(events.size());
  prepared->records.reserve(std::min(bytes_of(events), limits::kProposalBytesMax));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::size_t begin = prepared->records.size();
    encode_event(events[i], {}, {}, stamp, &prepared->records);
    const std::size_t bytes = prepared->records.size() - begin;
    if (bytes > limits::kEventBytesMax) {
      return too_large("event.too_large", "Event " + std::to_string(i), bytes,
                       limits::kEventBytesMax, "store large content as a blob and name its hash");
    }
    if (prepared->records.size() > limits::kProposalBytesMax) {
      return too_large("proposal.too_large", "The append", prepared->records.size(),
                       limits::kProposalBytesMax, "split it into several");
    }
    prepared->ends.push_back(static_cast<std::uint32_t>(prepared->records.size()));
    note_schemas(events[i], prepared);
  }
  return {};
}

Status check_schemas(const LogPrefix& prefix, const std::vector<SchemaId>& needed) {
  for (const SchemaId& schema : needed) {
    if (prefix.knows_schema(schema)) continue;
    return Error{Code::kInvalid, "schema.unknown",
                 "Schema " + hex(schema.bytes) +
                     " is not registered in this ledger: append its schema.registered event first"};
  }
  return {};
}

Status check_condition(const LogPrefix& prefix, const AppendCondition* condition) {
  if (condition == nullptr || condition->after >= prefix.last()) return {};
  OPS_TRY_ASSIGN(const bool matched, prefix.has_match(*condition));
  if (!matched) return {};
  return Error{Code::kConflict, "append.conflict",
               "An event after position " + std::to_string(condition->after.value) +
                   " matches the condition: read on from there and decide again"};
}

}  // namespace

KeyEntry Entries::key_entry() const {
  OPS_ASSERT(key && !outcome.replayed);
  return {key->request, key->permanent, outcome.first, outcome.last, outcome.recorded_at};
}

Result<PreparedProposal> prepare(const Proposal& proposal) {
  OPS_TRY(validate_proposal(proposal));
  PreparedProposal prepared;
  if (proposal.key) prepared.key = stamp_of(*proposal.key);
  OPS_TRY(encode_all(proposal.events, &prepared));
  if (proposal.condition) prepared.condition = &*proposal.condition;
  return prepared;
}

Result<Entries> sequence(const LogPrefix& prefix, PreparedProposal proposal, Time now,
                         const SequenceRules& rules) {
  Entries entries;
  if (proposal.key) {
    OPS_TRY_ASSIGN(const auto known, prefix.find_key(proposal.key->key));
    OPS_TRY_ASSIGN(const auto outcome,
                   judge_key(*proposal.key, known, prefix.last(), rules.key_lifetime_positions));
    if (outcome) {
      entries.outcome = *outcome;
      return entries;
    }
  }
  OPS_TRY(check_schemas(prefix, proposal.schemas_needed));
  OPS_TRY(check_condition(prefix, proposal.condition));
  entries.records = std::move(proposal.records);
  entries.ends = std::move(proposal.ends);
  entries.schemas_registered = std::move(proposal.schemas_registered);
  entries.key = proposal.key;
  entries.outcome.first = prefix.last().next();
  entries.outcome.last = {prefix.last().value + entries.size()};
  entries.outcome.recorded_at = std::max(prefix.recorded_at(), now);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    char* record = entries.records.data() + (i == 0 ? 0 : entries.ends[i - 1]);
    stamp_record(record, {entries.outcome.first.value + i}, entries.outcome.recorded_at);
  }
  return entries;
}

Result<Entries> apply(const LogPrefix& prefix, const Proposal& proposal, Time now,
                      const SequenceRules& rules) {
  OPS_TRY_ASSIGN(auto prepared, prepare(proposal));
  return sequence(prefix, std::move(prepared), now, rules);
}

std::optional<SchemaId> registered_schema(std::string_view type,
                                          std::span<const std::string_view> tags) {
  if (type != kRegisteredType) return std::nullopt;
  for (const auto tag : tags) {
    if (!tag.starts_with(kSchemaTagKey)) continue;
    const auto digits = tag.substr(kSchemaTagKey.size());
    SchemaId id;
    Bytes bytes;
    if (!unhex(digits, &bytes) || bytes.size() != id.bytes.size() || hex(bytes) != digits) continue;
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
  }
  return std::nullopt;
}

Error too_broad_error(std::uint64_t steps_max) {
  return {Code::kInvalid, "condition.too_broad",
          "Checking the condition would walk more than " + std::to_string(steps_max) +
              " index entries: name a rarer tag, or a later `after`"};
}

}  // namespace opsledger
