#include "kernel/config/settings.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace opsledger {
namespace {

struct Values {
  std::string listen = "127.0.0.1:8080";
  bool json = false;
  std::uint16_t port = 80;
  std::uint64_t bytes_max = 100;
  std::chrono::milliseconds wait{5};
  std::vector<std::string> hosts;
};

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    settings.add("server.listen", &values.listen, "Address.");
    settings.add("server.port", &values.port, "Port.");
    settings.add("server.hosts", &values.hosts, "Names.");
    settings.add("server.bytes_max", &values.bytes_max, "Limit.", {10, 1000});
    settings.add("log.json", &values.json, "JSON lines.");
    settings.add("log.wait_ms", &values.wait, "Wait.");
  }
  Values values;
  Settings settings;
};

TEST_F(SettingsTest, TomlValuesReachTheirVariables) {
  ASSERT_TRUE(
      settings
          .load_text("[server]\nlisten = \"[::1]:1\"\nhosts = [\"a\", \"b\"]\nbytes_max = 20\n"
                     "[log]\njson = true\nwait_ms = 7\n",
                     "f")
          .ok());
  EXPECT_EQ(values.listen, "[::1]:1");
  EXPECT_EQ(values.hosts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(values.bytes_max, 20u);
  EXPECT_TRUE(values.json);
  EXPECT_EQ(values.wait.count(), 7);
}

TEST_F(SettingsTest, UnknownKeyIsRefusedNamingLineAndNearestKey) {
  const auto status = settings.load_text("[server]\nlistne = \"x\"\n", "my.toml");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kInvalid);
  EXPECT_NE(status.error().message.find("my.toml:2"), std::string::npos);
  EXPECT_NE(status.error().message.find("server.listen?"), std::string::npos);
}

TEST_F(SettingsTest, EveryWrongKeyIsListedAtOnce) {
  const auto status = settings.load_text("[server]\nbytes_max = 9\nport = true\nnope = 1\n", "f");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fields.size(), 3u);
}

TEST_F(SettingsTest, WrongTypesAndBoundsAreRefusedAndChangeNothing) {
  for (const char* text :
       {"[server]\nbytes_max = 1001\n", "[server]\nbytes_max = -1\n", "[server]\nport = 65536\n",
        "[server]\nlisten = 5\n", "[server]\nhosts = \"a\"\n", "[log]\njson = 1\n",
        "[log]\nwait_ms = 1.5\n", "[log\n", "[server]\nport = \"80x\"\n"}) {
    EXPECT_FALSE(settings.load_text(text, "f").ok()) << text;
  }
  EXPECT_EQ(values.port, 80);
  EXPECT_EQ(values.bytes_max, 100u);
}

TEST_F(SettingsTest, EnvironmentOverridesAndRefusesTypos) {
  ASSERT_TRUE(settings
                  .load_environment({"OPSLEDGER_SERVER_LISTEN=h:1", "OPSLEDGER_DATASETS=/x",
                                     "OPSLEDGER_LOG_WAIT_MS=9", "PATH=/bin"})
                  .ok());
  EXPECT_EQ(values.listen, "h:1");
  EXPECT_EQ(values.wait.count(), 9);
  EXPECT_FALSE(settings.load_environment({"OPSLEDGER_SERVER_LISTNE=x"}).ok());
}

TEST_F(SettingsTest, PrintedSettingsLoadAgainAndNameTheirOrigin) {
  ASSERT_TRUE(settings.set("server.hosts", "a,b", "--set").ok());
  ASSERT_TRUE(settings.set("server.port", "81", "OPSLEDGER_SERVER_PORT").ok());
  const auto text = settings.print();
  EXPECT_NE(text.find("port = 81  # from OPSLEDGER_SERVER_PORT, default 80"), std::string::npos);
  EXPECT_NE(text.find("(10 to 1000)"), std::string::npos);
  values = Values{};
  ASSERT_TRUE(settings.load_text(text, "printed").ok());
  EXPECT_EQ(values.port, 81);
  EXPECT_EQ(values.hosts.size(), 2u);
}

TEST_F(SettingsTest, MissingFileIsAnErrorThatNamesIt) {
  const auto status = settings.load_file("/nonexistent/opsledger.toml");
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("/nonexistent/opsledger.toml"), std::string::npos);
}

}  // namespace
}  // namespace opsledger
