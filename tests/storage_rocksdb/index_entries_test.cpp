// The order of index entries, which the writing of postings rests on.
#include "storage/rocksdb/index_entries.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace opsledger::rocks {
namespace {

std::vector<IndexEntry> random_entries(std::size_t count, std::uint64_t hash_mask) {
  std::mt19937_64 random(count);
  std::vector<IndexEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back({random() & hash_mask, static_cast<std::uint32_t>(random() % 1'000)});
  }
  return entries;
}

TEST(SortEntries, AnyNumberOfEntriesIsSortedByHashThenOffset) {
  std::vector<IndexEntry> space;
  for (const std::size_t count : {0, 1, 2, 63, 64, 65, 127, 128, 1'000, 12'288, 50'000}) {
    auto entries = random_entries(count, UINT64_MAX), expected = entries;
    std::sort(expected.begin(), expected.end());
    sort_entries(&entries, &space);
    EXPECT_EQ(entries, expected) << count;
  }
}

TEST(SortEntries, HashesThatShareTheirHighBitsAreSortedToo) {
  std::vector<IndexEntry> space;
  for (const std::uint64_t mask : {0ull, 7ull, 0xffffull, 0xff00000000000007ull}) {
    auto entries = random_entries(5'000, mask), expected = entries;
    std::sort(expected.begin(), expected.end());
    sort_entries(&entries, &space);
    EXPECT_EQ(entries, expected) << mask;
  }
}

}  // namespace
}  // namespace opsledger::rocks
