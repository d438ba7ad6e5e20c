// Pure parts: text, tile paths, guards, the shared live group.
#include <gtest/gtest.h>

#include <random>

#include "kernel/http/problem.hpp"
#include "kernel/http/stream_group.hpp"
#include "kernel/http/text.hpp"
#include "kernel/http/tile_path.hpp"

namespace opsledger {
namespace {

TEST(TextTest, Rfc3339WithAnyOffsetAndFraction) {
  EXPECT_EQ(time_parameter("1970-01-01T00:00:01Z"), Time{1'000'000});
  EXPECT_EQ(time_parameter("1970-01-01T08:00:01.25+08:00"), Time{1'250'000});
  EXPECT_EQ(time_parameter("1970-01-01T00:00:01.000001Z"), Time{1'000'001});
  EXPECT_EQ(time_parameter("1970-01-01T08:00:00 08:00"), Time{0});
  EXPECT_EQ(time_parameter("1970-01-01 00:00:00.0000019Z"), Time{1});
  for (std::string_view bad :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "1970-01-01T25:00:00Z",
        "1970-01-01T00:00:00Zx", "not a time at all!", "1970-01-01Tyyyyyy+08:00"}) {
    EXPECT_FALSE(time_parameter(bad)) << bad;
  }
}

TEST(TextTest, HeaderListsIgnoreCaseAndParameters) {
  EXPECT_TRUE(header_lists("text/html, Application/X-NDJSON;q=0.9", "application/x-ndjson"));
  EXPECT_FALSE(header_lists("application/x-ndjson2", "application/x-ndjson"));
  EXPECT_FALSE(header_lists("", "a"));
}

TEST(TilePathTest, CanonicalPathsOnly) {
  const auto tile = parse_tile_path("3/x001/x234/067.p/8");
  ASSERT_TRUE(tile);
  EXPECT_EQ(tile->level, 3u);
  EXPECT_EQ(tile->index, 1'234'067u);
  EXPECT_EQ(tile->width, 8u);
  EXPECT_TRUE(parse_tile_path("entries/000")->entries);
  for (std::string_view bad :
       {"3/1234067", "3/x000/067", "3/x001/67", "3/x001x/067", "3/", "3/001.p/", "3/001.p/1/",
        "3/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(parse_tile_path(bad)) << bad;
  }
}

TEST(ProblemTest, EveryCodeHasAStatusAndUnavailableOnesSayWhenToRetry) {
  const auto status = [](Code code) { return problem({code, "x.y", "m"}).status; };
  EXPECT_EQ(status(Code::kMalformed), 400u);
  EXPECT_EQ(status(Code::kUnauthenticated), 401u);
  EXPECT_EQ(status(Code::kForbidden), 403u);
  EXPECT_EQ(status(Code::kNotFound), 404u);
  EXPECT_EQ(status(Code::kConflict), 409u);
  EXPECT_EQ(status(Code::kKeyPartial), 409u);
  EXPECT_EQ(status(Code::kTooLarge), 413u);
  EXPECT_EQ(status(Code::kInvalid), 422u);
  EXPECT_EQ(status(Code::kKeyMismatch), 422u);
  EXPECT_EQ(status(Code::kRejected), 422u);
  EXPECT_EQ(status(Code::kDisabled), 423u);
  EXPECT_EQ(status(Code::kCorrupt), 500u);
  for (Code code : {Code::kOverloaded, Code::kNotReady, Code::kTimeout}) {
    const Response response = problem({code, "x.y", "m"});
    EXPECT_EQ(response.status, 503u);
    ASSERT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.headers[0].first, "Retry-After");
  }
}

/// A stream that follows a group, reading "the ledger" (every position in `matching`) itself.
struct Follower {
  std::shared_ptr<StreamWaiter> waiter;
  Position delivered{};
  std::vector<std::uint64_t> got;

  void step(StreamGroup& group, Position durable, const std::vector<std::uint64_t>& matching) {
    const StreamStep step = group.next(delivered, durable, 100, waiter);
    if (step.kind == StreamStep::Kind::kCatchUp) {
      for (const auto position : matching) {
        if (position > delivered.value && position <= step.upto.value) got.push_back(position);
      }
    }
    for (const auto& chunk : step.chunks) {
      for (std::size_t i = 0; i + 8 <= chunk->bytes.size(); i += 8) {
        got.push_back(std::stoull(chunk->bytes.substr(i, 8)));
      }
    }
    delivered = step.upto;
  }
};

TEST(StreamGroupTest, RandomSchedulesDeliverEveryMatchOnceInOrder) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  asio::io_context io;
  for (int round = 0; round < 300; ++round) {
    StreamGroup group({}, nullptr, 8 * (1 + random() % 20));
    std::vector<std::uint64_t> matching;
    std::vector<Follower> followers;
    std::uint64_t head = random() % 5, fed = 0;
    for (std::uint64_t p = 1; p <= head; ++p) matching.push_back(p);
    for (int turn = 0; turn < 200; ++turn) {
      switch (random() % 4) {
        case 0:  // events are appended
          for (int n = random() % 6; n > 0; --n) {
            if (++head; random() % 3 != 0) matching.push_back(head);
          }
          break;
        case 1:  // the hub feeds
          if (!group.adopted()) {
            group.adopt({fed = head});
          } else {
            for (const auto position : matching) {
              char text[9];
              std::snprintf(text, sizeof text, "%08llu", static_cast<unsigned long long>(position));
              if (position > fed) group.stage({position}, text);
            }
            group.publish({fed = head});
          }
          break;
        case 2:  // a stream joins, anywhere
          followers.push_back(
              {std::make_shared<StreamWaiter>(io.get_executor()), {random() % (head + 3)}, {}});
          followers.back().got = {followers.back().delivered.value};
          break;
        default:
          if (!followers.empty()) {
            followers[random() % followers.size()].step(group, {head}, matching);
          }
      }
    }
    if (!group.adopted()) group.adopt({fed = head});
    for (const auto position : matching) {
      char text[9];
      std::snprintf(text, sizeof text, "%08llu", static_cast<unsigned long long>(position));
      if (position > fed) group.stage({position}, text);
    }
    group.publish({head});
    for (Follower& follower : followers) {
      for (int i = 0; i < 500 && follower.delivered.value < head; ++i) {
        follower.step(group, {head}, matching);
      }
      std::vector<std::uint64_t> expected{follower.got.front()};
      for (const auto position : matching) {
        if (position > expected.front()) expected.push_back(position);
      }
      ASSERT_EQ(follower.got, expected);
    }
  }
}

}  // namespace
}  // namespace opsledger
