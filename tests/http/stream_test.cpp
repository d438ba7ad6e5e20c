#include <set>

#include "tests/http/http_fixture.hpp"

namespace opsledger::testing {
namespace {

using std::chrono::milliseconds;

/// Reads server-sent events off a chunked answer.
class StreamReader {
 public:
  StreamReader(std::uint16_t port, std::string_view target, const Headers& headers = {})
      : client_(port) {
    client_.send(RawClient::request("GET", target, headers));
    head_ = take_until("\r\n\r\n");
  }
  const std::string& head() const { return head_; }
  RawClient& client() { return client_; }

  /// Next block up to a blank line, comments included; nothing when the stream ended.
  std::optional<std::string> next_block() {
    while (true) {
      if (const auto end = text_.find("\n\n"); end != std::string::npos) {
        std::string block = text_.substr(0, end);
        text_.erase(0, end + 2);
        return block;
      }
      if (!next_chunk()) return {};
    }
  }
  /// Position of the next event.
  std::optional<std::uint64_t> next_id() {
    while (auto block = next_block()) {
      if (block->starts_with("id: ")) return std::stoull(block->substr(4));
    }
    return {};
  }

 private:
  bool more() {
    char bytes[65'536];
    boost::system::error_code error;
    const std::size_t size = client_.socket().read_some(asio::buffer(bytes), error);
    raw_.append(bytes, size);
    return !error;
  }
  std::string take_until(std::string_view mark) {
    while (raw_.find(mark) == std::string::npos) {
      if (!more()) return {};
    }
    const std::size_t size = raw_.find(mark) + mark.size();
    std::string taken = raw_.substr(0, size);
    raw_.erase(0, size);
    return taken;
  }
  bool next_chunk() {
    const std::string line = take_until("\r\n");
    if (line.empty()) return false;
    const std::size_t size = std::stoull(line, nullptr, 16);
    while (raw_.size() < size + 2) {
      if (!more()) return false;
    }
    text_.append(raw_, 0, size);
    raw_.erase(0, size + 2);
    ended_ = size == 0;
    return size > 0;
  }

 public:
  bool ended_cleanly() const { return ended_; }

 private:
  RawClient client_;
  std::string head_, raw_, text_;
  bool ended_ = false;
};

class StreamTest : public HttpTest {
 protected:
  std::unique_ptr<StreamReader> open(std::string_view target, const Headers& headers = {}) {
    return std::make_unique<StreamReader>(server->port(), target, headers);
  }
  void wait_for_streams(std::size_t count) {
    const std::string line = "opsledger_http_streams " + std::to_string(count) + "\n";
    for (int i = 0; i < 200; ++i) {
      if (get("/metrics").body.find(line) != std::string::npos) return;
      std::this_thread::sleep_for(milliseconds(10));
    }
    FAIL() << "never had " << count << " streams";
  }
};

TEST_F(StreamTest, CatchesUpThenGoesOnLive) {
  append_note();
  auto reader = open("/v1/events/stream?type=misc.note");
  EXPECT_NE(reader->head().find("text/event-stream"), std::string::npos);
  EXPECT_EQ(reader->next_id(), head());
  for (int i = 0; i < 5; ++i) {
    append_note();
    EXPECT_EQ(reader->next_id(), head());
  }
}

TEST_F(StreamTest, EventCarriesTheSameJsonAsARead) {
  auto reader = open("/v1/events/stream?type=misc.note");
  append_note("n:1", "深圳");
  std::optional<std::string> block;
  do block = reader->next_block();
  while (block && !block->starts_with("id: "));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->substr(block->find("\ndata: ") + 7),
            get("/v1/events/" + std::to_string(head())).body);
}

TEST_F(StreamTest, LastEventIdResumesAndWinsOverAfter) {
  append_notes(10);
  const auto last = head();
  auto reader = open("/v1/events/stream?type=misc.note&after=0",
                     {{"Last-Event-ID", std::to_string(last - 2)}});
  EXPECT_EQ(reader->next_id(), last - 1);
  EXPECT_EQ(reader->next_id(), last);
}

TEST_F(StreamTest, AfterHeadShowsOnlyNewEvents) {
  append_notes(10);
  auto reader = open("/v1/events/stream?after=head");
  wait_for_streams(1);
  append_note();
  EXPECT_EQ(reader->next_id(), head());
}

TEST_F(StreamTest, PositionBeyondTheHeadWaitsForIt) {
  const auto start_at = head() + 3;
  auto reader = open("/v1/events/stream?after=" + std::to_string(start_at));
  wait_for_streams(1);
  append_notes(5);
  EXPECT_EQ(reader->next_id(), start_at + 1);
}

TEST_F(StreamTest, FiltersByTypeAndTag) {
  auto reader = open("/v1/events/stream?type=misc.note&tag=n:2");
  append_note("n:1");
  append_note("n:2");
  const auto wanted = head();
  append_note("n:1");
  EXPECT_EQ(reader->next_id(), wanted);
}

TEST_F(StreamTest, NeitherGapNorDoubleWhileAppendsRace) {
  HttpLimits limits;
  limits.slice_bytes = 3'000;
  limits.stream_backlog_bytes_max = 20'000;  // catch-up and live alternate
  start(limits);
  const auto from = head();
  constexpr int kBatches = 300;
  std::thread appender([&] {
    for (int i = 0; i < kBatches; ++i) append_notes(1 + i % 7);
  });
  std::vector<std::thread> readers;
  std::atomic<int> broken{0};
  std::uint64_t total = 0;
  for (int i = 0; i < kBatches; ++i) total += 1 + i % 7;
  for (int r = 0; r < 4; ++r) {
    readers.emplace_back([&, r] {
      auto reader = open("/v1/events/stream?type=misc.note");
      for (std::uint64_t expected = from + 1; expected <= from + total; ++expected) {
        if (reader->next_id() != expected) {
          ++broken;
          return;
        }
        if (r == 3 && expected % 97 == 0) {  // one reconnects now and then
          reader = open("/v1/events/stream?type=misc.note",
                        {{"Last-Event-ID", std::to_string(expected)}});
        }
      }
    });
  }
  appender.join();
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(broken, 0);
}

TEST_F(StreamTest, SlowReaderFallsBackToTheLedgerAndMissesNothing) {
  HttpLimits limits;
  limits.stream_backlog_bytes_max = 50'000;
  start(limits);
  auto slow = open("/v1/events/stream?type=misc.note");
  wait_for_streams(1);
  const auto from = head();
  for (int i = 0; i < 20; ++i) append_notes(500, "n:1", std::string(500, 'x'));  // > 7 MB
  for (std::uint64_t expected = from + 1; expected <= head(); ++expected) {
    ASSERT_EQ(slow->next_id(), expected);
  }
}

TEST_F(StreamTest, ReaderThatStopsReadingIsDisconnected) {
  HttpLimits limits;
  limits.write_timeout = milliseconds(300);
  start(limits);
  auto stalled = open("/v1/events/stream?type=misc.note");
  wait_for_streams(1);
  for (int i = 0; i < 20; ++i) append_notes(1'000, "n:1", std::string(500, 'x'));
  wait_for_streams(0);
}

TEST_F(StreamTest, HeartbeatsKeepASilentStreamAlive) {
  HttpLimits limits;
  limits.stream_heartbeat = milliseconds(50);
  limits.idle_timeout = milliseconds(200);
  start(limits);
  auto reader = open("/v1/events/stream?after=head");
  for (int i = 0; i < 8;) {
    const auto block = reader->next_block();
    ASSERT_TRUE(block) << "closed after " << i << " heartbeats";
    if (*block == ": heartbeat") ++i;
  }
  append_note();
  EXPECT_EQ(reader->next_id(), head());
}

TEST_F(StreamTest, GoneReadersFreeTheirPlaces) {
  HttpLimits limits;
  limits.streams_max = 2;
  limits.stream_heartbeat = milliseconds(50);
  start(limits);
  auto one = open("/v1/events/stream?after=head");
  auto two = open("/v1/events/stream?after=head");
  wait_for_streams(2);
  const Answer refused = get("/v1/events/stream");
  EXPECT_EQ(refused.status, 503u);
  EXPECT_EQ(refused.code(), "http.overloaded");
  one.reset();
  wait_for_streams(1);
  auto three = open("/v1/events/stream?after=head");
  EXPECT_NE(three->head().find("200"), std::string::npos);
}

TEST_F(StreamTest, TooManyDifferentFiltersAre503) {
  HttpLimits limits;
  limits.stream_filters_max = 1;
  start(limits);
  auto one = open("/v1/events/stream?tag=n:1");
  auto same = open("/v1/events/stream?tag=n:1");
  EXPECT_NE(same->head().find("200"), std::string::npos);
  EXPECT_EQ(get("/v1/events/stream?tag=n:2").status, 503u);
}

TEST_F(StreamTest, StopEndsStreamsCleanly) {
  auto reader = open("/v1/events/stream?after=head");
  wait_for_streams(1);
  std::thread stopping([&] { server->stop(); });
  while (reader->next_block()) {
  }
  EXPECT_TRUE(reader->ended_cleanly());
  stopping.join();
}

TEST_F(StreamTest, WrongParametersAre400) {
  EXPECT_EQ(get("/v1/events/stream?after=x").status, 400u);
  EXPECT_EQ(get("/v1/events/stream?limit=3").status, 400u);
  EXPECT_EQ(get("/v1/events/stream", {{"Last-Event-ID", "x"}}).status, 400u);
}

TEST_F(StreamTest, HeadOfAStreamEnds) {
  auto client = connect();
  client->send(RawClient::request("HEAD", "/v1/events/stream"));
  EXPECT_EQ(client->read(true).header("Content-Type"), "text/event-stream");
  EXPECT_EQ(client->get("/healthz").status, 200u);
}

TEST_F(StreamTest, HundredReadersAllGetEverything) {
  std::vector<std::unique_ptr<StreamReader>> readers;
  for (int i = 0; i < 100; ++i) readers.push_back(open("/v1/events/stream?after=head"));
  wait_for_streams(100);
  const auto from = head();
  for (int i = 0; i < 10; ++i) append_notes(20);
  for (auto& reader : readers) {
    for (std::uint64_t expected = from + 1; expected <= head(); ++expected) {
      ASSERT_EQ(reader->next_id(), expected);
    }
  }
}

}  // namespace
}  // namespace opsledger::testing
