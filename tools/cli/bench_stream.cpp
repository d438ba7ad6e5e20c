// bench stream: from when an event was due to be appended until each subscriber has it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <cmath>

#include "tools/cli/bench_server.hpp"

namespace opsledger::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Steady = std::chrono::steady_clock;
using Tcp = asio::ip::tcp;

constexpr std::string_view kDue = R"("due":)";
constexpr std::string_view kLastType = "shop.bench_ended";
constexpr std::chrono::milliseconds kTick{1};
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kLastEventBytesMax = 2 * 1024;

/// What the appender and all subscribers share; one thread.
struct Feed {
  asio::io_context io{1};
  Tcp::endpoint target;
  Steady::time_point begin;
  unsigned rate = 0;  ///< events/s
  double seconds = 0;
  std::size_t ready = 0, finished = 0;
  std::uint64_t bytes = 0;
  std::vector<double> micros;  ///< of the oldest event of everything that was read at once
};

std::int64_t since(const Feed& feed, Steady::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time - feed.begin).count();
}

void append_event(std::uint64_t number, std::int64_t due, std::string_view type, std::string* out) {
  const auto event = bench_event(number);
  out->append(R"({"type":")").append(type.empty() ? std::string_view(event.type) : type);
  out->append(R"(","tags":[")").append(event.tags[0]).append("\",\"").append(event.tags[1]);
  out->append("\",\"").append(event.tags[2]).append(R"("],"data":{"due":)");
  out->append(std::to_string(due)).append(",").append(event.data, 1);
  out->push_back('}');
}

asio::awaitable<void> post(beast::tcp_stream& stream, std::string events) {
  http::request<http::string_body> request{http::verb::post, "/v1/events", 11};
  request.set(http::field::host, "localhost");
  request.set(http::field::content_type, "application/json");
  request.body() = R"({"events":[)" + events + "]}";
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
}

/// Sends what has become due since the last request: a slow answer does not slow the schedule.
asio::awaitable<void> append_at_rate(Feed& feed) {
  beast::tcp_stream stream(feed.io);
  co_await stream.async_connect(feed.target, asio::use_awaitable);
  stream.socket().set_option(Tcp::no_delay(true));
  const auto total = static_cast<std::uint64_t>(feed.seconds * feed.rate);
  asio::steady_timer timer(feed.io, feed.begin);
  for (std::uint64_t number = 0; number < total;) {
    co_await timer.async_wait(asio::use_awaitable);
    const auto due_by = since(feed, Steady::now());
    std::string events;
    for (std::uint64_t due; number < total; ++number) {
      due = number * 1'000'000 / feed.rate;
      if (static_cast<std::int64_t>(due) > due_by) break;
      if (!events.empty()) events += ',';
      append_event(number, static_cast<std::int64_t>(due), {}, &events);
    }
    timer.expires_at(Steady::now() + kTick);
    if (!events.empty()) co_await post(stream, std::move(events));
  }
  std::string last;
  append_event(total, since(feed, Steady::now()), kLastType, &last);
  co_await post(stream, std::move(last));
}

void observe(Feed& feed, std::string_view piece) {
  feed.bytes += piece.size();
  const auto found = piece.find(kDue);
  if (found == std::string_view::npos) return;
  std::int64_t due = 0;
  const auto digits = piece.substr(found + kDue.size());
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), due).ptr;
  if (end == digits.data() + digits.size()) return;  // cut off: the next one counts
  feed.micros.push_back(static_cast<double>(since(feed, Steady::now()) - due));
}

asio::awaitable<void> subscribe(Feed& feed) {
  Tcp::socket socket(feed.io);
  co_await socket.async_connect(feed.target, asio::use_awaitable);
  const std::string request =
      "GET /v1/events/stream?after=head HTTP/1.1\r\nHost: localhost\r\n\r\n";
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  std::vector<char> buffer(kReadBytes);
  for (bool first = true;; first = false) {
    const auto size = co_await socket.async_read_some(asio::buffer(buffer), asio::use_awaitable);
    if (first) ++feed.ready;
    const std::string_view piece(buffer.data(), size);
    observe(feed, piece);
    const auto tail = piece.substr(size - std::min(size, kLastEventBytesMax));
    if (tail.find(kLastType) != std::string_view::npos) break;
  }
  ++feed.finished;
}

asio::awaitable<void> run_feed(Feed& feed, unsigned subscribers) {
  for (unsigned i = 0; i < subscribers; ++i) {
    asio::co_spawn(feed.io, subscribe(feed), asio::detached);
  }
  asio::steady_timer timer(feed.io);
  while (feed.ready < subscribers) {
    timer.expires_after(kTick);
    co_await timer.async_wait(asio::use_awaitable);
  }
  feed.begin = Steady::now() + std::chrono::milliseconds(100);
  co_await append_at_rate(feed);
}

}  // namespace

Status bench_stream(BenchOptions options, const BenchReport& report) {
  OPS_TRY_ASSIGN(const auto server, BenchServer::start(options));
  Feed feed;
  feed.target = server->endpoint();
  feed.rate = options.rate;
  feed.seconds = options.seconds;
  asio::co_spawn(feed.io, run_feed(feed, options.subscribers), asio::detached);
  feed.io.run_for(std::chrono::seconds(60) + std::chrono::seconds(std::lround(2 * feed.seconds)));
  const auto name = "stream_" + std::to_string(options.subscribers) + "_subscribers";
  report.add(name + "_p50", quantile(&feed.micros, 0.5), "us");
  report.add(name + "_p99", quantile(&feed.micros, 0.99), "us");
  report.add(name + "_rate", static_cast<double>(feed.bytes) / feed.seconds / 1e6, "MB/s");
  if (feed.finished == options.subscribers) return {};
  return Error{Code::kTimeout, "bench.incomplete",
               std::to_string(options.subscribers - feed.finished) +
                   " subscribers did not get every event; take a lower --rate"};
}

}  // namespace opsledger::cli
