// Keys, chunks, postings, key entries, commit records: order, round trips, damage.
#include "storage/core/log_keys.hpp"
#include "storage/core/merkle.hpp"
#include "storage/core/postings.hpp"
#include "storage/core/record.hpp"
#include "tests/storage/sample_events.hpp"

namespace opsledger::testing_support {
namespace {

TEST(LogKeys, KeysSortAsTheirNumbers) {
  EXPECT_LT(log_key({255}), log_key({256}));
  EXPECT_EQ(parse_log_key(log_key({1u << 20}))->value, 1u << 20);
  EXPECT_FALSE(parse_log_key("short"));
  const PostingList list{PostingKind::kTag, 0x8899};
  EXPECT_LT(posting_key(list, {255}), posting_key(list, {256}));
  EXPECT_LT(posting_key(list, {UINT64_MAX}), posting_key({PostingKind::kTag, 0x889a}, {0}));
  EXPECT_LT(posting_key({PostingKind::kTag, UINT64_MAX}, {9}),
            posting_key({PostingKind::kType, 0}, {0}));
  const auto parsed = parse_posting_key(posting_key(list, {77}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->list, list);
  EXPECT_EQ(parsed->first.value, 77u);
  EXPECT_FALSE(parse_posting_key("?" + posting_key(list, {77}).substr(1)));
  EXPECT_LT(tile_key(0, 999), tile_key(1, 0));
  EXPECT_EQ(parse_tile_key(tile_key(7, 5))->level, 7u);
  EXPECT_FALSE(parse_tile_key(Bytes(9, '\x08')));
  EXPECT_EQ(parse_commit_key(commit_key(9)), 9u);
}

Bytes chunk_of(const std::vector<Bytes>& records) {
  const std::vector<BytesView> views(records.begin(), records.end());
  Bytes chunk;
  encode_log_chunk(views, &chunk);
  return chunk;
}

TEST(LogChunk, RecordsComeBackByIndexAndInOrder) {
  const std::vector<Bytes> records = {"a", Bytes(65'535, 'b'), "", "ccc"};
  const Bytes chunk = chunk_of(records);
  const auto view = LogChunkView::parse(chunk);
  ASSERT_TRUE(view);
  ASSERT_EQ(view->count(), 4u);
  LogChunkView::Iterator iterator(*view);
  BytesView record;
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(view->record(i), records[i]);
    ASSERT_TRUE(iterator.next(&record));
    EXPECT_EQ(record, records[i]);
  }
  EXPECT_FALSE(iterator.next(&record));
}

TEST(LogChunk, BothEncodersWriteTheSameBytes) {
  const std::vector<Bytes> records = {"one", "two", "three"};
  const std::uint32_t ends[] = {3, 6, 11};
  Bytes chunk;
  encode_log_chunk("onetwothree", ends, &chunk);
  EXPECT_EQ(chunk, chunk_of(records));
}

TEST(LogChunk, EveryTruncationAndAGrownChunkAreRefused) {
  const Bytes chunk = chunk_of({"one", "two"});
  for (std::size_t size = 0; size < chunk.size(); ++size) {
    const std::vector<char> cut(chunk.begin(), chunk.begin() + static_cast<long>(size));
    EXPECT_FALSE(LogChunkView::parse({cut.data(), cut.size()})) << size;
  }
  EXPECT_TRUE(LogChunkView::parse(chunk));
  EXPECT_FALSE(LogChunkView::parse(chunk + "x"));
  EXPECT_FALSE(LogChunkView::parse(Bytes("\x01\xff\xff\xff\xff", 5)));
  EXPECT_FALSE(LogChunkView::parse(Bytes("\x01\x00\x00\x00\x00", 5)));
  EXPECT_FALSE(LogChunkView::parse("\x02" + chunk.substr(1)));
}

TEST(Postings, PositionsComeBackAndSeekFindsTheFirstNotBelow) {
  const Position positions[] = {{5}, {6}, {200}, {100'000}};
  Bytes value;
  encode_postings(positions, &value);
  PostingReader reader({5}, value);
  for (const Position position : positions) {
    EXPECT_EQ(reader.position(), position);
    EXPECT_EQ(reader.next(), position.value != 100'000);
  }
  PostingReader seeker({5}, value);
  EXPECT_TRUE(seeker.seek({5}));
  EXPECT_EQ(seeker.position().value, 5u);
  EXPECT_TRUE(seeker.seek({7}));
  EXPECT_EQ(seeker.position().value, 200u);
  EXPECT_FALSE(seeker.seek({100'001}));
  EXPECT_FALSE(seeker.damaged());
}

TEST(Postings, DamageEndsTheChunkAndIsTold) {
  for (const Bytes& value : {Bytes("\x01\x00", 2), Bytes("\x01\x80", 2)}) {
    PostingReader reader({5}, value);
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.damaged());
  }
  PostingReader overflow({UINT64_MAX - 1}, "\x05");
  EXPECT_FALSE(overflow.next());
  EXPECT_TRUE(overflow.damaged());
}

TEST(CallerKey, StampAndEntrySurviveTheRoundTrip) {
  IdempotencyKey key{"wang", "k", {}, true};
  key.request.bytes[3] = 9;
  const KeyStamp stamp = stamp_of(key);
  EXPECT_EQ(parse_stamp(stamp_text(stamp)), stamp);
  key.permanent = false;
  EXPECT_EQ(parse_stamp(stamp_text(stamp_of(key))), stamp_of(key));
  EXPECT_FALSE(parse_stamp(""));
  EXPECT_FALSE(parse_stamp(stamp_text(stamp) + "p"));
  EXPECT_FALSE(parse_stamp(Bytes(64, 'G')));
  const KeyEntry entry{stamp.request, true, {1}, {2}, {-3}};
  const Bytes bytes = encode_key_entry(entry);
  EXPECT_EQ(decode_key_entry(bytes), entry);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_key_entry(BytesView(bytes).substr(0, size)));
  }
  EXPECT_FALSE(decode_key_entry(bytes + "x"));
}

TEST(Commit, RecordSurvivesTheRoundTripAndDamageIsSeen) {
  const Hash before = merkle::leaf_hash("p");
  for (const std::uint8_t version : {1, 2}) {
    CommitRecord commit{3, {10}, {12}, {-5}, merkle::leaf_hash("r"), before, version};
    const Bytes bytes = encode_commit(commit);
    EXPECT_EQ(bytes.size(), version == 1 ? 97u : 73u);
    const auto decoded = decode_commit(bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(encode_commit(*decoded), bytes);
    EXPECT_EQ(decoded->root, commit.root);
    EXPECT_TRUE(follows_digest(*decoded, before));
    EXPECT_FALSE(follows_digest(*decoded, merkle::leaf_hash("q")));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_commit(BytesView(bytes).substr(0, size)));
    }
    EXPECT_NE(commit_digest(bytes), commit_digest(bytes + "x"));
  }
  Bytes unknown = encode_commit({3, {10}, {12}, {-5}, before, before});
  unknown[0] = 3;
  EXPECT_FALSE(decode_commit(unknown));
}

TEST(AcknowledgedFile, AnyFlippedBitIsSeen) {
  const Acknowledged acknowledged{{{1, 2}}, 3, {12}, merkle::leaf_hash("r")};
  const Bytes bytes = encode_acknowledged(acknowledged);
  EXPECT_EQ(decode_acknowledged(bytes), acknowledged);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_FALSE(decode_acknowledged(flipped)) << bit;
  }
  EXPECT_FALSE(decode_acknowledged(bytes.substr(0, bytes.size() - 1)));
  EXPECT_FALSE(decode_acknowledged(""));
}

}  // namespace
}  // namespace opsledger::testing_support
