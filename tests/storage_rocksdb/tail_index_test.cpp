// The index of the newest events in memory.
#include "storage/rocksdb/tail_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace opsledger::rocks {
namespace {

constexpr PostingList kA{PostingKind::kTag, 1}, kB{PostingKind::kTag, 2},
    kType{PostingKind::kType, 1};
constexpr std::uint64_t kMany = 1u << 20;

/// `events` events with type 1, the first of them with tag 1, all with `tag`.
BatchEntries batch(std::uint32_t events, std::uint64_t tag = 2) {
  BatchEntries entries;
  entries.tags.push_back({1, 0});
  for (std::uint32_t i = 0; i < events; ++i) {
    entries.tags.push_back({tag, i});
    entries.types.push_back({1, i});
  }
  return entries;
}

/// Every chunk of the tags.
template <class Use>
void each_chunk(const TailSegment& segment, std::size_t chunk_max, Use use) {
  const auto used = segment.each_chunk(PostingKind::kTag, chunk_max,
                                       [&](const PostingList& list, auto positions) -> Status {
                                         use(list, positions);
                                         return {};
                                       });
  EXPECT_TRUE(used.ok());
}

TEST(TailIndex, ListsAreFoundInBothDirectionsAcrossSegments) {
  TailIndex tail({{100}, {100}, {}}, kMany);
  tail.add(batch(kSegmentEvents), kSegmentEvents);  // 101 to 16484
  tail.add(batch(3), 3);                            // 16485 to 16487
  const TailPtr view = tail.view();
  ASSERT_EQ(view->segments.size(), 2u);
  EXPECT_EQ(view->last().value, 16'487u);
  EXPECT_EQ(view->seek(kA, {1}).value, 101u);
  EXPECT_EQ(view->seek(kA, {102}).value, 16'485u);
  EXPECT_EQ(view->seek(kA, {16'486}), kNoPosting);
  EXPECT_EQ(view->seek_back(kA, {16'487}).value, 16'485u);
  EXPECT_EQ(view->seek_back(kA, {16'484}).value, 101u);
  EXPECT_EQ(view->seek_back(kA, {100}).value, 0u);
  EXPECT_EQ(view->seek(kType, {4'000}).value, 4'000u);
  EXPECT_EQ(view->seek({PostingKind::kType, 2}, {1}), kNoPosting);
}

TEST(TailIndex, OneEventStandsInAListOnceHoweverOftenItIsNamed) {
  TailIndex tail({{}, {}, {}}, kMany);
  tail.add({{{7, 0}, {7, 0}, {7, 1}, {7, 1}}, {}}, 2);
  std::vector<Position> found;
  each_chunk(*tail.view()->segments[0], 10, [&](const auto&, auto positions) {
    found.assign(positions.begin(), positions.end());
  });
  EXPECT_EQ(found, (std::vector<Position>{{1}, {2}}));
}

TEST(TailIndex, OldViewReadsOnWhenASegmentIsWrittenAndDropped) {
  TailIndex tail({{}, {}, {}}, kMany);
  tail.add(batch(kSegmentEvents), kSegmentEvents);
  tail.add(batch(1), 1);
  const TailPtr before = tail.view();
  ASSERT_TRUE(tail.next({kSegmentEvents}, false));
  tail.drop_first();
  EXPECT_EQ(before->seek(kA, {1}).value, 1u);
  EXPECT_EQ(before->indexed_upto.value, 0u);
  EXPECT_EQ(tail.view()->indexed_upto.value, kSegmentEvents);
  EXPECT_EQ(tail.view()->seek(kA, {1}).value, kSegmentEvents + 1);
}

TEST(TailIndex, NextSegmentIsDurableAndCompleteOrWanted) {
  TailIndex tail({{}, {}, {}}, kMany);
  EXPECT_FALSE(tail.next({}, true));
  tail.add(batch(3), 3);
  EXPECT_FALSE(tail.has_next({3}, false));
  EXPECT_FALSE(tail.next({3}, false));
  EXPECT_FALSE(tail.next({2}, true)) << "event 3 is not durable";
  ASSERT_TRUE(tail.next({3}, true));
  tail.add(batch(kSegmentEvents), kSegmentEvents);  // behind the closed one
  EXPECT_EQ(tail.view()->segments.size(), 2u);
  tail.drop_first();
  EXPECT_FALSE(tail.has_next({kSegmentEvents + 2}, false));
  EXPECT_TRUE(tail.has_next({kSegmentEvents + 3}, false));
}

TEST(TailIndex, TruncatedEventsAreGoneAndTheRestStays) {
  TailIndex tail({{}, {}, {}}, kMany);
  tail.add(batch(5), 5);
  tail.add(batch(kSegmentEvents, 3), kSegmentEvents);
  tail.add(batch(2, 4), 2);
  tail.truncate({5});
  const TailPtr view = tail.view();
  EXPECT_EQ(view->last().value, 5u);
  EXPECT_EQ(view->seek(kB, {5}).value, 5u);
  EXPECT_EQ(view->seek(kA, {2}), kNoPosting);
  EXPECT_EQ(view->seek({PostingKind::kTag, 3}, {1}), kNoPosting);
  EXPECT_EQ(view->seek({PostingKind::kTag, 4}, {1}), kNoPosting);
  EXPECT_EQ(view->seek_back(kType, {900}).value, 5u);
  ASSERT_TRUE(tail.next({5}, false));
  std::size_t lists = 0;
  each_chunk(*tail.view()->segments[0], 256, [&](const auto&, auto) { ++lists; });
  EXPECT_EQ(lists, 2u) << "the list of forgotten events is not written";
}

TEST(TailIndex, FullTailRefusesUntilItIsWritten) {
  TailIndex tail({{10}, {10}, {}}, 4);
  tail.add(batch(3), 3);
  EXPECT_TRUE(tail.admit().ok());
  tail.add(batch(1), 1);
  EXPECT_EQ(tail.admit().error().reason, "append.index_behind");
  EXPECT_EQ(tail.admit().error().code, Code::kOverloaded);
  ASSERT_TRUE(tail.next({14}, true));
  tail.drop_first();
  EXPECT_TRUE(tail.admit().ok());
}

TEST(TailIndex, FailedTailSaysSoAtOnceAndRefusesWhenItIsFull) {
  TailIndex tail({{}, {}, {}}, 2);
  tail.fail({Code::kIo, "storage.io", "no space"});
  EXPECT_EQ(tail.health().error().reason, "storage.index");
  tail.add(batch(1), 1);
  EXPECT_TRUE(tail.admit().ok());
  tail.add(batch(1), 1);
  EXPECT_EQ(tail.admit().error().reason, "storage.index");
  EXPECT_NE(tail.admit().error().message.find("no space"), std::string::npos);
  EXPECT_FALSE(tail.next({2}, true));
}

/// The same postings in the simplest form.
using Oracle = std::map<PostingList, std::vector<Position>>;

void expect_as(const Oracle& oracle, const TailView& view, const PostingList& list,
               Position position) {
  const auto found = oracle.find(list);
  const std::vector<Position> none;
  const auto& positions = found == oracle.end() ? none : found->second;
  const auto at = std::lower_bound(positions.begin(), positions.end(), position);
  EXPECT_EQ(view.seek(list, position), at == positions.end() ? kNoPosting : *at);
  const auto behind = std::upper_bound(positions.begin(), positions.end(), position);
  EXPECT_EQ(view.seek_back(list, position),
            behind == positions.begin() ? Position{} : *(behind - 1));
}

TEST(TailIndex, InterruptedStepEndsWhereItDidAndLeavesOutWhatIsStored) {
  TailIndex tail({{10}, {30}, kB}, kMany);
  tail.add(batch(15), 15);
  EXPECT_FALSE(tail.has_next({25}, false));
  tail.add(batch(5), 5);
  tail.add(batch(7), 7);
  const auto segment = tail.next({37}, false);
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->last().value, 30u);
  EXPECT_EQ(tail.view()->seek(kA, {11}).value, 11u) << "readers find it here until the step ends";
  std::vector<std::uint64_t> hashes;
  each_chunk(*segment, 256, [&](const PostingList& list, auto) { hashes.push_back(list.hash); });
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{2}));
}

TEST(TailIndex, RandomEventsAreFoundAsInSortedVectors) {
  std::mt19937_64 random(7);
  TailIndex tail({{50}, {50}, {}}, kMany);
  Oracle oracle;
  std::uint64_t last = 50;
  for (int i = 0; i < 200; ++i) {
    const std::uint32_t events = 1 + random() % 300;
    BatchEntries entries;
    for (std::uint32_t n = 0; n < events; ++n) {
      const Position position{last + n + 1};
      const std::uint64_t tag = random() % 2'000 << 40, type = random() % 5;  // shared low bits
      entries.tags.push_back({tag, n});
      entries.types.push_back({type, n});
      oracle[{PostingKind::kTag, tag}].push_back(position);
      oracle[{PostingKind::kType, type}].push_back(position);
    }
    tail.add(entries, events);
    last += events;
  }
  ASSERT_GT(tail.view()->segments.size(), 1u);
  for (int i = 0; i < 20'000; ++i) {
    const Position position{random() % (last + 20)};
    expect_as(oracle, *tail.view(), {PostingKind::kTag, random() % 2'000 << 40}, position);
    expect_as(oracle, *tail.view(), {PostingKind::kType, random() % 6}, position);
  }
}

TEST(TailIndex, ChunksAscendAndHoldEverythingOnce) {
  TailSegment segment(Position{1'000});
  segment.add(batch(600, UINT64_MAX), 600);
  std::vector<std::uint64_t> hashes;
  std::vector<std::size_t> sizes;
  std::vector<Position> positions;
  each_chunk(segment, 256, [&](const PostingList& list, auto chunk) {
    hashes.push_back(list.hash);
    sizes.push_back(chunk.size());
    positions.insert(positions.end(), chunk.begin(), chunk.end());
  });
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{1, UINT64_MAX, UINT64_MAX, UINT64_MAX}));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 256, 256, 88}));
  ASSERT_EQ(positions.size(), 601u);
  EXPECT_EQ(positions[1].value, 1'001u);
  EXPECT_EQ(positions.back().value, 1'600u);
}

}  // namespace
}  // namespace opsledger::rocks
