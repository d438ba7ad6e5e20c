// Event records: round trips, canonical form, hostile bytes.
#include "storage/core/record.hpp"

#include <random>

#include "storage/base/limits.hpp"
#include "tests/storage/sample_events.hpp"

namespace opsledger::testing_support {
namespace {

Bytes encode(const NewEvent& event, BytesView key_stamp = "") {
  Bytes record;
  encode_event(event, {7}, {1'000}, key_stamp, &record);
  return record;
}

TEST(Record, FullEventSurvivesTheRoundTrip) {
  const NewEvent event = full_event();
  const Bytes record = encode(event, "stamp");
  const auto decoded = EventDecoder::decode_strict(record);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->position.value, 7u);
  EXPECT_EQ(decoded->recorded_at.us, 1'000);
  EXPECT_EQ(decoded->metadata("key"), "stamp");
  EXPECT_EQ(decoded->encoded, record);
  const NewEvent copy = to_new_event(*decoded);
  EXPECT_EQ(copy.type, event.type);
  EXPECT_EQ(copy.tags, (std::vector<std::string>{"person:王", "task:T-1"}));
  EXPECT_EQ(copy.department, event.department);
  EXPECT_EQ(copy.actor, event.actor);
  EXPECT_EQ(copy.time, event.time);
  EXPECT_EQ(copy.correlation, event.correlation);
  EXPECT_EQ(copy.causation, event.causation);
  EXPECT_EQ(copy.module, event.module);
  EXPECT_EQ(copy.schema, event.schema);
  EXPECT_EQ(copy.data, event.data);
  EXPECT_EQ(copy.metadata, (Metadata{{"id", "c-1"}, {"reason", "因为"}}));
}

TEST(Record, OrderOfTagsAndMetadataDoesNotChangeTheBytes) {
  NewEvent event = full_event();
  const Bytes record = encode(event);
  std::reverse(event.tags.begin(), event.tags.end());
  event.tags.push_back(event.tags.front());
  std::reverse(event.metadata.begin(), event.metadata.end());
  EXPECT_EQ(encode(event), record);
}

TEST(Record, StampingGivesTheBytesOfEncodingInPlace) {
  Bytes stamped;
  encode_event(full_event(), {}, {}, "", &stamped);
  stamp_record(stamped.data(), {7}, {1'000});
  EXPECT_EQ(stamped, encode(full_event()));
}

TEST(Record, OwnedEventKeepsItsViewsWhenMoved) {
  OwnedEvent first(encode(small_event()));
  const OwnedEvent second(std::move(first));
  EXPECT_EQ(second->type, "task.a");
  EXPECT_EQ(second->data, "{}");
}

TEST(Record, EveryTruncationIsRefusedOrShorterData) {
  const Bytes record = encode(full_event());
  const std::size_t data_offset = record.size() - full_event().data.size();
  for (std::size_t size = 0; size < record.size(); ++size) {
    // An exact allocation, so that the sanitizer sees one byte too far.
    const std::vector<char> cut(record.begin(), record.begin() + static_cast<long>(size));
    EventView event;
    EXPECT_EQ(EventDecoder::decode({cut.data(), cut.size()}, &event), size >= data_offset) << size;
  }
}

TEST(Record, UnknownVersionAndUnknownFlagsAreRefused) {
  Bytes record = encode(small_event());
  EventView event;
  record[0] = 2;
  EXPECT_FALSE(EventDecoder::decode(record, &event));
  record[0] = 1;
  record[1] = 16;
  EXPECT_FALSE(EventDecoder::decode(record, &event));
  record[1] = kRecordHasPersonal;  // reserved: changes nothing in the layout
  EXPECT_TRUE(EventDecoder::decode_strict(record).ok());
}

TEST(Record, TagsOutOfOrderOrDoubledAreNotCanonical) {
  NewEvent event = small_event();
  event.tags = {"a:1", "b:2"};
  Bytes record = encode(event);
  ASSERT_TRUE(EventDecoder::decode_strict(record).ok());
  const std::size_t first = record.find("a:1");
  record.replace(first, 3, "c:1");
  EXPECT_EQ(EventDecoder::decode_strict(record).error().code, Code::kCorrupt);
  record.replace(first, 3, "b:2");
  EXPECT_FALSE(EventDecoder::decode_strict(record).ok());
}

TEST(Record, TextsNoAppendWouldTakeAreRefused) {
  NewEvent event = small_event();
  event.tags = {"a:\xff"};
  EXPECT_EQ(EventDecoder::decode_strict(encode(event)).error().code, Code::kCorrupt);
  event.tags = {"no tag"};
  EXPECT_FALSE(EventDecoder::decode_strict(encode(event)).ok());
  event.tags.clear();
  event.metadata = {{"not\"a name", "x"}};
  EXPECT_FALSE(EventDecoder::decode_strict(encode(event)).ok());
  event.metadata = {{"name", "x"}};
  EXPECT_TRUE(EventDecoder::decode_strict(encode(event)).ok());
}

TEST(Record, LongFormVarintIsRefused) {
  Bytes record = encode(small_event());
  const std::size_t type_length = 18;
  ASSERT_EQ(record[type_length], 6);  // "task.a"
  record.replace(type_length, 1, Bytes("\x86\x00", 2));
  EventView event;
  EXPECT_FALSE(EventDecoder::decode(record, &event));
}

/// Flipped bits, cut and grown records: never a crash, never a read outside (run under ASan), and
/// strict decoding accepts nothing but canonical bytes.
TEST(Record, DamagedBytesNeverCrashAndStrictDecodingIsCanonical) {
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const Bytes good = encode(full_event(), "stamp");
  for (int round = 0; round < 20'000; ++round) {
    std::vector<char> bytes(good.begin(), good.end());
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    bytes.shrink_to_fit();
    const BytesView record(bytes.data(), bytes.size());
    EventView event;
    if (!EventDecoder::decode(record, &event)) continue;
    event.tags();
    event.metadata();
    event.has_tag("x:1");
    const auto strict = EventDecoder::decode_strict(record);
    if (!strict.ok()) continue;
    const auto tags = strict->tags();
    ASSERT_TRUE(std::is_sorted(tags.begin(), tags.end()));
    ASSERT_EQ(tags.size(), strict->tag_count());
  }
}

TEST(Varint, ShortestFormRoundTripsAndOthersAreRefused) {
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128},
        std::uint64_t{16'383}, std::uint64_t{16'384}, std::uint64_t{1} << 62, UINT64_MAX}) {
    Bytes bytes;
    put_varint(&bytes, value);
    ByteReader reader(bytes);
    std::uint64_t read = 1;
    ASSERT_TRUE(reader.varint(&read)) << value;
    EXPECT_EQ(read, value);
    EXPECT_TRUE(reader.empty());
    bytes.back() = static_cast<char>(bytes.back() | 0x80);
    bytes.push_back(0);
    EXPECT_FALSE(ByteReader(bytes).varint(&read)) << value;
  }
  std::uint64_t read;
  EXPECT_FALSE(ByteReader(Bytes(10, '\xff')).varint(&read));
  EXPECT_FALSE(ByteReader(Bytes("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10)).varint(&read));
  EXPECT_FALSE(ByteReader("").varint(&read));
}

}  // namespace
}  // namespace opsledger::testing_support
