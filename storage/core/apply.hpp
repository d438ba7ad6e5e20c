// The sequencing function: log prefix + proposal + the sequencer's time -> entries. Pure: a
// node's clock, configuration, batch borders and compression never influence an entry or its
// acceptance, so every node that applies the same proposals in the same order holds the same log.
#pragma once

#include <optional>
#include <vector>

#include "storage/api/ledger.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/caller_key.hpp"

namespace opsledger {

/// Numbers that decide acceptance. They are format constants; only tests use other values.
struct SequenceRules {
  std::uint64_t condition_steps_max = limits::kConditionStepsMax;
  std::uint64_t key_lifetime_positions = limits::kKeyLifetimePositions;
};

/// The log so far, as far as the verdict on one proposal needs it: everything accepted before it,
/// synced or not. Borrowed during one call.
class LogPrefix {
 public:
  virtual ~LogPrefix() = default;
  virtual Position last() const = 0;     ///< 0 when empty
  virtual Time recorded_at() const = 0;  ///< of the last event; the smallest Time when empty
  /// Does an event after `condition.after` match? Exact. Errors: kInvalid `condition.too_broad`
  /// as defined by posting_walk.hpp; kIo, kCorrupt.
  virtual Result<bool> has_match(const AppendCondition& condition) const = 0;
  /// The key index's entry, expired ones included. Errors: kIo, kCorrupt.
  virtual Result<std::optional<KeyEntry>> find_key(const ShortHash& key) const = 0;
  /// True when an event `schema.registered` with the tag `schema:<hex id>` is in the prefix.
  virtual bool knows_schema(const SchemaId& schema) const = 0;
};

/// A proposal that was checked and encoded before its place in the log was known. All work that
/// does not depend on the log happens here, outside the committer.
struct PreparedProposal {
  Bytes records;                         ///< all records, unstamped
  std::vector<std::uint32_t> ends;       ///< end of record i in `records`
  std::vector<SchemaId> schemas_needed;  ///< not registered by an earlier event of the proposal
  std::vector<SchemaId> schemas_registered;
  const AppendCondition* condition = nullptr;  ///< borrowed from the proposal
  std::optional<KeyStamp> key;
};

/// Accepted entries, at positions outcome.first to outcome.last. Empty when `outcome.replayed`.
struct Entries {
  AppendOutcome outcome;
  Bytes records;
  std::vector<std::uint32_t> ends;
  std::vector<SchemaId> schemas_registered;
  std::optional<KeyStamp> key;

  std::size_t size() const { return ends.size(); }
  BytesView record(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return BytesView(records).substr(begin, ends[i] - begin);
  }
  /// The key index's entry for `key`. Precondition: a key was given and nothing was replayed.
  KeyEntry key_entry() const;
};

/// Checks and encodes; `proposal` must outlive the result. Errors: those of validate_proposal;
/// kTooLarge `event.too_large` and `proposal.too_large`.
Result<PreparedProposal> prepare(const Proposal& proposal);

/// The verdict, in this order: key (a known one repeats its outcome, whatever the condition says
/// now), schemas, condition; then recorded_at = max(previous, `now`), positions, stamps.
/// Errors: kKeyMismatch `idempotency.mismatch`, kInvalid `schema.unknown`, kConflict
/// `append.conflict`, and those of `prefix`.
Result<Entries> sequence(const LogPrefix& prefix, PreparedProposal proposal, Time now,
                         const SequenceRules& rules = {});

/// prepare + sequence.
Result<Entries> apply(const LogPrefix& prefix, const Proposal& proposal, Time now,
                      const SequenceRules& rules = {});

/// The schema that an event registers, if it is a `schema.registered` with a well-formed tag.
std::optional<SchemaId> registered_schema(std::string_view type,
                                          std::span<const std::string_view> tags);

/// The error that LogPrefix::has_match reports when an item's walk ran out of steps.
Error too_broad_error(std::uint64_t steps_max);

}  // namespace opsledger
