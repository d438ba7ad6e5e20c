// Finding and loading libraries: every refusal names cause and action.
#include <algorithm>
#include <fstream>

#include "storage/core/sha256.hpp"
#include "tests/plugin/sample_fixture.hpp"

namespace opsledger {
namespace {

using testing::sample_path;

Error load_error(const std::filesystem::path& path) {
  const auto loaded = load_plugin(path);
  EXPECT_FALSE(loaded.ok());
  return loaded.ok() ? Error{} : loaded.error();
}

TEST(LoadPlugin, GivesOneInstancePerModuleWithTheFilesHash) {
  const auto loaded = load_plugin(sample_path("sample_plugin"));
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 2u);
  EXPECT_EQ((*loaded)[0]->info().name, "sample");
  EXPECT_EQ((*loaded)[1]->info().name, "second");
  std::ifstream file(sample_path("sample_plugin"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ((*loaded)[0]->info().hash, sha256(bytes));
  EXPECT_EQ((*loaded)[1]->info().hash, sha256(bytes));
}

TEST(LoadPlugin, LoadsAgainAfterTheLastInstanceIsGone) {
  for (int i = 0; i < 3; ++i) {
    const auto loaded = load_plugin(sample_path("sample_plugin"));
    ASSERT_TRUE(loaded.ok());
    EXPECT_TRUE((*loaded)[0]->create_state(0).ok());
  }
}

TEST(LoadPlugin, StatesMayOutliveTheInstance) {
  std::unique_ptr<ModelState> state;
  {
    auto loaded = load_plugin(sample_path("sample_plugin"));
    state = *(*loaded)[0]->create_state(0);
  }
  state.reset();  // deinit, which aborts when a state is left, runs after this
}

TEST(LoadPlugin, SaysThatThereIsNoSuchFile) {
  const Error error = load_error("/nonexistent/plugin.so");
  EXPECT_EQ(error.code, Code::kNotFound);
  EXPECT_EQ(error.reason, "plugin.not_found");
  EXPECT_THAT(error.message, ::testing::HasSubstr("/nonexistent/plugin.so"));
  EXPECT_EQ(load_error("/tmp").reason, "plugin.not_found");
}

TEST(LoadPlugin, RefusesALibraryCutShortAnywhere) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "cut_short.so";
  std::filesystem::copy_file(sample_path("sample_plugin"), path,
                             std::filesystem::copy_options::overwrite_existing);
  const std::uint64_t whole = std::filesystem::file_size(path);
  std::vector<std::uint64_t> lengths = {whole - 1, whole - 64, 65, 64, 63, 1, 0};
  for (std::uint64_t length = whole - 4096; length > 4096; length -= 4096) {
    lengths.push_back(length);
  }
  std::ranges::sort(lengths, std::ranges::greater());
  for (const std::uint64_t length : lengths) {
    std::filesystem::resize_file(path, length);
    const Error error = load_error(path);
    EXPECT_EQ(error.reason, "plugin.not_loadable") << length;
    if (length > 65) EXPECT_THAT(error.message, ::testing::HasSubstr(std::to_string(whole)));
  }
  std::filesystem::remove(path);
}

TEST(LoadPlugin, SaysWhyTheLoaderRefusesAFile) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "no_library.so";
  std::ofstream(path) << "this is text";
  const Error error = load_error(path);
  EXPECT_EQ(error.code, Code::kInvalid);
  EXPECT_EQ(error.reason, "plugin.not_loadable");
  EXPECT_THAT(error.message, ::testing::HasSubstr("no_library.so"));
  std::filesystem::remove(path);
}

TEST(LoadPlugin, SaysWhichSymbolIsMissing) {
  const Error error = load_error(sample_path("sample_no_symbol"));
  EXPECT_EQ(error.reason, "plugin.no_symbol");
  EXPECT_THAT(error.message, ::testing::HasSubstr("opsledger_plugin"));
}

TEST(LoadPlugin, RepeatsWhatInitSaid) {
  const Error error = load_error(sample_path("sample_init_fails"));
  EXPECT_EQ(error.code, Code::kInternal);
  EXPECT_EQ(error.reason, "plugin.failed");
  EXPECT_THAT(error.message, ::testing::HasSubstr("init"));
  EXPECT_THAT(error.message, ::testing::HasSubstr("no licence"));
}

TEST(LoadPlugin, SurvivesAThrowingDescribe) {
  const Error error = load_error(sample_path("sample_describe_throws"));
  EXPECT_EQ(error.reason, "plugin.misbehaved");
  EXPECT_THAT(error.message, ::testing::HasSubstr("describe: the plugin threw boom"));
}

}  // namespace
}  // namespace opsledger
