#include "tools/cli/bench_events.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace opsledger::cli {
namespace {

constexpr const char* kTypes[] = {"shop.order_placed",    "shop.order_paid",   "shop.order_shipped",
                                  "shop.order_cancelled", "shop.item_added",   "shop.item_removed",
                                  "shop.customer_moved",  "shop.stock_counted"};
constexpr std::string_view kPad = "standard delivery requested by customer, leave at the door";
constexpr std::uint64_t kSeedStride = 1ull << 40;  ///< histories of two seeds share no event
constexpr std::size_t kDataBytes = 160;            ///< with type and tags about 250

struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    state += 0x9E3779B97F4A7C15ull;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
};

}  // namespace

NewEvent bench_event(std::uint64_t number) {
  Random random{number * 0x2545F4914F6CDD1Dull + 17};
  NewEvent event;
  event.tags = {"customer:" + std::to_string(random.next() % 100'000),
                "product:" + std::to_string(random.next() % 1'000),
                "region:" + std::to_string(random.next() % 10)};
  event.type = kTypes[random.next() % std::size(kTypes)];
  char head[160];
  const int length = std::snprintf(
      head, sizeof head,
      R"({"order_id":"%016llx%016llx","amount":%u,"currency":"EUR","ref":"%016llx","note":")",
      static_cast<unsigned long long>(random.next()),
      static_cast<unsigned long long>(random.next()),
      static_cast<unsigned>(random.next() % 100'000),
      static_cast<unsigned long long>(random.next()));
  event.data.assign(head, static_cast<std::size_t>(length));
  while (event.data.size() < kDataBytes) event.data += kPad[event.data.size() % kPad.size()];
  event.data += "\"}";
  event.actor = "bench";
  return event;
}

NewEvent bench_history_event(std::uint64_t number, std::uint64_t seed) {
  auto event = bench_event(number + seed * kSeedStride);
  const auto in_hundred = number % 100, in_million = number % 1'000'000;
  const bool flagged = in_million == 499'999;
  if (flagged) event.tags.push_back("audit:flagged");
  if (flagged || in_hundred == 3) event.tags.push_back("shelf:a");
  if (flagged || in_hundred == 4) event.tags.push_back("carrier:b");
  if (flagged || number % 10'000 == 5) event.tags.push_back("shelf:c");
  if (flagged || in_hundred == 6) event.tags.push_back("carrier:d");
  return event;
}

std::string bench_event_json(std::uint64_t number) {
  const auto event = bench_event(number);
  std::string out = R"({"type":")" + event.type + R"(","tags":[)";
  for (std::size_t i = 0; i < event.tags.size(); ++i) {
    out += (i == 0 ? "\"" : ",\"") + event.tags[i] + "\"";
  }
  return out + R"(],"data":)" + event.data + "}";
}

void BenchReport::add(const std::string& name, double value, const char* unit) const {
  std::printf(json_ ? "{\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"}\n" : "%s: %.6g %s\n",
              name.c_str(), value, unit);
  std::fflush(stdout);
}

double quantile(std::vector<double>* values, double share) {
  if (values->empty()) return 0;
  std::sort(values->begin(), values->end());
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values->size()));
  return (*values)[std::min(index, values->size() - 1)];
}

ScratchFolder::ScratchFolder(const std::string& parent)
    : path_((std::filesystem::path(parent) / "opsledger-bench-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) {
    throw std::runtime_error("cannot make a folder in " + parent + "; choose another --dir");
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code failed;
  std::filesystem::remove_all(path_, failed);
}

}  // namespace opsledger::cli
