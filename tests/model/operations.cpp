#include "tests/model/operations.hpp"

#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {

std::string Operations::tag() {
  if (chance(2)) return "nocolon";
  static const char* const kKeys[] = {"task", "person", "sku"};
  const unsigned values = chance(50) ? shape_.tag_values_few : shape_.tag_values_many;
  return std::string(kKeys[below(3)]) + ':' + std::to_string(below(values));
}

std::string Operations::type() {
  return chance(1) ? "Bad" : "task.t" + std::to_string(below(5));
}

NewEvent Operations::event() {
  NewEvent event = new_event(type(), some(4, [this] { return tag(); }), Bytes(below(60), 'd'));
  if (chance(10)) event.time = Time{static_cast<std::int64_t>(below(1000))};
  if (chance(10)) event.metadata = {{"reason", "r"}, {"id", std::to_string(below(100))}};
  if (chance(3)) event.schema.bytes[0] = static_cast<std::uint8_t>(1 + below(3));
  if (chance(1)) {
    SchemaId schema;
    schema.bytes[0] = static_cast<std::uint8_t>(1 + below(3));
    event = new_event("schema.registered", {"schema:" + hex(schema.bytes)});
  }
  return event;
}

QueryItem Operations::item() {
  return {some(3, [this] { return type(); }), some(3, [this] { return tag(); })};
}

Query Operations::query() {
  Query query;
  for (std::uint64_t i = below(4); i > 0; --i) query.items.push_back(item());
  return query;
}

IdempotencyKey Operations::key() {
  return key_of("wang", std::to_string(below(shape_.keys)), static_cast<std::uint8_t>(below(2)),
                chance(10));
}

Proposal Operations::proposal(std::uint64_t head) {
  Proposal proposal;
  const bool single = chance(shape_.single_percent);
  for (std::uint64_t i = single ? 1 : below(shape_.events_max + 1); i > 0; --i) {
    proposal.events.push_back(event());
  }
  if (chance(shape_.condition_percent)) {
    proposal.condition =
        AppendCondition{query(), {may_walk_all(head) ? below(head + 3) : near(head)}};
  }
  if (chance(shape_.key_percent)) proposal.key = key();
  return proposal;
}

ReadOptions Operations::options(std::uint64_t head, Query* query) {
  ReadOptions options;
  options.accepted = chance(50);
  if (chance(50)) options.direction = Direction::kBackward;
  if (chance(50)) options.limit = below(50);
  if (chance(20)) options.upto = {near(head)};
  const bool wide = may_walk_all(head);
  if (!wide || chance(80)) options.after = {near(head)};
  if (!wide && options.direction == Direction::kBackward) {
    options.limit = below(50);
    query->items = {{{"task.t" + std::to_string(below(5))}, {}}};
  }
  return options;
}

std::uint64_t Operations::near(std::uint64_t head) {
  const std::uint64_t back = below(shape_.near_max);
  return back > head + 2 ? 0 : head + 2 - back;
}

Shape random_shape(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto one_of = [&random](std::initializer_list<unsigned> values) {
    return values.begin()[random() % values.size()];
  };
  Shape shape;
  shape.tag_values_few = one_of({1, 4, 4, 20});
  shape.tag_values_many = one_of({10, 200, 200, 5'000});
  shape.events_max = one_of({2, 12, 12, 100, 300});
  shape.single_percent = shape.events_max > 12 ? 95 : one_of({0, 50, 80, 80, 100});
  shape.condition_percent = one_of({10, 60, 60, 95});
  shape.key_percent = one_of({0, 20, 20, 80});
  shape.keys = one_of({3, 60, 60, 1'000});
  shape.in_flight_max = one_of({1, 8, 64, 64, 200});
  shape.near_max = one_of({5, 100, 300, 300});
  return shape;
}

}  // namespace opsledger::testing_support
