// Attachments over HTTP.
#include "kernel/blobs/blob_service.hpp"
#include "storage/core/sha256.hpp"
#include "storage/rocksdb/rocks_blob_store.hpp"
#include "tests/http/http_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {
namespace {

class HttpBlobTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    auto store = open_blob_store({directory.path()});
    ASSERT_TRUE(store.ok());
    BlobService::Options limits;
    limits.bytes_max = kLimit;
    blobs = std::move(BlobService::open(std::move(*store), *ledger, *registry, limits).value());
    Services services{*ledger,     *ledger,   *registry, *schemas,
                      *raw_append, *renderer, *commands, *projections};
    services.blobs = blobs.get();
    HttpServer::Options options;
    options.port = 0;
    options.limits.blob_bytes_max = kLimit;
    options.limits.body_bytes_max = kLimit / 2;
    server = std::make_unique<HttpServer>(std::move(services), options);
    ASSERT_TRUE(server->start().ok());
  }
  static constexpr std::size_t kLimit = 5u << 20;

  testing_support::TemporaryDirectory directory;
  std::unique_ptr<BlobService> blobs;
};

TEST_F(HttpBlobTest, IsStoredAndServedSoThatABrowserRunsNothing) {
  std::string content;
  while (content.size() < 3'000'000) content += "one line of a long text\n";
  const auto stored =
      post("/v1/blobs?name=%E6%8A%A5%E5%91%8A%22.txt", content, {{"Content-Type", "text/html"}});
  ASSERT_EQ(stored.status, 201u) << stored.body;
  EXPECT_EQ(stored.json().at("mime").as_string(), "text/plain");
  EXPECT_EQ(stored.json().at("sha256").as_string(), hex(sha256(content).bytes));
  const auto read = get("/v1/blobs/" + hex(sha256(content).bytes));
  EXPECT_EQ(read.status, 200u);
  EXPECT_EQ(read.body, content);
  EXPECT_EQ(read.header("Content-Type"), "text/plain");
  EXPECT_EQ(read.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(read.header("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(read.header("Content-Disposition"),
            "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.txt");
}

TEST_F(HttpBlobTest, LargerBodiesAreTakenForAttachmentsOnly) {
  const std::string body(kLimit / 2 + 1, 'a');
  EXPECT_EQ(post("/v1/blobs", body).status, 201u);
  // Refused by what is announced, before the body is sent.
  const auto announced = [this](const std::string& target, std::size_t size) {
    const auto client = connect();
    client->send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                 std::to_string(size) + "\r\nContent-Type: application/json\r\n\r\n");
    return client->read().status;
  };
  EXPECT_EQ(announced("/v1/events", body.size()), 413u);
  EXPECT_EQ(announced("/v1/blobsx", body.size()), 413u);
  EXPECT_EQ(announced("/v1/blobs", kLimit + 1), 413u);
}

TEST_F(HttpBlobTest, UnknownAndMalformedHashesAreRefused) {
  EXPECT_EQ(get("/v1/blobs/" + std::string(64, 'a')).status, 404u);
  for (const auto* hash : {"x", "..%2F..%2Fetc", "AA"}) {
    EXPECT_EQ(get("/v1/blobs/" + std::string(hash)).status, 400u) << hash;
  }
  EXPECT_EQ(get("/v1/blobs/" + std::string(64, 'A')).status, 400u);
}

TEST_F(HttpBlobTest, TextHasNoThumbnailAndIsListedWhileNothingRefersToIt) {
  const auto stored = post("/v1/blobs?name=a.txt", "just text");
  const std::string hash(stored.json().at("sha256").as_string());
  EXPECT_EQ(get("/v1/blobs/" + hash + "/thumbnail").code(), "blob.no_image");
  EXPECT_EQ(get("/v1/blobs").json().as_array().size(), 1u);
}

}  // namespace
}  // namespace opsledger::testing
