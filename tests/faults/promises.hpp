// What callers were told of a ledger, to be held against it after a disaster.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger::testing_support {

/// One proposal of one run of a program. Every event of it carries `run.number.index.count` as its
/// correlation, so that a ledger full of them can be checked without knowing what was proposed.
struct Ticket {
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const Ticket&, const Ticket&) = default;
};

std::string label(Ticket ticket, std::size_t index, std::size_t count);
/// A filler event's data follow from its label: other data were never proposed.
Bytes filler_data(Ticket ticket, std::size_t index);
NewEvent filler_event(Ticket ticket, std::size_t index);
/// `counter.added` that makes counter `id` count `value`; schema zero = json, else the module's.
NewEvent counter_event(int id, std::int64_t value, const SchemaId& schema);
Query query_of_counter(int id);
/// Labels all events of the proposal.
Proposal labelled(Ticket ticket, Proposal proposal);

struct Counter {
  Position position{};
  std::int64_t value = 0;
};
/// The counter as accepted so far.
Result<Counter> read_counter(const Ledger& ledger, int id);

/// Thread safe.
class Promises {
 public:
  void knows_run(std::uint64_t run);
  void acknowledged(Ticket ticket, const AppendOutcome& outcome);
  void handed_out(const TreeHead& head);
  std::size_t size() const;

  /// Fails the current test where the ledger does not hold what was promised: something lost,
  /// invented, moved or repeated; half a proposal; a counter that does not count 1, 2, 3, …; times
  /// that go back; a root (the present one or one handed out) that is not the root of the records.
  /// What was promised beyond `upto` is not asked for (of an older backup). An error of the ledger
  /// while reading is returned.
  Status check(const Ledger& ledger, const MerkleLog& merkle, Position upto = {UINT64_MAX}) const;

 private:
  struct Span {
    Position first{}, last{};
  };
  mutable std::mutex mutex_;
  std::set<std::uint64_t> runs_;
  std::map<Ticket, Span> acknowledged_;
  std::map<std::uint64_t, Hash> roots_;  // by size
};

}  // namespace opsledger::testing_support
