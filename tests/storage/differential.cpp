#include "tests/storage/differential.hpp"

#include <cstdlib>
#include <random>
#include <tuple>

#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// One append's result as text: what a caller can see of it.
std::string describe(const Result<AppendOutcome>& result) {
  if (!result.ok()) return "error " + result.error().reason + " " + result.error().message;
  return std::to_string(result->first.value) + ".." + std::to_string(result->last.value) + " at " +
         std::to_string(result->recorded_at.us) + (result->replayed ? " replayed" : "");
}

std::string describe(const Result<std::optional<AppendOutcome>>& result) {
  if (result.ok() && !*result) return "unknown";
  return result.ok() ? describe(Result<AppendOutcome>(**result)) : "error " + result.error().reason;
}

/// Everything a reader sees of the events, and the digest of their records.
std::string describe_read(const Ledger& ledger, const Query& query, const ReadOptions& options) {
  auto cursor = ledger.read(query, options);
  if (!cursor.ok()) return "error " + cursor.error().reason;
  std::string seen;
  for (;;) {
    const auto events = (*cursor)->next();
    if (!events.ok()) return "error " + events.error().reason;
    if (events->empty()) return seen;
    for (const EventView& event : *events) {
      seen += std::to_string(event.position.value) + ':' +
              std::to_string(std::hash<std::string_view>()(event.encoded)) + ' ';
    }
  }
}

/// Draws operations. Vocabularies are small, so that things meet.
class Operations {
 public:
  explicit Operations(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }

  std::string tag() {
    if (chance(2)) return "nocolon";
    static const char* const kKeys[] = {"task", "person", "sku"};
    return std::string(kKeys[below(3)]) + ':' + std::to_string(below(chance(50) ? 4 : 200));
  }
  std::string type() { return chance(1) ? "Bad" : "task.t" + std::to_string(below(5)); }

  template <class Make>
  std::vector<std::string> some(std::uint64_t count_max, Make make) {
    std::vector<std::string> items(below(count_max + 1));
    for (auto& item : items) item = make();
    return items;
  }

  NewEvent event() {
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

  QueryItem item() {
    return {some(3, [this] { return type(); }), some(3, [this] { return tag(); })};
  }

  Query query() {
    Query query;
    for (std::uint64_t i = below(4); i > 0; --i) query.items.push_back(item());
    return query;
  }

  Proposal proposal(std::uint64_t head) {
    Proposal proposal;
    for (std::uint64_t i = chance(80) ? 1 : below(12); i > 0; --i) {
      proposal.events.push_back(event());
    }
    if (chance(60)) {
      proposal.condition =
          AppendCondition{query(), {may_walk_all(head) ? below(head + 3) : near(head)}};
    }
    if (chance(20)) {
      proposal.key = key_of("wang", std::to_string(below(60)), static_cast<std::uint8_t>(below(2)),
                            chance(10));
    }
    return proposal;
  }

  /// The oracle scans: on a long log an operation may walk all of it only now and then.
  bool may_walk_all(std::uint64_t head) { return below(head + 1) < 2'000; }

  /// Options for `query`, which is narrowed when it would walk too far.
  ReadOptions options(std::uint64_t head, Query* query) {
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

  /// A position not far from the head, and sometimes beyond it.
  std::uint64_t near(std::uint64_t head) {
    const std::uint64_t back = below(300);
    return back > head + 2 ? 0 : head + 2 - back;
  }

 private:
  std::mt19937_64 random_;
};

struct Pair {
  Ledger* ledger;
  MerkleLog* tree;
};

/// Empty when both texts are the same.
std::string difference(const std::string& what, const std::string& oracle,
                       const std::string& other) {
  return oracle == other ? "" : what + ":\n  oracle " + oracle + "\n  other  " + other;
}

template <class T>
std::string text_of(const Result<T>& result, BytesView (*bytes)(const T&)) {
  return result.ok() ? hex(bytes(*result)) : "error " + result.error().reason;
}

std::string compare_appends(Operations& draw, ManualClock& clock, const Pair& oracle,
                            const Pair& other) {
  clock.advance(static_cast<std::int64_t>(draw.below(7)) - 2);
  const Proposal proposal = draw.proposal(oracle.ledger->accepted().position.value);
  return difference("append", describe(append_and_wait(*oracle.ledger, proposal)),
                    describe(append_and_wait(*other.ledger, proposal)));
}

std::string compare_reads(Operations& draw, const Pair& oracle, const Pair& other) {
  Query query = draw.query();
  const ReadOptions options = draw.options(oracle.ledger->durable().position.value, &query);
  return difference("read", describe_read(*oracle.ledger, query, options),
                    describe_read(*other.ledger, query, options));
}

std::string describe_head(const Pair& pair) {
  const TreeHead head = pair.ledger->durable();
  return std::to_string(head.position.value) + ' ' + hex(head.root.bytes) + ' ' +
         std::to_string(head.recorded_at.us);
}

std::string compare_trees(Operations& draw, const Pair& oracle, const Pair& other) {
  const std::uint64_t head = oracle.ledger->durable().position.value;
  const std::uint64_t size = draw.below(head + 2);
  const auto level = static_cast<unsigned>(draw.below(3));
  const std::uint64_t index = draw.below((head >> (8 * (level + 1))) + 2);
  const auto width = static_cast<unsigned>(draw.below(258));
  const auto describe_tree = [&](const Pair& pair) {
    return describe_head(pair) + "\n  " +
           text_of<Hash>(pair.tree->root(size), [](const Hash& hash) { return hash.view(); }) +
           "\n  " + text_of<Bytes>(pair.tree->tile(level, index, width), [](const Bytes& bytes) {
             return BytesView(bytes);
           });
  };
  return difference("tree " + std::to_string(size) + " tile " + std::to_string(level) + '/' +
                        std::to_string(index) + '/' + std::to_string(width),
                    describe_tree(oracle), describe_tree(other));
}

std::string compare_single(Operations& draw, const Pair& oracle, const Pair& other) {
  const Position position{draw.below(oracle.ledger->durable().position.value + 2)};
  const auto key = key_of("wang", std::to_string(draw.below(60)), 0);
  const auto describe_single = [&](const Pair& pair) {
    return text_of<OwnedEvent>(pair.ledger->get(position),
                               [](const OwnedEvent& event) { return event->encoded; }) +
           ' ' + describe(pair.ledger->find(key));
  };
  return difference("event " + std::to_string(position.value), describe_single(oracle),
                    describe_single(other));
}

std::string step(Operations& draw, ManualClock& clock, const Pair& oracle, const Pair& other) {
  const std::uint64_t kind = draw.below(100);
  if (kind < 70) return compare_appends(draw, clock, oracle, other);
  if (kind < 88) return compare_reads(draw, oracle, other);
  if (kind < 95) return compare_single(draw, oracle, other);
  return compare_trees(draw, oracle, other);
}

/// Event by event, in step: a whole log need not fit into a text.
std::string compare_whole_logs(const Pair& oracle, const Pair& other) {
  constexpr std::uint64_t kWindow = 10'000;
  const std::uint64_t head = oracle.ledger->durable().position.value;
  for (std::uint64_t after = 0; after <= head; after += kWindow) {
    const ReadOptions options{.after = {after}, .upto = {after + kWindow}};
    const auto found =
        difference("log after " + std::to_string(after), describe_read(*oracle.ledger, {}, options),
                   describe_read(*other.ledger, {}, options));
    if (!found.empty()) return found;
  }
  return difference("head", describe_head(oracle), describe_head(other));
}

}  // namespace

DifferentialOptions differential_options_from_environment() {
  DifferentialOptions options;
  options.operations = number_from("OPSLEDGER_DIFF_OPS", options.operations);
  options.seed = number_from("OPSLEDGER_SEED", std::random_device()());
  return options;
}

SequenceRules differential_rules() {
  return {120, 400};
}

std::string run_differential(ManualClock& clock, Ledger& oracle, MerkleLog& oracle_tree,
                             Ledger& other, MerkleLog& other_tree,
                             const DifferentialOptions& options) {
  Operations draw(options.seed);
  const Pair first{&oracle, &oracle_tree};
  Pair second{&other, &other_tree};
  for (std::uint64_t i = 0; i < options.operations; ++i) {
    const auto found = step(draw, clock, first, second);
    if (!found.empty()) {
      return "OPSLEDGER_SEED=" + std::to_string(options.seed) + " operation " + std::to_string(i) +
             ", " + found;
    }
    if (options.maintain && (i + 1) % options.maintain_interval == 0) {
      std::tie(second.ledger, second.tree) = options.maintain();
    }
  }
  return compare_whole_logs(first, second);
}

}  // namespace opsledger::testing_support
