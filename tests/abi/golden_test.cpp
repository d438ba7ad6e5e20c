// The frozen layout of ABI 1: a change that moves, resizes or removes a member fails here. Members
// appended at the end of a struct add lines and raise OPS_ABI_MINOR.
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>

#include "opsledger/abi.h"
#include "tests/abi/abi_offsets.h"

namespace {

// What a host reads before it knows anything else about a library.
static_assert(offsetof(ops_plugin, magic) == 0 && offsetof(ops_plugin, abi_major) == 8);
static_assert(offsetof(ops_host, size) == 0 && offsetof(ops_envelope, size) == 0);
static_assert(offsetof(ops_library, size) == 0 && offsetof(ops_timer_request, size) == 0);

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(AbiGolden, OffsetsMatchAbi1) {
  const std::string path = testing::TempDir() + "abi-1.actual";
  FILE* out = std::fopen(path.c_str(), "w");
  ASSERT_NE(out, nullptr);
  ops_print_abi_offsets(out);
  std::fclose(out);
  const std::string golden = read(OPS_ABI_GOLDEN);
  ASSERT_FALSE(golden.empty()) << "cannot read " OPS_ABI_GOLDEN;
  EXPECT_EQ(read(path), golden) << "the layout of ABI 1 is frozen; append members, never move them";
  std::remove(path.c_str());
}

}  // namespace
