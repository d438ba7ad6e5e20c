// Status line and headers, byte by byte.
#include <gtest/gtest.h>

#include "kernel/http/response_writer.hpp"

namespace opsledger {
namespace {

std::string head(const Response& response, const ResponseFraming& framing, const char* date = "") {
  std::string text;
  append_response_head(response, framing, date, &text);
  return text;
}

TEST(ResponseHeadTest, NamesStatusTypeAndLength) {
  EXPECT_EQ(head(json_response("{}", 201), {}, "Mon, 23 Nov 2026 10:00:00 GMT"),
            "HTTP/1.1 201 Created\r\nServer: opsledger\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHeadTest, KeepsTheLengthWhenOnlyTheHeadIsAskedFor) {
  EXPECT_EQ(head(json_response("12345"), {.head = true}),
            "HTTP/1.1 200 OK\r\nServer: opsledger\r\nContent-Type: application/json\r\n"
            "Content-Length: 5\r\n\r\n");
}

TEST(ResponseHeadTest, SaysWhatBecomesOfTheConnectionWhereThatIsNotTheDefault) {
  Response empty{.status = 204, .content_type = {}};
  empty.headers.emplace_back("X-Position", "7");
  const std::string fields = "Server: opsledger\r\nX-Position: 7\r\n";
  EXPECT_EQ(
      head(empty, {.keep_alive = false}),
      "HTTP/1.1 204 No Content\r\n" + fields + "Connection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head(empty, {.version = 10}),
            "HTTP/1.0 204 No Content\r\n" + fields +
                "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(
      head(empty, {.version = 10, .keep_alive = false}),
      "HTTP/1.0 204 No Content\r\n" + fields + "Connection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHeadTest, LongAnswersAreChunkedWhereThePeerKnowsChunks) {
  Response stream{.content_type = media::kEventStream};
  stream.producer = [](BodyWriter&) -> Task<bool> { co_return true; };
  EXPECT_EQ(head(stream, {}),
            "HTTP/1.1 200 OK\r\nServer: opsledger\r\nContent-Type: text/event-stream\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(head(stream, {.version = 10, .keep_alive = false}),
            "HTTP/1.0 200 OK\r\nServer: opsledger\r\nContent-Type: text/event-stream\r\n"
            "Connection: close\r\n\r\n");
}

}  // namespace
}  // namespace opsledger
