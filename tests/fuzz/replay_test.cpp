// The fuzz targets without a fuzzer: the seed corpus, every finding kept as a regression, and
// random mutations of them. OPSLEDGER_SEED repeats a run; OPSLEDGER_FUZZ_MUTATIONS lengthens it.
#include <cstdlib>
#include <fstream>
#include <random>

#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {
namespace {

struct Target {
  const char* name;
  void (*run)(BytesView);
};

constexpr Target kTargets[] = {{"record", fuzz_record},
                               {"layout", fuzz_layout},
                               {"tile", fuzz_tile},
                               {"query_json", fuzz_query_json},
                               {"schema_text", fuzz_schema_text},
                               {"codec", fuzz_codec},
                               {"encode", fuzz_encode},
                               {"append", fuzz_append},
                               {"table_filter", fuzz_table_filter},
                               {"csv", fuzz_csv},
                               {"expression", fuzz_expression},
                               {"import_map", fuzz_import_map},
                               {"http", fuzz_http},
                               {"server", fuzz_server},
                               {"xlsx", fuzz_xlsx},
                               {"sheet_file", fuzz_sheet_file}};

std::vector<Bytes> corpus(const char* target) {
  std::vector<std::filesystem::path> paths;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(OPSLEDGER_FUZZ_CORPUS) / target)) {
    paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> inputs;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* given = std::getenv(variable);
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : otherwise;
}

/// One to four small changes: a byte set, a piece taken out, doubled or taken from `other`.
Bytes mutated(Bytes input, const Bytes& other, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (unsigned n = 1 + random() % 4; n > 0; --n) {
    const std::size_t at = below(input.size() + 1), length = below(8);
    switch (random() % 4) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(random());
        break;
      case 1:
        input.erase(at, length);
        break;
      case 2:
        input.insert(at, input.substr(below(input.size() + 1), length));
        break;
      default:
        input.insert(at, other.substr(below(other.size() + 1), 4 * length));
    }
  }
  return input;
}

class FuzzReplay : public ::testing::TestWithParam<Target> {};

TEST_P(FuzzReplay, SeedsAndMutationsKeepThePromises) {
  const auto& target = GetParam();
  const auto inputs = corpus(target.name);
  ASSERT_FALSE(inputs.empty()) << "no seed for " << target.name;
  target.run({});
  for (const auto& input : inputs) target.run(input);

  const unsigned seed = number_from("OPSLEDGER_SEED", std::random_device{}());
  std::printf("OPSLEDGER_SEED=%u\n", seed);
  std::fflush(stdout);  // a broken promise aborts
  std::mt19937 random(seed);
  for (unsigned i = number_from("OPSLEDGER_FUZZ_MUTATIONS", 2'000); i > 0; --i) {
    const auto& input = inputs[random() % inputs.size()];
    target.run(mutated(input, inputs[random() % inputs.size()], random));
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzReplay, ::testing::ValuesIn(kTargets),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace opsledger::fuzz
