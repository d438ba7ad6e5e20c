// Leapfrog walks: candidates, exact step counts, and that a check in parts equals one check.
#include "storage/core/posting_walk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "storage/core/match.hpp"
#include "storage/core/record.hpp"
#include "storage/memory/oracle_match.hpp"
#include "tests/storage/ledger_contract.hpp"

namespace opsledger::testing_support {
namespace {

/// Posting lists of a handful of events; shows only positions in (from, to].
class Lists final : public PostingSource {
 public:
  void add(std::uint64_t position, const NewEvent& event, TagHashFunction hash) {
    for (const auto& tag : event.tags) lists_[{PostingKind::kTag, hash(tag)}].insert(position);
    lists_[{PostingKind::kType, hash(event.type)}].insert(position);
  }
  void show(std::uint64_t from, std::uint64_t to) {
    from_ = from;
    to_ = to;
  }
  Result<Position> seek(const PostingList& list, Position at_least) override {
    const auto& positions = lists_[list];
    const auto found = positions.lower_bound(std::max(at_least.value, from_ + 1));
    if (found == positions.end() || *found > to_) return kNoPosting;
    return Position{*found};
  }

 private:
  std::map<PostingList, std::set<std::uint64_t>> lists_;
  std::uint64_t from_ = 0;
  std::uint64_t to_ = UINT64_MAX - 1;
};

std::uint64_t poor_hash(BytesView text) {
  return static_cast<std::uint64_t>(text.back()) % 3;
}

TEST(ItemWalk, StepsAreThoseOfTheDefinition) {
  Lists lists;
  for (const std::uint64_t p : {2, 5, 9}) lists.add(p, new_event("t.a", {"a:1"}), tag_hash);
  for (const std::uint64_t p : {3, 9}) lists.add(p, new_event("t.b", {"b:1"}), tag_hash);
  // wanted 1: a→2, b→3, a→5, b→9, a→9: five steps to the candidate.
  ItemWalk walk(lists_of({{}, {"b:1", "a:1"}}, tag_hash), {0});
  EXPECT_EQ(**walk.next(lists, 100), Position{9});
  EXPECT_EQ(walk.steps(), 5u);
  EXPECT_EQ(**walk.next(lists, 100), kNoPosting);  // a failed seek is no step
  EXPECT_EQ(walk.steps(), 5u);
  ItemWalk short_walk(lists_of({{}, {"a:1", "b:1"}}, tag_hash), {0});
  EXPECT_FALSE((*short_walk.next(lists, 4)).has_value());
}

TEST(ItemWalk, TypesAreOneListAndRepeatedTagsAreOne) {
  Lists lists;
  lists.add(4, new_event("t.a"), tag_hash);
  lists.add(2, new_event("t.b"), tag_hash);
  ItemWalk walk(lists_of({{"t.a", "t.b", "t.a"}, {}}, tag_hash), {0});
  EXPECT_EQ(**walk.next(lists, 100), Position{2});
  EXPECT_EQ(**walk.next(lists, 100), Position{4});
  EXPECT_EQ(**walk.next(lists, 100), kNoPosting);
  EXPECT_EQ(walk.steps(), 2u);
  EXPECT_EQ(lists_of({{}, {"a:1", "a:1"}}, tag_hash).tags.size(), 1u);
}

TEST(ItemWalk, AfterTheLastPositionThereIsNothing) {
  Lists lists;
  lists.add(4, new_event("t.a"), tag_hash);
  ItemWalk walk(lists_of({{"t.a"}, {}}, tag_hash), {UINT64_MAX});
  EXPECT_EQ(**walk.next(lists, 100), kNoPosting);
}

enum class Verdict { kMatch, kNoMatch, kTooBroad };

/// A random little log, checked against random conditions.
class RandomLog {
 public:
  RandomLog(std::mt19937& random, TagHashFunction hash) : random_(random), hash_(hash) {
    const std::size_t size = 1 + random_() % 60;
    for (std::size_t i = 0; i < size; ++i) {
      NewEvent event = new_event(type());
      for (unsigned n = random_() % 3; n > 0; --n) event.tags.push_back(tag());
      Bytes record;
      encode_event(event, {i + 1}, {}, "", &record);
      lists_.add(i + 1, event, hash);
      events_.emplace_back(record);
    }
  }

  AppendCondition condition() {
    AppendCondition condition;
    for (unsigned n = 1 + random_() % 3; n > 0; --n) {
      QueryItem item;
      for (unsigned t = random_() % 3; t > 0; --t) item.types.push_back(type());
      for (unsigned t = random_() % 3; t > 0; --t) item.tags.push_back(tag());
      if (item.types.empty() && item.tags.empty()) item.types.push_back(type());
      condition.query.items.push_back(item);
    }
    condition.after = {random_() % (events_.size() + 2)};
    return condition;
  }

  /// Checked in parts that end at `cuts`, the last of which is the log's end.
  Verdict walk(const AppendCondition& condition, std::vector<std::uint64_t> cuts,
               std::uint64_t steps_max) {
    ConditionWalk walk(condition, hash_, steps_max);
    std::uint64_t from = 0;
    for (const std::uint64_t cut : cuts) {
      lists_.show(from, cut);
      const auto matched =
          walk.advance(lists_, [&](const QueryItem& item, Position candidate) -> Result<bool> {
            return matches(item, events_[candidate.value - 1].view());
          });
      if (*matched) return Verdict::kMatch;
      from = cut;
    }
    return walk.finish().ok() ? Verdict::kNoMatch : Verdict::kTooBroad;
  }

  Verdict oracle(const AppendCondition& condition, std::uint64_t steps_max) {
    Verdict verdict = Verdict::kNoMatch;
    for (const auto& item : condition.query.items) {
      const auto judged = oracle::judge_item(
          item, condition.after.value, events_.size(), steps_max / condition.query.items.size(),
          [this](std::uint64_t p) -> const EventView& { return events_[p - 1].view(); });
      if (judged == oracle::ItemVerdict::kMatch) return Verdict::kMatch;
      if (judged == oracle::ItemVerdict::kTooBroad) verdict = Verdict::kTooBroad;
    }
    return verdict;
  }

  std::size_t size() const { return events_.size(); }

 private:
  std::string type() { return "t.t" + std::to_string(random_() % 4); }
  std::string tag() { return "k:" + std::to_string(random_() % 5); }

  std::mt19937& random_;
  TagHashFunction hash_;
  Lists lists_;
  std::vector<OwnedEvent> events_;
};

TEST(ConditionWalk, CheckInPartsEqualsOneCheckAndTheOracle) {
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int seen[3] = {};
  for (int round = 0; round < 3'000; ++round) {
    RandomLog log(random, tag_hash);
    const auto condition = log.condition();
    const std::uint64_t steps_max = random() % 30;
    const auto expected = log.oracle(condition, steps_max);
    ++seen[static_cast<int>(expected)];
    ASSERT_EQ(log.walk(condition, {log.size()}, steps_max), expected);
    const std::uint64_t cut = random() % (log.size() + 1);
    const std::uint64_t later = cut + random() % (log.size() - cut + 1);
    ASSERT_EQ(log.walk(condition, {cut, later, log.size()}, steps_max), expected);
  }
  for (const int count : seen) EXPECT_GT(count, 50);
}

TEST(ConditionWalk, CollidingHashesNeverChangeTheVerdict) {
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    RandomLog log(random, poor_hash);
    const auto condition = log.condition();
    const std::uint64_t cut = random() % (log.size() + 1);
    ASSERT_EQ(log.walk(condition, {cut, log.size()}, 100'000), log.oracle(condition, 100'000));
  }
}

TEST(TagHash, IsSipHashWithTheDocumentedKey) {
  // Computed with an independent implementation of SipHash-2-4 (storage/FORMAT.md §4).
  EXPECT_EQ(tag_hash(""), 0x37cd44e33fec0cddU);
  EXPECT_EQ(tag_hash("task:T-1"), 0x9a39b5de45b23645U);
  EXPECT_EQ(tag_hash("task.assigned"), 0x35215c6631877b03U);
}

}  // namespace
}  // namespace opsledger::testing_support
