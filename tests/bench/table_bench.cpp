// table_bench DIR [keys=…] [versions=…] [seconds=…] [cache_mb=2048]: the table store in process,
// the same shape as the peers' time-travel table (100-byte rows, 16-byte keys, as much block cache,
// and compacted before it is read). One `name: value unit` per line.
#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <random>

#include "storage/rocksdb/rocks_table_store.hpp"
#include "storage/rocksdb/seal.hpp"
#include "storage/rocksdb/table_generation.hpp"
#include "tests/support/owned_write.hpp"

namespace opsledger::bench {
namespace {

constexpr std::uint64_t kBatch = 256;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void print(const char* name, double value, const char* unit = "per_s") {
  std::printf("%s: %.6g %s\n", name, value, unit);
  std::fflush(stdout);
}

Bytes key_of(std::uint64_t number) {
  Bytes key(16, 'k');
  for (int i = 0; i < 8; ++i) {
    key[static_cast<std::size_t>(i)] =
        static_cast<char>(number * 0x9E3779B97F4A7C15ull >> (56 - 8 * i));
    key[static_cast<std::size_t>(8 + i)] = static_cast<char>(number >> (56 - 8 * i));
  }
  return key;
}

Bytes row_of(std::mt19937_64& random) {
  Bytes row(100, 'v');
  for (std::size_t i = 16; i < 64; ++i) row[i] = "0123456789abcdef"[random() & 15];
  return row;
}

/// Every event reads its row and writes a new version, as projections do.
void write_versions(TableGeneration& rows, std::uint64_t keys, std::uint64_t versions,
                    bool read_before) {
  std::mt19937_64 random(7);
  std::vector<testing_support::OwnedWrite> writes;
  const double begin = now_s();
  for (std::uint64_t p = 1; p <= versions; ++p) {
    const Bytes key = key_of(random() % keys);
    if (read_before) OPS_ASSERT(rows.get(0, key, kHead).ok());
    writes.emplace_back(0, key, row_of(random), Position{p});
    if (p % kBatch != 0) continue;
    OPS_ASSERT(testing_support::commit_owned(rows, writes, {{}, {p}, {}}).ok());
    writes.clear();
  }
  print(read_before ? "get_and_put" : "put", static_cast<double>(versions) / (now_s() - begin));
}

std::shared_ptr<TableGeneration> open_rows(TableStore& store) {
  return store.open("rows@1").value();
}

/// The store must be closed.
void compact(const std::filesystem::path& directory, std::uint64_t versions) {
  OPS_ASSERT(rocks::remove_seal(*rocksdb::Env::Default(), directory).ok());
  const auto family = rocks::table_family_options(rocksdb::NewLRUCache(64u << 20));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  OPS_ASSERT(rocksdb::DB::Open({}, directory.string(), {{"default", family}, {"rows@1", family}},
                               &handles, &opened)
                 .ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  OPS_ASSERT(db->CompactRange({}, handles[1], nullptr, nullptr).ok());
  std::uint64_t bytes = 0;
  db->GetIntProperty(handles[1], "rocksdb.total-sst-files-size", &bytes);
  print("bytes_per_version", static_cast<double>(bytes) / static_cast<double>(versions), "B");
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  OPS_ASSERT(db->Close().ok());
}

void read_rows(TableGeneration& rows, std::uint64_t keys, std::uint64_t versions, double seconds,
               bool head) {
  std::mt19937_64 random(9);
  std::uint64_t reads = 0;
  const double begin = now_s();
  while (now_s() < begin + seconds) {
    for (int i = 0; i < 200; ++i, ++reads) {
      const Position as_of = head ? kHead : Position{1 + random() % versions};
      OPS_ASSERT(rows.get(0, key_of(random() % keys), as_of).ok());
    }
  }
  print(head ? "get_head" : "get_as_of", static_cast<double>(reads) / (now_s() - begin));
}

void scan_rows(TableGeneration& rows, Position as_of, const char* name) {
  const double begin = now_s();
  const auto cursor = rows.scan(0, {}, as_of, false);
  std::uint64_t count = 0;
  while (cursor->next()) ++count;
  OPS_ASSERT(cursor->status().ok());
  print(name, static_cast<double>(count) / (now_s() - begin));
}

}  // namespace
}  // namespace opsledger::bench

int main(int count, char** values) {
  using namespace opsledger;
  using namespace opsledger::bench;
  if (count < 2) return 2;
  std::map<std::string, double> arguments{
      {"keys", 2e5}, {"versions", 1e6}, {"seconds", 1}, {"cache_mb", 2048}};
  for (int i = 2; i < count; ++i) {
    const std::string text = values[i];
    const auto equals = text.find('=');
    if (equals != std::string::npos) {
      arguments[text.substr(0, equals)] = std::stod(text.substr(equals + 1));
    }
  }
  std::filesystem::remove_all(values[1]);
  const auto keys = static_cast<std::uint64_t>(arguments["keys"]);
  const auto versions = static_cast<std::uint64_t>(arguments["versions"]);
  const TableStoreOptions options{
      .directory = values[1],
      .block_cache_bytes = static_cast<std::size_t>(arguments["cache_mb"]) << 20};
  auto store = open_table_store(options).value();
  write_versions(*store->open("plain@1").value(), keys, versions, false);
  OPS_ASSERT(store->drop("plain@1").ok());
  write_versions(*open_rows(*store), keys, versions, true);
  store.reset();
  compact(options.directory, versions);
  store = open_table_store(options).value();
  const auto rows = open_rows(*store);
  scan_rows(*rows, kHead, "scan_head_rows");
  scan_rows(*rows, {versions / 2}, "scan_as_of_half_rows");
  read_rows(*rows, keys, versions, arguments["seconds"], true);
  read_rows(*rows, keys, versions, arguments["seconds"], false);
  return 0;
}
