#include "kernel/http/connection.hpp"

#include <exception>

#include "kernel/http/dispatch.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"

namespace opsledger {

Connection::Connection(Socket socket, const CoarseClock& clock, const ThreadLoad& load,
                       ConnectionSetup setup)
    : setup_(setup),
      load_(load),
      wire_(std::move(socket), clock),
      reader_(wire_, setup.server.limits, setup.bodies),
      writer_(wire_, setup.server.limits, setup.server.stopping) {}

Task<void> Connection::run() {
  try {
    co_await serve();
  } catch (const std::exception& exception) {
    if (setup_.server.services.log_error) {
      setup_.server.services.log_error(std::string("connection: ") + exception.what());
    }
  }
}

Task<void> Connection::serve() {
  for (bool more = true; more;) more = co_await serve_one();
}

Task<bool> Connection::serve_one() {
  const std::atomic<bool>& stopping = setup_.server.stopping;
  request_ = Request();
  const auto outcome = co_await reader_.next(&request_);
  if (outcome == RequestReader::Outcome::kClosed) co_return false;
  Response response;
  ResponseFraming framing;
  if (outcome == RequestReader::Outcome::kRefused) {
    setup_.server.metrics.requests_refused_total.fetch_add(1, std::memory_order_relaxed);
    response = problem(reader_.error());
    framing.keep_alive = false;
  } else {
    request_.may_block = load_.serves_one();
    response = co_await dispatch(setup_.server, setup_.hosts, request_);
    framing.version = request_.message.version() >= 11 ? 11 : 10;
    framing.head = request_.message.method() == http::verb::head;
    framing.keep_alive =
        request_.message.keep_alive() && !stopping && (framing.version >= 11 || !response.producer);
  }
  const bool written = co_await writer_.write(framing, std::move(response));
  if (!written) co_return false;
  if (framing.keep_alive && !stopping) co_return true;
  co_await wire_.close_gently();
  co_return false;
}

void Connection::stop() {
  if (reader_.idle()) wire_.abort();
}

}  // namespace opsledger
