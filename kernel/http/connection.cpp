#include "kernel/http/connection.hpp"

#include <algorithm>
#include <exception>

#include "kernel/http/dispatch.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"

namespace opsledger {

namespace {

/// Of an IPv6 address the network: its holder has all the addresses in it.
std::string network_of(asio::ip::address address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + bytes.size() / 2, bytes.end(), 0);
  return asio::ip::address_v6(bytes).to_string();
}

Peer peer_of(const Socket& socket) {
  boost::system::error_code error;
  auto address = socket.remote_endpoint(error).address();
  if (error) return {};
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return {network_of(address), address.is_loopback()};
}

}  // namespace

Connection::Connection(Socket socket, const CoarseClock& clock, const ThreadLoad& load,
                       ConnectionSetup setup)
    : setup_(setup),
      load_(load),
      peer_(peer_of(socket)),
      wire_(std::move(socket), clock, setup.tls ? &*setup.tls : nullptr),
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
    request_.peer = &peer_;
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
