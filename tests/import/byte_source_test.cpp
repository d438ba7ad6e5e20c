#include "kernel/import/byte_source.hpp"

#include <zstd.h>

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <sstream>

#include "tests/import/import_support.hpp"

namespace opsledger::testing {
namespace {

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string gzip(const std::string& text) {
  namespace io = boost::iostreams;
  std::stringstream out;
  {
    io::filtering_ostream chain;
    chain.push(io::gzip_compressor());
    chain.push(out);
    chain << text;
  }
  return out.str();
}

Result<std::string> read_all(const std::string& path) {
  OPS_TRY_ASSIGN(const auto source, open_source(path));
  std::string all(1 << 20, '\0');
  std::size_t size = 0;
  for (;;) {
    OPS_TRY_ASSIGN(const auto count, source->read(all.data() + size, all.size() - size));
    if (count == 0) break;
    size += count;
  }
  EXPECT_EQ(source->bytes_read(), source->bytes_total());
  all.resize(size);
  return all;
}

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + ",x\n";
  return text;
}

TEST(ByteSource, PackedFilesReadLikePlainOnesWhateverTheirName) {
  const TempFolder folder;
  const auto text = sample();
  EXPECT_EQ(read_all(folder.write("plain.csv", text)).value(), text);
  EXPECT_EQ(read_all(folder.write("a.csv.gz", gzip(text))).value(), text);
  EXPECT_EQ(read_all(folder.write("a.csv.zst", zstd(text))).value(), text);
  EXPECT_EQ(read_all(folder.write("named.csv", zstd(text))).value(), text);
}

TEST(ByteSource, ConcatenatedArchivesAreReadToTheEnd) {
  const TempFolder folder;
  EXPECT_EQ(read_all(folder.write("a.gz", gzip("one\n") + gzip("two\n"))).value(), "one\ntwo\n");
  EXPECT_EQ(read_all(folder.write("a.zst", zstd("one\n") + zstd("two\n"))).value(), "one\ntwo\n");
}

TEST(ByteSource, ArchiveCutShortOrDamagedIsAnError) {
  const TempFolder folder;
  for (auto packed : {gzip(sample()), zstd(sample())}) {
    const auto cut = read_all(folder.write("cut", packed.substr(0, packed.size() - 9)));
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().reason, "import.compressed");
    packed[packed.size() / 2] ^= 0x20;
    EXPECT_FALSE(hash_content(*open_source(folder.write("bad", packed)).value(), {}).ok() &&
                 read_all(folder.write("bad", packed)).value() == sample());
  }
}

TEST(ByteSource, MissingFileAndFolderAreErrors) {
  EXPECT_EQ(open_source("/no/such/file.csv").error().code, Code::kNotFound);
  EXPECT_FALSE(open_source("/tmp").ok());
}

TEST(ByteSource, ContentHashDoesNotDependOnThePacking) {
  const TempFolder folder;
  const auto plain = hash_content(*open_source(folder.write("a", sample())).value(), {});
  const auto packed = hash_content(*open_source(folder.write("b", zstd(sample()))).value(), {});
  EXPECT_EQ(plain.value(), packed.value());
}

TEST(Spool, PipeIsReadToTheEndAndCanBeOpenedTwice) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = "a,b\n1,2\n";
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  const auto spool = Spool::make(ends[0]).value();
  ::close(ends[0]);
  EXPECT_EQ(read_all(spool->path()).value(), text);
  EXPECT_EQ(read_all(spool->path()).value(), text);
}

}  // namespace
}  // namespace opsledger::testing
