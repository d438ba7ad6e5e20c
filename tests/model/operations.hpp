// Random operations on a ledger. Vocabularies are small, so that things meet.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "storage/api/ledger.hpp"

namespace opsledger::testing_support {

/// What one ledger's operations look like; drawn per ledger, so that a campaign also visits the
/// corners that an average mix never reaches.
struct Shape {
  unsigned tag_values_few = 4;     ///< half of the tags come from so many values
  unsigned tag_values_many = 200;  ///< the other half from so many
  unsigned events_max = 12;        ///< of a proposal
  unsigned single_percent = 80;    ///< proposals of one event
  unsigned condition_percent = 60;
  unsigned key_percent = 20;
  unsigned keys = 60;               ///< distinct caller keys
  unsigned in_flight_max = 64;      ///< appends under way at once
  std::uint64_t near_max = 300;     ///< how far back a condition or read usually looks
  std::uint64_t scanned_max = 300;  ///< events that the oracle walks per operation, on average
};

/// Draws operations from one seed. One thread.
class Operations {
 public:
  Operations(std::uint64_t seed, const Shape& shape) : random_(seed), shape_(shape) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  const Shape& shape() const { return shape_; }

  Query query();
  Proposal proposal(std::uint64_t head);
  IdempotencyKey key();
  /// Options for `query`, which is narrowed when it would walk too far.
  ReadOptions options(std::uint64_t head, Query* query);

 private:
  template <class Make>
  std::vector<std::string> some(std::uint64_t count_max, Make make) {
    std::vector<std::string> items(below(count_max + 1));
    for (auto& item : items) item = make();
    return items;
  }
  std::string tag();
  std::string type();
  NewEvent event();
  QueryItem item();
  /// The oracle scans: on a long log an operation may walk all of it only now and then.
  bool may_walk_all(std::uint64_t head) { return below(head + 1) < shape_.scanned_max; }
  /// A position not far from the head, and sometimes beyond it.
  std::uint64_t near(std::uint64_t head);

  std::mt19937_64 random_;
  const Shape shape_;
};

/// A shape of its own for every seed.
Shape random_shape(std::uint64_t seed);

}  // namespace opsledger::testing_support
