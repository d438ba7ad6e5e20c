// Attachments: what is taken, who may read it, damage, thumbnails.
#include <fstream>

#include "kernel/blobs/blob_service.hpp"
#include "kernel/blobs/thumbnail.hpp"
#include "storage/core/sha256.hpp"
#include "storage/memory/memory_ledger.hpp"
#include "storage/rocksdb/rocks_blob_store.hpp"
#include "tests/effects/python.hpp"
#include "tests/support/temporary_directory.hpp"

namespace opsledger::testing {
namespace {

class StandingClock final : public Clock {
 public:
  Time now() const override { return {1'794'398'400'000'000}; }
};

/// A PNG of one colour, made by Python.
std::string png(int width, int height) {
  return python(R"(
import struct, sys, zlib
w, h = )" + std::to_string(width) +
                    "," + std::to_string(height) + R"(
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
rows = zlib.compress((b'\0' + b'\x20\x80\xc0' * w) * h) if w * h < 10_000_000 else b''
sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2, 0, 0, 0))
                        + chunk(b'IDAT', rows) + chunk(b'IEND', b''))
)",
                "");
}

class BlobTest : public ::testing::Test {
 protected:
  BlobTest() { open(); }
  void open(BlobService::Options options = {}) {
    service.reset();
    auto store = open_blob_store({directory.path()});
    OPS_ASSERT(store.ok());
    raw = store->get();
    service = std::move(
        BlobService::open(std::move(*store), ledger, registry, std::move(options)).value());
  }
  static RequestContext by(const std::string& actor) {
    RequestContext context;
    context.actor = actor;
    return context;
  }
  std::string reason(const Result<BlobService::Stored>& result) {
    return result ? "stored" : result.error().reason;
  }
  static bool everybody(const EventView&) { return true; }

  testing_support::TemporaryDirectory directory;
  StandingClock clock;
  MemoryLedger ledger{clock};
  Registry registry;
  BlobStore* raw = nullptr;
  std::unique_ptr<BlobService> service;
};

TEST_F(BlobTest, ContentIsKeptByItsHashAndSurvivesReopening) {
  std::string content = "plain text\n";
  while (content.size() < 3 * kBlobPieceBytes + 5) content += content;
  const auto stored = service->store(content, "report.txt", by("P-1"));
  ASSERT_TRUE(stored.ok()) << stored.error().message;
  EXPECT_EQ(stored->facts.mime, "text/plain");
  EXPECT_EQ(stored->hash, sha256(content));
  open();
  EXPECT_EQ(*service->read(stored->hash), content);
  const auto event = ledger.get(stored->position);
  EXPECT_EQ(event->view().type, "blob.stored");
  EXPECT_TRUE(event->view().has_tag("blob:" + hex(stored->hash.bytes)));
}

TEST_F(BlobTest, SameContentIsStoredOnceAndItsUploadNotedOncePerUploader) {
  const auto first = service->store("a,b\n1,2\n3,4\n", "x.csv", by("P-1"));
  const auto again = service->store("a,b\n1,2\n3,4\n", "y.csv", by("P-1"));
  const auto other = service->store("a,b\n1,2\n3,4\n", "y.csv", by("P-2"));
  EXPECT_EQ(first->position, again->position);
  EXPECT_LT(first->position, other->position);
  EXPECT_EQ(ledger.durable().position.value, 2u);
}

TEST_F(BlobTest, TypeIsWhatTheBytesSay) {
  EXPECT_EQ(reason(service->store(png(4, 4), "evil.html", by("P-1"))), "stored");
  const std::string program("MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0", 16);
  for (const std::string& content :
       {std::string("<!DOCTYPE html><html><script>alert(1)</script></html>"),
        std::string("\x7f"
                    "ELF\x02\x01\x01"),
        std::string("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
        program, std::string("#!/bin/sh\nrm -rf /\n")}) {
    EXPECT_EQ(reason(service->store(content, "harmless.png", by("P-1"))), "blob.type") << content;
  }
  EXPECT_EQ(reason(service->store("", "x", by("P-1"))), "blob.empty");
}

TEST_F(BlobTest, TooLargeIsRefusedBeforeAnythingIsStored) {
  open({.bytes_max = 100});
  EXPECT_EQ(reason(service->store(std::string(101, 'a'), "x.txt", by("P-1"))), "blob.too_large");
  EXPECT_EQ(ledger.durable().position.value, 0u);
  EXPECT_EQ(*verify_blobs(*raw, [](const auto&, const auto&) {}), 0u);
}

TEST_F(BlobTest, NamesCannotLeaveTheirFolderOrBreakAHeader) {
  EXPECT_EQ(safe_file_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(safe_file_name("C:\\x\\a.pdf"), "a.pdf");
  EXPECT_EQ(safe_file_name("a\r\nSet-Cookie: x=1\".pdf"), "aSet-Cookie x=1.pdf");
  EXPECT_EQ(safe_file_name(".."), "file");
  EXPECT_EQ(safe_file_name("报价单.xlsx"), "报价单.xlsx");
  std::string longer;
  while (longer.size() < 300) longer += "长";
  EXPECT_LE(safe_file_name(longer).size(), 200u);
}

TEST_F(BlobTest, IsReadByWhoeverSeesAnEventThatCounts) {
  const auto stored = service->store("secret plan", "plan.txt", by("P-1"));
  const auto sees = [](std::string actor) {
    return [actor](const EventView& event) { return event.actor == actor; };
  };
  EXPECT_TRUE(service->find_readable(stored->hash, sees("P-1")).ok());
  EXPECT_EQ(service->find_readable(stored->hash, sees("P-2")).error().code, Code::kNotFound);
  // P-2 appends an event of a type that nobody owns, with the blob's tag.
  NewEvent event{.type = "free.note", .tags = {"blob:" + hex(stored->hash.bytes)}, .actor = "P-2"};
  event.data = "{}";
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  ASSERT_TRUE(append_and_wait(ledger, std::move(proposal)).ok());
  EXPECT_EQ(service->find_readable(stored->hash, sees("P-2")).error().code, Code::kNotFound);
  EXPECT_EQ(service->find_readable(sha256("x"), everybody).error().code, Code::kNotFound);
  EXPECT_EQ(service->find_readable(stored->hash, everybody)->name, "plan.txt");
}

TEST_F(BlobTest, WhatNothingRefersToIsListedAndKept) {
  const auto used = service->store("used by an event", "a.txt", by("P-1"));
  const auto unused = service->store("used by nothing", "b.txt", by("P-1"));
  NewEvent event{.type = "task.submitted", .tags = {"blob:" + hex(used->hash.bytes)}, .actor = "t"};
  event.data = "{}";
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  ASSERT_TRUE(append_and_wait(ledger, std::move(proposal)).ok());
  const auto list = service->unreferenced({});
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->front().hash, unused->hash);
  EXPECT_TRUE(service->unreferenced(unused->hash)->empty());
  EXPECT_TRUE(service->read(unused->hash).ok());
}

TEST_F(BlobTest, DamageIsFound) {
  std::string content;
  for (int i = 0; content.size() < 100'000; ++i) content += "line " + std::to_string(i) + "\n";
  const auto stored = service->store(content, "a.txt", by("P-1"));
  const auto intact = service->store(content + "another", "b.txt", by("P-1"));
  open();  // recovery moves the log's content into blob files
  service.reset();
  unsigned changed = 0;
  for (const auto& file : std::filesystem::directory_iterator(directory.path())) {
    if (file.path().extension() != ".blob") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(50'000);
    bytes.put('#');
    ++changed;
  }
  ASSERT_EQ(changed, 1u);
  open();
  std::vector<Hash> damaged;
  const auto count = verify_blobs(*raw, [&](const Hash& hash, const Error& error) {
    EXPECT_EQ(error.code, Code::kCorrupt);
    damaged.push_back(hash);
  });
  EXPECT_EQ(*count, 2u);
  ASSERT_EQ(damaged.size(), 1u);
  EXPECT_FALSE(service->read(damaged[0]).ok());
  EXPECT_TRUE(damaged[0] == stored->hash || damaged[0] == intact->hash);
}

TEST_F(BlobTest, StoreThatLiesAboutItsContentIsFoundByTheHash) {
  ASSERT_TRUE(raw->put(sha256("one"), "two", "text/plain").ok());
  EXPECT_EQ(service->read(sha256("one")).error().reason, "blob.damaged");
  unsigned found = 0;
  ASSERT_TRUE(verify_blobs(*raw, [&](const auto&, const auto&) { ++found; }).ok());
  EXPECT_EQ(found, 1u);
}

TEST(Thumbnail, IsASmallPngOfTheSameShape) {
  const auto made = make_thumbnail(png(600, 300), "image/png");
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto size = python(
      "import struct, sys; print(*struct.unpack('>II', sys.stdin.buffer.read()[16:24]))", *made);
  EXPECT_EQ(size, "256 128");
  const auto kept = make_thumbnail(png(20, 10), "image/png");
  EXPECT_EQ(
      python("import struct, sys; print(*struct.unpack('>II', sys.stdin.buffer.read()[16:24]))",
             *kept),
      "20 10");
}

TEST(Thumbnail, BombIsRefusedByItsHeader) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(make_thumbnail(png(29'000, 29'000), "image/png").error().reason,
            "blob.image_too_large");
  EXPECT_EQ(make_thumbnail(png(100'000, 1'000), "image/png").error().code, Code::kTooLarge);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST(Thumbnail, BrokenAndForeignContentIsNoImage) {
  auto cut = png(600, 300);
  cut.resize(20);
  for (const auto& [content, mime] : std::vector<std::pair<std::string, std::string>>{
           {cut, "image/png"},
           {"no image", "image/png"},
           {png(4, 4), "application/pdf"},
           {"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"}}) {
    const auto made = make_thumbnail(content, mime);
    ASSERT_FALSE(made.ok()) << mime;
    EXPECT_EQ(made.error().reason, "blob.no_image");
  }
}

}  // namespace
}  // namespace opsledger::testing
