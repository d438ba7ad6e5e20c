// The ledger: one append-only log of events with conditions, queries and a Merkle tree over it.
// Two backends implement it: storage/memory (the oracle) and storage/rocksdb.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/api/event.hpp"
#include "storage/api/query.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// A caller-supplied idempotency key. One per proposal. `request` is a digest of everything the
/// caller sent: the same key with another digest is Code::kKeyMismatch.
struct IdempotencyKey {
  std::string scope;  ///< the actor
  std::string key;
  Hash request;
  bool permanent = false;  ///< reactions and timers: never expires
};

/// A unit of append: all events or none, in this order, at adjacent positions.
struct Proposal {
  std::vector<NewEvent> events;  ///< at least one
  std::optional<AppendCondition> condition;
  std::optional<IdempotencyKey> key;
};

/// What an accepted append was given.
struct AppendOutcome {
  Position first{};
  Position last{};
  Time recorded_at{};
  bool replayed = false;  ///< true when an earlier append with the same key is reported
};

/// Tree head after `position` events. `root` is the RFC 6962 root over entries 0..position-1.
struct TreeHead {
  Position position{};
  Hash root{};
  Time recorded_at{};  ///< of the last event; 0 when empty
};

enum class Direction { kForward, kBackward };

struct ReadOptions {
  Position after{};  ///< exclusive; forward: first position read is after + 1.
                     ///< backward: reads positions < after, 0 = from the head
  std::uint64_t limit = UINT64_MAX;
  Direction direction = Direction::kForward;
  Position upto{UINT64_MAX};  ///< forward only, inclusive
  /// Also events that are accepted but not yet synced (only the command path asks: if the sync
  /// fails, everything built on them fails too). Default: durable events only.
  bool accepted = false;
};

/// Pulls matching events in position order (or reverse), in spans whose views live until the next
/// call. Sees the log as it was when created. One thread at a time; must not outlive the ledger.
class EventCursor {
 public:
  virtual ~EventCursor() = default;
  /// The next events; an empty span = the end.
  virtual Result<std::span<const EventView>> next() = 0;
};

/// The log. All methods are thread safe.
class Ledger {
 public:
  /// Called exactly once, on the thread that commits (the ledger's own, or one that is inside
  /// `append_and_wait` or `append_from_memory`), when the append is durable or has failed after
  /// acceptance. Must be quick and must not call back into the ledger's append.
  using Completion = std::function<void(Result<AppendOutcome>)>;

  virtual ~Ledger() = default;
  virtual const LedgerId& id() const = 0;

  /// Checks, orders and accepts `proposal`; durability is reported through `done`.
  /// The returned outcome means *accepted*: positions are assigned and later appends and
  /// `accepted` reads see the events, but they are not on disk yet: never acknowledge before
  /// `done`. When an error is returned `done` is not called.
  /// May read indexes on the calling thread (the condition, up to a snapshot); never waits for a
  /// sync. Errors: kInvalid (fields), kTooLarge, kConflict `append.conflict`, kKeyMismatch,
  /// kKeyPartial, kOverloaded (bounded queue), kNotReady (read-only or poisoned after a failed
  /// sync), kInvalid `condition.empty` | `condition.too_broad` | `schema.unknown`.
  virtual Result<AppendOutcome> append(Proposal proposal, Completion done) = 0;

  /// `append` for a thread that must not wait for the disk: nothing, and nothing has happened, when
  /// it would have to be read, or much of the memory; use `append` elsewhere then. With
  /// `may_commit` the calling thread does the commit, if it is small and nobody else does: `done`
  /// is called before this returns.
  virtual std::optional<Result<AppendOutcome>> append_from_memory(const Proposal& proposal,
                                                                  const Completion& done,
                                                                  bool may_commit);

  /// `append`, then blocks until `proposal` is durable; a ledger may do the commit on the calling
  /// thread. Hold no lock that a completion or a subscriber takes. Errors: those of `append`, and
  /// kIo `append.not_durable`.
  virtual Result<AppendOutcome> append_and_wait(const Proposal& proposal);

  /// The outcome first accepted under `key`, if it is still remembered; kKeyMismatch as above.
  virtual Result<std::optional<AppendOutcome>> find(const IdempotencyKey& key) const = 0;

  /// A cursor over what matches. Errors: kInvalid for a query outside the limits.
  virtual Result<std::unique_ptr<EventCursor>> read(const Query& query,
                                                    const ReadOptions& options) const = 0;
  /// One durable event. Errors: kNotFound.
  virtual Result<OwnedEvent> get(Position position) const = 0;

  /// Last durable / last accepted tree head (the accepted one has no root yet: root is zero).
  virtual TreeHead durable() const = 0;
  virtual TreeHead accepted() const = 0;

  /// Calls `on_advance(durable position)` after every commit, on the thread that commits, until
  /// the returned handle is destroyed. Must be quick (set a flag, post).
  virtual std::shared_ptr<void> subscribe(std::function<void(Position)> on_advance) = 0;
};

/// Ledger::append_and_wait, for callers that have no further use for `proposal`.
Result<AppendOutcome> append_and_wait(Ledger& ledger, Proposal proposal);

/// The last position whose recorded_at <= `time` (0 when none): binary search, O(log n) reads.
Result<Position> position_at(const Ledger& ledger, Time time);

/// Read side of the transparency log (RFC 6962, C2SP tlog-tiles). Thread safe.
class MerkleLog {
 public:
  virtual ~MerkleLog() = default;
  /// Root over the first `size` entries; kNotFound beyond the durable head.
  virtual Result<Hash> root(std::uint64_t size) const = 0;
  /// `width` (1..256) hashes of tile `index` at `level`, concatenated; kNotFound when the tree of
  /// the durable head does not have them.
  virtual Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width) const = 0;
};

}  // namespace opsledger
