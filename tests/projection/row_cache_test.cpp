#include "kernel/projection/row_cache.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace opsledger {
namespace {

CachedRow* add(RowCache& cache, const std::string& key, const std::string& bytes) {
  CachedRow* row = cache.add(key);
  row->exists = true;
  row->row = bytes;
  cache.grew(0, bytes.size());
  return row;
}

TEST(RowCache, RowsStayWhereTheyAreWhileOthersCome) {
  RowCache cache;
  std::map<std::string, CachedRow*> places;
  for (int i = 0; i < 5'000; ++i) {
    const auto key = "key " + std::to_string(i);
    places[key] = add(cache, key, std::to_string(i));
  }
  for (const auto& [key, place] : places) {
    ASSERT_EQ(cache.find(key), place);
    ASSERT_EQ(place->key, key);
    ASSERT_EQ("key " + place->row, key);
  }
  EXPECT_EQ(cache.find("key"), nullptr);
}

TEST(RowCache, ARowThatWasNotUsedSinceTheLastAgingGoes) {
  RowCache cache;
  add(cache, "used", "1");
  add(cache, "unused", "2");
  cache.age();
  EXPECT_EQ(cache.young_bytes(), 0u);
  ASSERT_NE(cache.find("used"), nullptr);
  EXPECT_GT(cache.young_bytes(), 0u);
  cache.age();
  ASSERT_NE(cache.find("used"), nullptr);
  EXPECT_EQ(cache.find("unused"), nullptr);
  add(cache, "unused", "3");
  EXPECT_EQ(cache.find("unused")->row, "3");
  EXPECT_EQ(cache.find("unused")->last_write, CachedRow::kNone);
}

/// Against a plain map; every third step ages with every row found, so that all of them stay.
TEST(RowCache, RandomUseFindsWhatAMapFinds) {
  const std::uint32_t seed = 20'261'123;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  RowCache cache;
  std::map<std::string, std::string> model;
  for (int step = 0; step < 300; ++step) {
    for (int i = 0; i < 20; ++i) {
      const std::string key(1 + random() % 3, static_cast<char>('a' + random() % 26));
      const auto known = model.find(key);
      const CachedRow* row = cache.find(key);
      ASSERT_EQ(row != nullptr, known != model.end());
      if (row == nullptr) {
        model[key] = std::to_string(i);
        add(cache, key, model[key]);
      } else {
        ASSERT_EQ(row->row, known->second);
      }
    }
    if (step % 3 != 0) continue;
    for (const auto& [key, bytes] : model) ASSERT_NE(cache.find(key), nullptr);
    cache.age();
  }
  cache.clear();
  EXPECT_EQ(cache.find(model.begin()->first), nullptr);
  EXPECT_EQ(cache.young_bytes(), 0u);
}

}  // namespace
}  // namespace opsledger
