// The first, second, third … allocation fails until none does: std::bad_alloc or an error comes
// back, nothing leaks, and nothing is left half done.
#include <boost/json.hpp>

#include "kernel/events/raw_append.hpp"
#include "kernel/schema/schema.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/record.hpp"
#include "storage/core/tiles.hpp"
#include "storage/rocksdb/rocks_ledger.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/failing_allocator.hpp"
#include "tests/faults/promises.hpp"
#include "tests/storage/manual_clock.hpp"

namespace opsledger::testing_support {
namespace {

constexpr std::uint64_t kAllocationsMax = 20'000;

/// Calls `attempt` with every allocation failing in turn. It returns what it made as text; the last
/// call, in which nothing failed, must give `expected`.
template <class Attempt>
void fail_each_allocation(const std::string& expected, Attempt attempt) {
  for (const bool stays : {false, true}) {
    for (std::uint64_t nth = 1;; ++nth) {
      ASSERT_LT(nth, kAllocationsMax) << "never succeeds";
      const std::int64_t live = live_allocations();
      bool fired = false;
      {
        std::string made;
        try {
          const AllocationFault fault(nth, stays);
          struct Note {
            bool* fired;
            const AllocationFault& fault;
            ~Note() { *fired = fault.fired(); }
          } const note{&fired, fault};
          made = attempt();
        } catch (const std::bad_alloc&) {
          made.clear();
        }
        EXPECT_TRUE(made == expected || (fired && made.empty())) << "half a result at " << nth;
      }
      EXPECT_EQ(live_allocations(), live) << "leaks when allocation " << nth << " fails";
      if (!fired || ::testing::Test::HasFailure()) break;
    }
  }
}

NewEvent rich_event() {
  NewEvent event = filler_event({1, 7}, 0);
  event.tags = {"b:a tag that does not fit into a small string at all", "a:another one, as long as",
                "c:3"};
  event.correlation = "a correlation that is longer than a small string";
  event.metadata = {{"reason", std::string(100, 'r')}, {"id", "x-1"}};
  event.data = "{\"some\":\"" + std::string(300, 'd') + "\"}";
  return event;
}

std::string encoded(const NewEvent& event) {
  Bytes record;
  encode_event(event, {5}, {1'000}, "", &record);
  return record;
}

TEST(Allocations, RecordIsEncodedOrNot) {
  const NewEvent event = rich_event();
  fail_each_allocation(encoded(event), [&] { return encoded(event); });
}

TEST(Allocations, RecordIsDecodedOrNot) {
  const std::string record = encoded(rich_event());
  const auto decode = [&]() -> std::string {
    const auto view = EventDecoder::decode_strict(record);
    if (!view.ok()) return view.error().message;
    return encoded(to_new_event(*view));
  };
  fail_each_allocation(decode(), decode);
}

TEST(Allocations, LogChunkIsEncodedOrNot) {
  const std::string record = encoded(rich_event());
  const std::vector<BytesView> records = {record, record, record};
  const auto encode = [&] {
    Bytes chunk;
    encode_log_chunk(records, &chunk);
    return chunk;
  };
  fail_each_allocation(encode(), encode);
}

TEST(Allocations, TileEdgeKeepsItsRootOrGrows) {
  const auto grow = [] {
    merkle::TileEdge edge;
    std::vector<merkle::Tile> full;
    for (int i = 0; i < 600; ++i) edge.append(merkle::leaf_hash(std::to_string(i)), &full);
    std::string text = hex(edge.root().bytes);
    for (const auto& tile : full) text += hex(tile.hashes);
    return text;
  };
  fail_each_allocation(grow(), grow);
}

TEST(Allocations, QueryIsParsedOrNot) {
  const std::string text =
      R"({"items":[{"types":["order.placed.with.a.long.name","b.c"],"tags":["order:1"]},)"
      R"({"tags":["customer:with-a-name-that-is-long-enough","sku:2"]}]})";
  const auto parse = [&]() -> std::string {
    const auto query = parse_query(boost::json::parse(text), "/query");
    if (!query.ok()) return query.error().message;
    std::string out;
    for (const auto& item : query->items) {
      for (const auto& type : item.types) out += type + " ";
      for (const auto& tag : item.tags) out += tag + " ";
    }
    return out;
  };
  fail_each_allocation(parse(), parse);
}

constexpr const char* kSchema =
    R"({"struct":[{"name":"id","type":"string"},{"name":"n","type":"i64"},)"
    R"({"name":"names","type":{"list":"string"}}]})";
constexpr const char* kValue =
    R"({"id":"an id that is longer than a small string","n":7,)"
    R"("names":["one that is long enough to be allocated","two","three"]})";

TEST(Allocations, SchemaIsParsedOrNot) {
  const auto parse = []() -> std::string {
    const auto schema = Schema::parse(kSchema);
    if (!schema.ok()) return schema.error().message;
    return hex((*schema)->id().bytes);
  };
  fail_each_allocation(parse(), parse);
}

TEST(Allocations, PayloadIsEncodedOrNot) {
  const auto schema = Schema::parse(kSchema);
  ASSERT_TRUE(schema.ok()) << schema.error().message;
  const auto json = boost::json::parse(kValue);
  const auto encode = [&]() -> std::string {
    auto bytes = (*schema)->encode(json);
    return bytes.ok() ? std::move(*bytes) : bytes.error().message;
  };
  fail_each_allocation(encode(), encode);
}

TEST(Allocations, PayloadIsDecodedOrNot) {
  const auto schema = Schema::parse(kSchema);
  ASSERT_TRUE(schema.ok()) << schema.error().message;
  const auto bytes = (*schema)->encode(boost::json::parse(kValue));
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  const auto decode = [&]() -> std::string {
    const auto json = (*schema)->decode(*bytes);
    return json.ok() ? boost::json::serialize(*json) : json.error().message;
  };
  fail_each_allocation(decode(), decode);
}

/// An append whose caller runs out of memory was made or was not; the ledger goes on either way.
/// Without a condition and a key, which read the database: an exception that passes through RocksDB
/// leaves references behind there, and its assertions end the program when it closes.
TEST(Allocations, AppendIsMadeOrNotAndTheLedgerGoesOn) {
  const RoundGuard guard(120);
  RoundDirectory directory;
  ManualClock clock;
  LedgerOptions options;
  options.directory = directory.path() / "data";
  options.disk_free_bytes_min = 0;
  auto ledger = RocksLedger::open(options, clock);
  ASSERT_TRUE(ledger.ok()) << ledger.error().message;
  Promises promises;
  promises.knows_run(1);
  std::uint64_t number = 0;
  for (std::uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, kAllocationsMax);
    const Ticket ticket{1, ++number};
    Proposal proposal;
    for (int i = 0; i < 3; ++i) {
      proposal.events.push_back(filler_event(ticket, static_cast<std::size_t>(i)));
    }
    proposal = labelled(ticket, std::move(proposal));
    bool fired = false;
    const auto done = [&promises, ticket](const Result<AppendOutcome>& outcome) {
      if (outcome.ok()) promises.acknowledged(ticket, *outcome);
    };
    Ledger::Completion completion = done;
    try {
      const AllocationFault fault(nth, false);
      static_cast<void>((*ledger)->append(std::move(proposal), std::move(completion)));
      fired = fault.fired();
    } catch (const std::bad_alloc&) {
      fired = true;
    }
    Proposal next;
    const Ticket after{1, ++number};
    next.events.push_back(filler_event(after, 0));
    const auto outcome = append_and_wait(**ledger, labelled(after, std::move(next)));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message << " after allocation " << nth;
    promises.acknowledged(after, *outcome);
    if (!fired) break;
  }
  const Status right = promises.check(**ledger, **ledger);
  EXPECT_TRUE(right.ok()) << right.error().message;
  ledger->reset();
  ledger = RocksLedger::open(options, clock);
  ASSERT_TRUE(ledger.ok()) << ledger.error().message;
  const Status again = promises.check(**ledger, **ledger);
  EXPECT_TRUE(again.ok()) << again.error().message;
}

}  // namespace
}  // namespace opsledger::testing_support
