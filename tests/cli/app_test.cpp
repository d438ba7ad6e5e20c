#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "kernel/app/configuration.hpp"
#include "kernel/app/control_socket.hpp"
#include "kernel/app/listen_address.hpp"
#include "kernel/app/logging.hpp"
#include "kernel/app/maintenance.hpp"
#include "kernel/app/plugin_folder.hpp"
#include "kernel/app/serving_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger {
namespace {

class FolderTest : public testing::Test {
 protected:
  const testing_support::TemporaryDirectory directory;
  const std::string folder = directory.path().string();
};

TEST(ListenAddressTest, LoopbackIsTakenInEveryForm) {
  for (const auto& [text, host, port] : {std::tuple{"127.0.0.1:8080", "127.0.0.1", 8080},
                                         {"[::1]:1", "::1", 1},
                                         {"localhost:0", "127.0.0.1", 0},
                                         {"127.9.9.9:65535", "127.9.9.9", 65535}}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, port);
    EXPECT_TRUE(require_loopback(*address).ok());
  }
}

TEST(ListenAddressTest, OtherAddressesAreRefusedWhileThereAreNoAccounts) {
  for (const char* text : {"0.0.0.0:1", "[::]:1", "192.168.1.1:80", "[::ffff:1.2.3.4]:80"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address.ok()) << text;
    const auto refused = require_loopback(*address);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().reason, "listen.not_loopback");
  }
}

TEST(ListenAddressTest, NonsenseIsRefused) {
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x",
                           "example.org:80", "127.0.0.1:8080 ", "127.0.0.1:-1"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.error().reason, "listen.invalid") << text;
  }
}

TEST(ConfigurationTest, EveryLimitOfTheServerCanBeSetAndPrinted) {
  Config config;
  Settings settings = bind_settings(config);
  ASSERT_TRUE(load_config({"",
                           {"OPSLEDGER_SERVER_CONNECTIONS_MAX=7"},
                           {{"server.body_bytes_max", "2048", "--set"},
                            {"server.connections_max", "9", "--set"}}},
                          settings)
                  .ok());
  EXPECT_EQ(config.http.limits.connections_max, 9u);  // a flag wins over the environment
  EXPECT_EQ(config.http.limits.body_bytes_max, 2048u);
  Config again;
  Settings reader = bind_settings(again);
  ASSERT_TRUE(reader.load_text(settings.print(), "printed").ok());
  EXPECT_EQ(again.http.limits.connections_max, 9u);
}

TEST(LoggingTest, UnknownFormatAndLevelAreRefused) {
  EXPECT_FALSE(make_logger({"xml", "info"}).ok());
  EXPECT_FALSE(make_logger({"json", "loud"}).ok());
  EXPECT_TRUE(make_logger({"text", "warn"}).ok());
}

TEST(LoggingTest, JsonLinesAreJsonWhateverTheMessageHolds) {
  testing::internal::CaptureStderr();
  const auto logger = make_logger({"json", "info"});
  ASSERT_TRUE(logger.ok());
  (*logger)->error("a \"quoted\" line\nwith {} and \x01", "braces {}");
  const auto text = testing::internal::GetCapturedStderr();
  const auto line = boost::json::parse(text);
  EXPECT_EQ(line.at("level").as_string(), "error");
  EXPECT_EQ(line.at("message").as_string(), "a \"quoted\" line\nwith braces {} and \x01");
}

TEST_F(FolderTest, PluginLibrariesAreListedInOrderAndNothingElse) {
  for (const char* name : {"b.so", "a.so", "notes.txt"}) std::ofstream(folder + "/" + name) << "x";
  const auto found = plugin_libraries(folder);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].filename(), "a.so");
  EXPECT_FALSE(find_plugin_folder(folder + "/none").ok());
}

TEST_F(FolderTest, ServingFileNamesALivingServerOnly) {
  EXPECT_EQ(read_serving_file(folder), "");
  ASSERT_TRUE(write_serving_file(folder, "http://127.0.0.1:1").ok());
  EXPECT_EQ(read_serving_file(folder), "http://127.0.0.1:1");
  std::ofstream(folder + "/SERVING") << "999999999 http://127.0.0.1:1\n";
  EXPECT_EQ(read_serving_file(folder), "");
  std::ofstream(folder + "/SERVING") << "garbage";
  EXPECT_EQ(read_serving_file(folder), "");
}

TEST_F(FolderTest, ControlSocketCarriesAnswersAndErrors) {
  EXPECT_EQ(ask_server(folder, "echo x").error().reason, "control.unreachable");
  {
    auto control = ControlSocket::open(
        folder, [](std::string_view word, std::string_view rest) -> Result<std::string> {
          if (word == "echo") return std::string(rest);
          return Error{Code::kUnsupported, "control.unknown", "no such\nword"};
        });
    ASSERT_TRUE(control.ok());
    EXPECT_EQ(ask_server(folder, "echo two words").value(), "two words");
    const auto refused = ask_server(folder, "sing");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::kUnsupported);
    EXPECT_EQ(refused.error().reason, "control.unknown");
    EXPECT_EQ(refused.error().message, "no such word");
    const auto mode = std::filesystem::status(folder + "/CONTROL").permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_FALSE(std::filesystem::exists(folder + "/CONTROL"));
}

TEST_F(FolderTest, ControlSocketRefusesAPathThatIsTooLong) {
  const auto deep = folder + "/" + std::string(120, 'd');
  std::filesystem::create_directory(deep);
  EXPECT_EQ(ControlSocket::open(deep, {}).error().reason, "control.path");
}

TEST(BackupJsonTest, ComesBackAsItWas) {
  Backup backup{3, {1'700'000'000'000'000}, 42, "ab", {7}, {}};
  backup.root.bytes[0] = 0xfe;
  const auto again = backup_from_json(to_json(backup));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(to_json(*again), to_json(backup));
  EXPECT_EQ(backup_from_json("{}").error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace opsledger
