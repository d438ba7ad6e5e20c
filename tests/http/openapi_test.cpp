// The generated document: structure here, a real linter where npm has one.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

namespace json = boost::json;

class OpenApiTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    document = get("/openapi.json").json().as_object();
  }
  const json::value& path(std::string_view name) const { return document.at("paths").at(name); }

  json::object document;
};

void collect_references(const json::value& value, std::set<std::string>* found) {
  if (value.is_array()) {
    for (const auto& item : value.get_array()) collect_references(item, found);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      if (member.key() == "$ref" && member.value().is_string()) {
        found->insert(std::string(member.value().get_string()));
      }
      collect_references(member.value(), found);
    }
  }
}

TEST_F(OpenApiTest, ReferencesResolve) {
  std::set<std::string> references;
  collect_references(document, &references);
  EXPECT_GT(references.size(), 10u);
  for (const auto& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/"));
    json::error_code error;
    EXPECT_NE(json::value(document).find_pointer(reference.substr(1), error), nullptr) << reference;
  }
}

TEST_F(OpenApiTest, OperationsHaveUniqueIdsAndDeclareTheirPathParameters) {
  std::set<std::string> ids;
  for (const auto& path : document.at("paths").as_object()) {
    const std::string pattern(path.key());
    for (const auto& method : path.value().as_object()) {
      const auto& operation = method.value().as_object();
      EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second);
      std::set<std::string> declared;
      if (const auto* parameters = operation.if_contains("parameters")) {
        for (const auto& parameter : parameters->as_array()) {
          if (parameter.at("in") != "path") continue;
          declared.insert("{" + std::string(parameter.at("name").as_string()) + "}");
        }
      }
      std::set<std::string> named;
      for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{', at + 1)) {
        named.insert(pattern.substr(at, pattern.find('}', at) - at + 1));
      }
      EXPECT_EQ(declared, named) << pattern;
    }
  }
}

TEST_F(OpenApiTest, CommandsAndTablesOfLoadedModulesAreInIt) {
  const auto& body = path("/v1/commands/wallet.deposit").at("post").at("requestBody").at("content");
  EXPECT_TRUE(
      body.at("application/json").at("schema").at("properties").as_object().contains("amount"));
  const auto& rows = path("/v1/tables/wallet.accounts").at("get").at("responses").at("200");
  EXPECT_TRUE(rows.at("content")
                  .at("application/json")
                  .at("schema")
                  .at("items")
                  .at("properties")
                  .as_object()
                  .contains("balance"));
  EXPECT_TRUE(
      document.at("paths").as_object().contains("/v1/tables/wallet.accounts/rows/{key}/history"));
}

TEST_F(OpenApiTest, EveryPathInItIsServed) {
  for (const auto& path : document.at("paths").as_object()) {
    std::string target(path.key());
    for (auto at = target.find('{'); at != std::string::npos; at = target.find('{')) {
      target.replace(at, target.find('}') - at + 1, "wallet");
    }
    auto client = connect();
    client->send(RawClient::request("PATCH", target));
    EXPECT_EQ(client->read().status, 405u) << target;
  }
}

TEST_F(OpenApiTest, ProblemCodesAreListed) {
  const std::string text = json::serialize(document.at("components").at("responses"));
  for (const char* code : {"append.conflict", "schema.invalid", "idempotency.mismatch",
                           "module.disabled", "projection.behind", "http.overloaded"}) {
    EXPECT_NE(text.find(code), std::string::npos) << code;
  }
}

/// Where a linter was put by `npm install --prefix DIR @redocly/cli`; the runner of the tests says.
TEST_F(OpenApiTest, LinterFindsNoError) {
  const char* linter = std::getenv("OPSLEDGER_OPENAPI_LINTER");
  if (linter == nullptr) {
    GTEST_SKIP() << "set OPSLEDGER_OPENAPI_LINTER to the path of redocly (npm: @redocly/cli)";
  }
  const auto directory =
      std::filesystem::path(::testing::TempDir()) / ("openapi-" + std::to_string(getpid()));
  std::filesystem::create_directories(directory);
  const auto file = directory / "openapi.json";
  std::ofstream(file) << json::serialize(document);
  const std::string command = std::string("REDOCLY_TELEMETRY=off ") + linter +
                              " lint --extends=spec " + file.string() + " > " +
                              (directory / "report").string() + " 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream report(directory / "report");
  EXPECT_EQ(status, 0) << std::string(std::istreambuf_iterator<char>(report), {});
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace opsledger::testing
