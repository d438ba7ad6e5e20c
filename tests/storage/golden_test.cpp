// Golden files: every on-disk byte format as it was when it was first released. A file here is
// never changed; a new format version gets a new file and both are kept readable.
// Regenerate one that does not exist yet: OPSLEDGER_WRITE_GOLDEN=1 storage_core_test.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/core/apply.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/merkle.hpp"
#include "storage/core/postings.hpp"
#include "storage/core/record.hpp"
#include "storage/core/tag_hash.hpp"
#include "tests/storage/sample_events.hpp"

namespace opsledger::testing_support {
namespace {

/// Compares `bytes` with the hexadecimal text of a golden file, 32 bytes per line.
void expect_golden(const std::string& name, BytesView bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 32) text += hex(bytes.substr(at, 32)) + '\n';
  const auto path = std::filesystem::path(OPS_GOLDEN_DIRECTORY) / (name + ".hex");
  if (std::getenv("OPSLEDGER_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(path)) {
    std::ofstream(path) << text;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(golden.str(), text) << name;
}

KeyStamp stamp() {
  IdempotencyKey key{"wang", "request-1", {}, true};
  key.request.bytes[0] = 0xaa;
  return stamp_of(key);
}

Bytes record_of(const NewEvent& event, std::uint64_t position, BytesView key_stamp = "") {
  Bytes record;
  encode_event(event, {position}, {1'700'000'000'123'456}, key_stamp, &record);
  return record;
}

CommitRecord commit() {
  CommitRecord record{3, {10}, {12}, {1'700'000'000'123'456}, {}, {}};
  record.root = merkle::leaf_hash("root");
  record.previous = merkle::leaf_hash("previous");
  return record;
}

TEST(Golden, EventRecords) {
  expect_golden("record_v1_full", record_of(full_event(), 0x1122334455667788, stamp_text(stamp())));
  expect_golden("record_v1_small", record_of(small_event(), 1));
}

TEST(Golden, LogChunkAndItsKey) {
  const Bytes first = record_of(small_event(), 258);
  const Bytes second = record_of(full_event(), 259);
  const BytesView records[] = {first, second};
  Bytes chunk;
  encode_log_chunk(records, &chunk);
  expect_golden("log_chunk_v1", chunk);
  expect_golden("log_key", log_key({258}));
}

TEST(Golden, PostingsAndTheirKeys) {
  const Position positions[] = {{258}, {259}, {387}, {100'000}};
  Bytes postings;
  encode_postings(positions, &postings);
  expect_golden("postings", postings);
  expect_golden("posting_key_tag", posting_key({PostingKind::kTag, tag_hash("task:T-1")}, {258}));
  expect_golden("posting_key_type",
                posting_key({PostingKind::kType, tag_hash("task.assigned")}, {258}));
}

TEST(Golden, CallerKeys) {
  expect_golden("caller_key", caller_key_key(stamp().key));
  expect_golden("caller_key_entry_v1",
                encode_key_entry({stamp().request, true, {10}, {12}, {1'700'000'000'123'456}}));
  expect_golden("caller_key_stamp", stamp_text(stamp()));
}

TEST(Golden, TilesCommitsAndAcknowledgedPositions) {
  expect_golden("tile_key", tile_key(2, 0x0102030405));
  expect_golden("commit_key", commit_key(3));
  expect_golden("commit_v2", encode_commit(commit()));
  CommitRecord first_version = commit();
  first_version.version = 1;
  expect_golden("commit_v1", encode_commit(first_version));
  Acknowledged acknowledged{{}, 3, {12}, merkle::leaf_hash("root")};
  for (std::uint8_t i = 0; i < 16; ++i)
    acknowledged.ledger.bytes[i] = static_cast<std::uint8_t>(0xf0 + i);
  expect_golden("acknowledged_v1", encode_acknowledged(acknowledged));
}

TEST(Golden, WholeAppend) {
  class EmptyPrefix final : public LogPrefix {
   public:
    Position last() const override { return {0}; }
    Time recorded_at() const override { return {0}; }
    Result<bool> has_match(const AppendCondition&) const override { return false; }
    Result<std::optional<KeyEntry>> find_key(const ShortHash&) const override {
      return std::optional<KeyEntry>();
    }
    bool knows_schema(const SchemaId&) const override { return true; }
  };
  Proposal proposal;
  proposal.events = {small_event(), full_event()};
  proposal.key = IdempotencyKey{"wang", "request-1", {}, false};
  const auto entries = apply(EmptyPrefix(), proposal, {1'700'000'000'123'456});
  ASSERT_TRUE(entries.ok());
  expect_golden("append_v1", entries->records);
}

}  // namespace
}  // namespace opsledger::testing_support
