#include "storage/base/assert.hpp"
#include "storage/core/log_keys.hpp"
#include "storage/core/postings.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {

namespace {

void chunk(BytesView input) {
  const auto view = LogChunkView::parse(input);
  if (!view) return;
  LogChunkView::Iterator records(*view);
  BytesView record;
  std::uint32_t count = 0;
  std::size_t bytes = 0;
  while (records.next(&record)) {
    if (count < 8) OPS_ASSERT(view->record(count) == record);
    ++count;
    bytes += record.size();
  }
  OPS_ASSERT(count == view->count() && bytes <= input.size());
}

void postings(BytesView input) {
  PostingReader reader({1}, input);
  std::vector<Position> all = {reader.position()};
  while (reader.next()) {
    OPS_ASSERT(reader.position() > all.back());
    all.push_back(reader.position());
  }
  PostingReader seeker({1}, input);
  const Position middle = all[all.size() / 2];
  OPS_ASSERT(seeker.seek(middle) && seeker.position() == middle);
  if (reader.damaged()) return;
  Bytes again;
  encode_postings(all, &again);
  OPS_ASSERT(again == input);
}

void keys(BytesView input) {
  if (const auto first = parse_log_key(input)) OPS_ASSERT(log_key(*first) == input);
  if (const auto number = parse_commit_key(input)) OPS_ASSERT(commit_key(*number) == input);
  if (const auto key = parse_posting_key(input)) {
    OPS_ASSERT(posting_key(key->list, key->first) == input);
  }
  if (const auto tile = parse_tile_key(input)) {
    OPS_ASSERT(tile_key(tile->level, tile->index) == input);
  }
  if (const auto stamp = parse_stamp(input)) OPS_ASSERT(stamp_text(*stamp) == input);
}

void values(BytesView input) {
  if (const auto commit = decode_commit(input)) OPS_ASSERT(encode_commit(*commit) == input);
  if (const auto entry = decode_key_entry(input)) OPS_ASSERT(encode_key_entry(*entry) == input);
  if (const auto known = decode_acknowledged(input)) {
    OPS_ASSERT(encode_acknowledged(*known) == input);
  }
}

}  // namespace

void fuzz_layout(BytesView input) {
  if (input.empty()) return;
  const BytesView rest = input.substr(1);
  switch (input[0] & 3) {
    case 0:
      return chunk(rest);
    case 1:
      return postings(rest);
    case 2:
      return keys(rest);
    default:
      return values(rest);
  }
}

}  // namespace opsledger::fuzz
