// bench http: a server and a load generator in one process, over loopback.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "tools/cli/bench_server.hpp"

namespace opsledger::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Steady = std::chrono::steady_clock;

/// What all connections of one measurement share; one thread.
struct Load {
  asio::ip::tcp::endpoint target;
  Steady::time_point end;
  unsigned events_per_request = 1;
  std::uint64_t number = 0, events = 0, failed = 0;
  std::vector<double> micros;
};

std::string next_body(Load& load) {
  std::string body = R"({"events":[)";
  for (unsigned i = 0; i < load.events_per_request; ++i) {
    if (i > 0) body += ',';
    body += bench_event_json(load.number++);
  }
  return body + "]}";
}

/// One keep-alive connection: request, answer, again, until the time is over.
asio::awaitable<void> run_connection(Load& load) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  co_await stream.async_connect(load.target, asio::use_awaitable);
  stream.socket().set_option(asio::ip::tcp::no_delay(true));
  beast::flat_buffer buffer;
  while (Steady::now() < load.end) {
    http::request<http::string_body> request{http::verb::post, "/v1/events", 11};
    request.set(http::field::host, "localhost");
    request.set(http::field::content_type, "application/json");
    request.body() = next_body(load);
    request.prepare_payload();
    const auto began = Steady::now();
    co_await http::async_write(stream, request, asio::use_awaitable);
    http::response<http::string_body> response;
    co_await http::async_read(stream, buffer, response, asio::use_awaitable);
    load.micros.push_back(std::chrono::duration<double, std::micro>(Steady::now() - began).count());
    if (response.result() == http::status::created) {
      load.events += load.events_per_request;
    } else {
      ++load.failed;
    }
  }
}

void measure(Load& load, unsigned connections, double seconds, const BenchReport& report) {
  asio::io_context io(1);
  load.end = Steady::now() +
             std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
  const Stopwatch watch;
  for (unsigned i = 0; i < connections; ++i) {
    asio::co_spawn(io, run_connection(load), [&](const std::exception_ptr& failed) {
      if (failed) ++load.failed;
    });
  }
  io.run();
  std::string name = "http_append_c" + std::to_string(connections);
  if (load.events_per_request > 1) name += "_b" + std::to_string(load.events_per_request);
  report.add(name, static_cast<double>(load.events) / watch.seconds(), "events/s");
  report.add(name + "_p50", quantile(&load.micros, 0.5), "us");
  report.add(name + "_p99", quantile(&load.micros, 0.99), "us");
  if (load.failed > 0) report.add(name + "_failed", static_cast<double>(load.failed), "requests");
}

}  // namespace

Status bench_http(BenchOptions options, const BenchReport& report) {
  OPS_TRY_ASSIGN(const auto server, BenchServer::start(options));
  std::uint64_t number = 0;
  for (const unsigned connections : options.connections) {
    Load load{server->endpoint(), {}, options.events_per_request};
    load.number = number;
    measure(load, connections, options.seconds, report);
    number = load.number;
  }
  return {};
}

}  // namespace opsledger::cli
