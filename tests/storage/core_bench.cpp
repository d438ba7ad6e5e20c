// Encode, decode and hash, each over a run of events like those of storage/core/README.md:
// about 250 bytes of data, three tags.
#include <benchmark/benchmark.h>

#include "storage/core/log_keys.hpp"
#include "storage/core/match.hpp"
#include "storage/core/merkle.hpp"
#include "storage/core/record.hpp"
#include "storage/core/tag_hash.hpp"
#include "storage/core/tiles.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kEvents = 4'096;

NewEvent sample(std::size_t i) {
  NewEvent event;
  event.type = "order.line_recorded";
  event.tags = {"order:" + std::to_string(500'000 + i % 1000), "sku:P" + std::to_string(i % 100),
                "customer:" + std::to_string(i)};
  event.actor = "importer";
  event.department = "ops-east";
  event.data = Bytes(250, 'x');
  return event;
}

std::vector<Bytes> chunks() {
  std::vector<Bytes> chunks;
  for (std::size_t i = 0; i < kEvents; i += 64) {
    std::vector<Bytes> records(64);
    for (std::size_t j = 0; j < 64; ++j) {
      encode_event(sample(i + j), {i + j + 1}, {1'700'000'000}, "", &records[j]);
    }
    const std::vector<BytesView> views(records.begin(), records.end());
    encode_log_chunk(views, &chunks.emplace_back());
  }
  return chunks;
}

void Encode(benchmark::State& state) {
  const NewEvent event = sample(1);
  Bytes out;
  for (auto _ : state) {
    out.clear();
    encode_event(event, {1}, {2}, "", &out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Encode);

void ValidateProposal(benchmark::State& state) {
  Proposal proposal;
  for (std::size_t i = 0; i < 256; ++i) proposal.events.push_back(sample(i));
  for (auto _ : state) benchmark::DoNotOptimize(validate_proposal(proposal).ok());
  state.SetItemsProcessed(state.iterations() * 256);
}
BENCHMARK(ValidateProposal);

void DecodeInScan(benchmark::State& state) {
  const auto stored = chunks();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const Bytes& value : stored) {
      const auto chunk = LogChunkView::parse(value);
      LogChunkView::Iterator iterator(*chunk);
      EventView event;
      for (BytesView record; iterator.next(&record);) {
        if (!EventDecoder::decode(record, &event)) std::abort();
        sum += event.position.value + event.data.size();
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(DecodeInScan);

void DecodeAndMatchInScan(benchmark::State& state) {
  const auto stored = chunks();
  const QueryItem item{{"order.line_recorded"}, {"order:500007"}};
  for (auto _ : state) {
    std::uint64_t matched = 0;
    for (const Bytes& value : stored) {
      const auto chunk = LogChunkView::parse(value);
      LogChunkView::Iterator iterator(*chunk);
      EventView event;
      for (BytesView record; iterator.next(&record);) {
        if (!EventDecoder::decode(record, &event)) std::abort();
        matched += matches(item, event) ? 1 : 0;
      }
    }
    benchmark::DoNotOptimize(matched);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}
BENCHMARK(DecodeAndMatchInScan);

void DecodeStrict(benchmark::State& state) {
  Bytes record;
  encode_event(sample(1), {1}, {2}, "", &record);
  for (auto _ : state) benchmark::DoNotOptimize(EventDecoder::decode_strict(record).ok());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecodeStrict);

void LeafHash(benchmark::State& state) {
  const Bytes record(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(merkle::leaf_hash(record));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(LeafHash)->Arg(64)->Arg(300);

void TileEdgeAppend(benchmark::State& state) {
  merkle::TileEdge edge;
  std::vector<merkle::Tile> tiles;
  const Hash leaf = merkle::leaf_hash("x");
  for (auto _ : state) {
    edge.append(leaf, &tiles);
    tiles.clear();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TileEdgeAppend);

void TagHash(benchmark::State& state) {
  const Bytes tag = "order:T-202611-0042";
  for (auto _ : state) benchmark::DoNotOptimize(tag_hash(tag));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TagHash);

}  // namespace
}  // namespace opsledger
