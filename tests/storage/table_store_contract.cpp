#include "tests/storage/table_store_contract.hpp"

#include <map>
#include <random>

namespace opsledger::testing_support {

void TableStoreContract::commit(std::vector<OwnedWrite> writes, std::uint64_t position) {
  const auto status = commit_owned(*rows_, writes, {{{1}}, {position}, {}});
  ASSERT_TRUE(status.ok()) << status.error().message;
}

namespace {

using Strings = std::vector<std::string>;
constexpr std::uint32_t kTable = 3;
constexpr std::uint32_t kByState = 1;

OwnedWrite put(std::string key, std::string row, std::uint64_t position) {
  return {kTable, std::move(key), std::move(row), {position}};
}
OwnedWrite erase(std::string key, std::uint64_t position) {
  return {kTable, std::move(key), std::nullopt, {position}};
}
/// A row in one state, which is also its row bytes; `before` = the state it replaces.
OwnedWrite state(std::string key, std::string now, std::uint64_t position,
                 std::string before = "") {
  OwnedWrite write = put(std::move(key), now, position);
  if (!before.empty()) write.index_remove = {{kByState, before}};
  write.index_add = {{kByState, now}};
  return write;
}

Strings drain(RowCursor& cursor) {
  Strings rows;
  while (cursor.next()) {
    rows.push_back(std::string(cursor.key()) + "=" + std::string(cursor.row()) + "@" +
                   std::to_string(cursor.position().value));
  }
  EXPECT_TRUE(cursor.status().ok());
  return rows;
}

std::string get(const TableGeneration& rows, std::string_view key, Position as_of = kHead) {
  const auto row = rows.get(kTable, key, as_of);
  EXPECT_TRUE(row.ok());
  if (!row.ok() || !*row) return "-";
  return (*row)->row + "@" + std::to_string((*row)->position.value);
}

TEST_P(TableStoreContract, RowIsReadAtHeadAndAsOfEveryPosition) {
  commit({put("a", "1", 5)}, 5);
  commit({put("a", "2", 9)}, 9);
  EXPECT_EQ(get(*rows_, "a"), "2@9");
  EXPECT_EQ(get(*rows_, "a", {9}), "2@9");
  EXPECT_EQ(get(*rows_, "a", {8}), "1@5");
  EXPECT_EQ(get(*rows_, "a", {5}), "1@5");
  EXPECT_EQ(get(*rows_, "a", {4}), "-");
  EXPECT_EQ(get(*rows_, "b"), "-");
  EXPECT_EQ(get(*rows_, ""), "-");
}

TEST_P(TableStoreContract, NewestRowsOfManyKeysAreReadTogether) {
  Strings keys;
  std::vector<OwnedWrite> writes;
  for (int i = 1'000; i < 1'300; ++i) {
    keys.push_back("k" + std::to_string(i));
    if (i % 3 != 0) writes.push_back(put(keys.back(), "row " + keys.back(), 1));
  }
  commit(writes, 1);
  commit({erase(keys[1], 2), put(keys[2], "", 2)}, 2);
  std::size_t seen = 0;
  const std::vector<BytesView> views(keys.begin(), keys.end());
  const auto status = rows_->get_heads(kTable, views, [&](std::size_t i, auto row) {
    EXPECT_EQ(i, seen++);
    const auto one = rows_->get(kTable, keys[i], kHead);
    ASSERT_TRUE(one.ok());
    EXPECT_EQ(row.has_value(), one->has_value()) << keys[i];
    if (row && *one) EXPECT_EQ(*row, (*one)->row);
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(seen, keys.size());
  EXPECT_TRUE(rows_->get_heads(kTable, {}, [](std::size_t, auto) { FAIL(); }).ok());
}

TEST_P(TableStoreContract, ErasedRowIsGoneButWasThere) {
  commit({put("a", "1", 1)}, 1);
  commit({erase("a", 4)}, 4);
  EXPECT_EQ(get(*rows_, "a"), "-");
  EXPECT_EQ(get(*rows_, "a", {3}), "1@1");
  EXPECT_TRUE(drain(*rows_->scan(kTable, {}, kHead, false)).empty());
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, {3}, false)), Strings{"a=1@1"});
  commit({put("a", "2", 6)}, 6);
  EXPECT_EQ(get(*rows_, "a"), "2@6");
  EXPECT_EQ(get(*rows_, "a", {5}), "-");
}

TEST_P(TableStoreContract, EmptyRowIsNotAnErasedRow) {
  commit({put("a", "", 1)}, 1);
  EXPECT_EQ(get(*rows_, "a"), "@1");
  const auto history = rows_->history(kTable, "a");
  ASSERT_EQ(history->size(), 1u);
  EXPECT_FALSE((*history)[0].erased);
}

TEST_P(TableStoreContract, HistoryTellsEveryVersionOldestFirstWithErasures) {
  commit({put("a", "1", 1), put("ab", "x", 1), put("a", "2", 2)}, 2);
  commit({erase("a", 5)}, 5);
  commit({put("a", "3", 7)}, 7);
  const auto history = rows_->history(kTable, "a");
  ASSERT_TRUE(history.ok());
  Strings seen;
  for (const auto& version : *history) {
    EXPECT_EQ(version.key, "a");
    seen.push_back((version.erased ? "erased" : version.row) + "@" +
                   std::to_string(version.position.value));
  }
  EXPECT_EQ(seen, (Strings{"1@1", "2@2", "erased@5", "3@7"}));
  EXPECT_TRUE(rows_->history(kTable, "zz")->empty());
}

TEST_P(TableStoreContract, SeveralVersionsOfAKeyInOneBatchAllStay) {
  commit({put("a", "1", 1), put("a", "2", 2), put("b", "x", 2), put("a", "3", 3)}, 3);
  EXPECT_EQ(get(*rows_, "a", {1}), "1@1");
  EXPECT_EQ(get(*rows_, "a", {2}), "2@2");
  EXPECT_EQ(get(*rows_, "a"), "3@3");
  EXPECT_EQ(rows_->history(kTable, "a")->size(), 3u);
}

TEST_P(TableStoreContract, HundredsOfVersionsInOneBatchAreEachReadAsOfTheirPosition) {
  std::vector<OwnedWrite> writes;
  for (std::uint64_t p = 2; p <= 800; p += 2) {  // small and large rows, several at one position
    writes.push_back(put("a", std::string(p % 9 == 0 ? 9'000 : 9, 'x'), p));
    if (p % 50 == 0) writes.push_back(put("a", "again", p));  // replaces the one before
    writes.push_back(put("b", "b", p));
  }
  commit(writes, 800);
  commit({put("a", "later", 900)}, 900);
  const auto history = rows_->history(kTable, "a");
  ASSERT_EQ(history->size(), 401u);
  for (std::size_t i = 0; i < 400; ++i) {
    const RowVersion& version = (*history)[i];
    ASSERT_EQ(version.position.value, 2 * (i + 1));
    for (const Position as_of : {version.position, version.position.next()}) {
      const auto found = rows_->get(kTable, "a", as_of);
      ASSERT_TRUE(found.ok() && *found);
      ASSERT_EQ((*found)->row, version.row);
      ASSERT_EQ((*found)->position, version.position);
    }
    for (const bool backward : {false, true}) {
      auto cursor = rows_->scan(kTable, {}, version.position, backward);
      ASSERT_TRUE(cursor->next());
      if (backward) ASSERT_TRUE(cursor->next());
      ASSERT_EQ(cursor->key(), "a");
      ASSERT_EQ(cursor->row(), version.row);
    }
  }
  EXPECT_EQ(get(*rows_, "a"), "later@900");
  EXPECT_EQ(rows_->history(kTable, "b")->size(), 400u);
}

TEST_P(TableStoreContract, RowsWithRefusedWritesBesideThemStayAsTheyWere) {
  commit({put("a", "1", 1)}, 1);
  const std::vector<OwnedWrite> bad = {put("a", "2", 2), put("", "x", 2)};
  EXPECT_FALSE(commit_owned(*rows_, bad, {{{1}}, {2}, {}}).ok());
  EXPECT_EQ(get(*rows_, "a"), "1@1");
}

TEST_P(TableStoreContract, LaterWriteAtTheSamePositionReplacesTheVersion) {
  commit({put("a", "1", 1), put("a", "2", 2), put("a", "2b", 2)}, 2);
  EXPECT_EQ(get(*rows_, "a"), "2b@2");
  EXPECT_EQ(rows_->history(kTable, "a")->size(), 2u);
}

TEST_P(TableStoreContract, ScanHonoursRangeDirectionAndTable) {
  commit({put("a", "1", 1), put("b", "2", 1), put("ba", "3", 1), put("c", "4", 1)}, 1);
  OwnedWrite other = put("b", "other", 1);
  other.table = kTable + 1;
  commit({other}, 1);
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, kHead, false)),
            (Strings{"a=1@1", "b=2@1", "ba=3@1", "c=4@1"}));
  for (const Position as_of : {kHead, Position{1}}) {
    EXPECT_EQ(drain(*rows_->scan(kTable, {"b", "c"}, as_of, false)), (Strings{"b=2@1", "ba=3@1"}));
    EXPECT_EQ(drain(*rows_->scan(kTable, {"b", "c"}, as_of, true)), (Strings{"ba=3@1", "b=2@1"}));
    EXPECT_EQ(drain(*rows_->scan(kTable, {"b", ""}, as_of, true)),
              (Strings{"c=4@1", "ba=3@1", "b=2@1"}));
    EXPECT_EQ(drain(*rows_->scan(kTable + 1, {}, as_of, false)), Strings{"b=other@1"});
    EXPECT_TRUE(drain(*rows_->scan(kTable, {"d", ""}, as_of, true)).empty());
  }
}

TEST_P(TableStoreContract, ScanAsOfShowsOneVersionPerRow) {
  for (std::uint64_t p = 1; p <= 20; ++p) commit({put("a", std::to_string(p), p)}, p);
  commit({put("b", "x", 21), erase("a", 22)}, 22);
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, {10}, false)), Strings{"a=10@10"});
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, {21}, false)), (Strings{"a=20@20", "b=x@21"}));
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, {21}, true)), (Strings{"b=x@21", "a=20@20"}));
  EXPECT_EQ(drain(*rows_->scan(kTable, {}, kHead, false)), Strings{"b=x@21"});
}

TEST_P(TableStoreContract, KeysMayHoldAnyBytes) {
  const Strings keys = {std::string("\0", 1),
                        std::string("\0\0", 2),
                        std::string("\0\xff", 2),
                        "a",
                        std::string("a\0", 2),
                        std::string("a\0b", 3),
                        "a\xff",
                        "b"};
  std::vector<OwnedWrite> writes;
  for (const auto& key : keys) writes.push_back(put(key, "r", 1));
  commit(writes, 1);
  for (const Position as_of : {kHead, Position{1}}) {
    const auto cursor = rows_->scan(kTable, {}, as_of, false);
    Strings seen;
    while (cursor->next()) seen.emplace_back(cursor->key());
    EXPECT_EQ(seen, keys);
  }
  for (const auto& key : keys) EXPECT_EQ(rows_->history(kTable, key)->size(), 1u);
}

TEST_P(TableStoreContract, HeadIndexNeverShowsWhatOnceWas) {
  commit({state("i1", "open", 1), state("i2", "open", 2)}, 2);
  commit({state("i1", "closed", 3, "open")}, 3);
  const auto in = [&](const std::string& value) {
    return drain(*rows_->scan_index(kTable, kByState, {value, value + '\x01'}, false));
  };
  EXPECT_EQ(in("open"), Strings{"i2=open@2"});
  EXPECT_EQ(in("closed"), Strings{"i1=closed@3"});
  OwnedWrite gone = erase("i2", 4);
  gone.index_remove = {{kByState, "open"}};
  commit({gone}, 4);
  EXPECT_TRUE(in("open").empty());
  commit({state("i2", "open", 5)}, 5);
  EXPECT_EQ(in("open"), Strings{"i2=open@5"});
}

TEST_P(TableStoreContract, IndexEntryThatStaysIsRemovedAndAddedInOneWrite) {
  commit({state("i1", "open", 1)}, 1);
  OwnedWrite same = state("i1", "open", 2, "open");
  same.row = "changed";
  commit({same}, 2);
  EXPECT_EQ(drain(*rows_->scan_index(kTable, kByState, {}, false)), Strings{"i1=changed@2"});
}

TEST_P(TableStoreContract, IndexIsOrderedByColumnThenKeyInBothDirections) {
  commit({state("k2", "b", 1), state("k1", "b", 1), state("k3", "a", 1), state("k0", "bb", 1)}, 1);
  OwnedWrite other = put("k9", "other", 1);
  other.index_add = {{kByState + 1, "b"}};
  commit({other}, 1);
  EXPECT_EQ(drain(*rows_->scan_index(kTable, kByState, {}, false)),
            (Strings{"k3=a@1", "k1=b@1", "k2=b@1", "k0=bb@1"}));
  EXPECT_EQ(drain(*rows_->scan_index(kTable, kByState, {}, true)),
            (Strings{"k0=bb@1", "k2=b@1", "k1=b@1", "k3=a@1"}));
  EXPECT_EQ(drain(*rows_->scan_index(kTable, kByState, {"b", "bb"}, true)),
            (Strings{"k2=b@1", "k1=b@1"}));
  EXPECT_EQ(drain(*rows_->scan_index(kTable, kByState + 1, {}, false)), Strings{"k9=other@1"});
}

TEST_P(TableStoreContract, ProgressAndRowsAreOneCommit) {
  EXPECT_EQ(rows_->progress().position.value, 0u);
  Progress progress{{{7}}, {42}, {}};
  progress.root.bytes[0] = 9;
  ASSERT_TRUE(commit_owned(*rows_, std::vector{put("a", "1", 42)}, progress).ok());
  EXPECT_EQ(rows_->progress().ledger, progress.ledger);
  EXPECT_EQ(rows_->progress().position, progress.position);
  EXPECT_EQ(rows_->progress().root, progress.root);
  // A refused batch leaves both as they were.
  const std::vector<OwnedWrite> bad = {put("b", "1", 43), put("", "1", 43)};
  EXPECT_EQ(commit_owned(*rows_, bad, {{{7}}, {43}, {}}).error().reason, "row.key");
  EXPECT_EQ(rows_->progress().position.value, 42u);
  EXPECT_EQ(get(*rows_, "b"), "-");
  ASSERT_TRUE(rows_->commit({}, {{{7}}, {50}, {}}).ok());
  EXPECT_EQ(rows_->progress().position.value, 50u);
  EXPECT_TRUE(rows_->flush().ok());
}

TEST_P(TableStoreContract, CursorSeesTheGenerationAsItWasWhenCreated) {
  commit({state("i1", "open", 1)}, 1);
  const auto scan = rows_->scan(kTable, {}, kHead, false);
  const auto index = rows_->scan_index(kTable, kByState, {}, false);
  commit({state("i1", "closed", 2, "open"), state("i2", "open", 2)}, 2);
  EXPECT_EQ(drain(*scan), Strings{"i1=open@1"});
  EXPECT_EQ(drain(*index), Strings{"i1=open@1"});
}

TEST_P(TableStoreContract, GenerationsAreApartAndListedUntilDropped) {
  auto second = *store().open("order@2");
  commit({put("a", "1", 1)}, 1);
  EXPECT_EQ(get(*second, "a"), "-");
  EXPECT_EQ(get(**store().open("order@1"), "a"), "1@1");
  EXPECT_EQ(store().list(), (Strings{"order@1", "order@2"}));
  second.reset();
  EXPECT_TRUE(store().drop("order@2").ok());
  EXPECT_EQ(store().list(), Strings{"order@1"});
  EXPECT_EQ(store().drop("order@2").error().code, Code::kNotFound);
  EXPECT_EQ((*store().open("order@2"))->progress().position.value, 0u);
}

TEST_P(TableStoreContract, BadGenerationNameIsRefused) {
  for (const std::string name : {"", "Upper", "a/b", "a b", "ä"}) {
    const auto opened = store().open(name);
    ASSERT_FALSE(opened.ok()) << name;
    EXPECT_EQ(opened.error().reason, "generation.name");
  }
}

/// Random batches against a plain map of all versions.
TEST_P(TableStoreContract, RandomWritesReadBackAtEveryPosition) {
  const std::uint32_t seed = 20260101;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::map<std::string, std::map<std::uint64_t, std::optional<std::string>>> model;
  std::uint64_t position = 0;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<OwnedWrite> writes;
    for (unsigned i = 0; i < random() % 8; ++i) {
      const std::string key(1 + random() % 2, static_cast<char>('a' + random() % 4));
      position += random() % 2;
      const bool erased = random() % 4 == 0;
      const std::string row = std::to_string(random() % 1000);
      writes.push_back(erased ? erase(key, position + 1) : put(key, row, position + 1));
      model[key][position + 1] = erased ? std::nullopt : std::optional(row);
    }
    ++position;
    commit(writes, position);
  }
  for (std::uint64_t as_of = 0; as_of <= position; ++as_of) {
    Strings expected;
    for (const auto& [key, versions] : model) {
      const auto after = versions.upper_bound(as_of);
      if (after == versions.begin()) continue;
      const auto& [at, row] = *std::prev(after);
      if (row) expected.push_back(key + "=" + *row + "@" + std::to_string(at));
    }
    ASSERT_EQ(drain(*rows_->scan(kTable, {}, {as_of}, false)), expected) << as_of;
    std::reverse(expected.begin(), expected.end());
    ASSERT_EQ(drain(*rows_->scan(kTable, {}, {as_of}, true)), expected) << as_of;
    if (as_of == position) {
      ASSERT_EQ(drain(*rows_->scan(kTable, {}, kHead, true)), expected);
    }
  }
}

}  // namespace
}  // namespace opsledger::testing_support
