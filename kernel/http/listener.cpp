#include "kernel/http/listener.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "kernel/http/metrics.hpp"
#include "kernel/http/problem.hpp"
#include "kernel/http/response_writer.hpp"

namespace opsledger {

namespace {

constexpr std::chrono::milliseconds kAcceptPause{50};  ///< after EMFILE and the like

/// Tells a connection beyond the limit so, without waiting for it. What it sent already is read, or
/// closing would reset the connection and lose the answer.
void refuse(Socket socket, const std::string& date) {
  const Response response = problem(overloaded("too many connections are open"));
  std::string text;
  append_response_head(response, {.version = 11, .keep_alive = false, .head = false}, date, &text);
  text += response.body;
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  std::array<char, 4096> sink;
  socket.read_some(asio::buffer(sink), ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
}

}  // namespace

Listener::Listener(std::vector<std::unique_ptr<IoThread>>& threads, ServerContext& server)
    : threads_(threads),
      server_(server),
      acceptor_(threads.front()->context().get_executor()),
      pause_(threads.front()->context().get_executor()) {
  threads.front()->load().accepts = true;
}

Status Listener::open(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) {
    return Error{Code::kInvalid, "http.address",
                 "cannot listen on '" + address + "': not an IPv4 or IPv6 address"};
  }
  const asio::ip::tcp::endpoint endpoint(ip, port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{Code::kIo, "http.listen",
                 "cannot listen on " + address + ":" + std::to_string(port) + ": " +
                     error.message() + "; choose another address or stop what uses it"};
  }
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void Listener::start() {
  asio::co_spawn(acceptor_.get_executor(), accept_forever(), asio::detached);
}

Task<void> Listener::accept_forever() {
  while (acceptor_.is_open()) {
    boost::system::error_code error;
    Socket socket(acceptor_.get_executor());
    co_await acceptor_.async_accept(socket, asio::redirect_error(use_task, error));
    if (error == asio::error::operation_aborted) co_return;
    if (!error) {
      take(std::move(socket));
      continue;
    }
    pause_.expires_after(kAcceptPause);
    co_await pause_.async_wait(asio::redirect_error(use_task, error));
  }
}

IoThread& Listener::least_loaded() {
  IoThread* least = threads_.back().get();
  for (auto thread = threads_.rbegin(); thread != threads_.rend(); ++thread) {
    const std::size_t open = (*thread)->load().open, fewest = least->load().open;
    if (open < fewest || (open == fewest && open > 0)) least = thread->get();
  }
  return *least;
}

void Listener::take(Socket socket) {
  HttpMetrics& metrics = server_.metrics;
  const auto open = metrics.connections.load(std::memory_order_relaxed);
  if (static_cast<std::size_t>(open) >= server_.limits.connections_max) {
    metrics.connections_refused_total.fetch_add(1, std::memory_order_relaxed);
    refuse(std::move(socket), CoarseClock(server_.services.clock).date());
    return;
  }
  metrics.connections.fetch_add(1, std::memory_order_relaxed);
  metrics.connections_total.fetch_add(1, std::memory_order_relaxed);
  IoThread& thread = least_loaded();
  if (&thread == threads_.front().get()) return thread.adopt(std::move(socket));
  boost::system::error_code error;
  const auto handle = socket.release(error);
  const auto protocol = acceptor_.local_endpoint(error).protocol();
  thread.adopt(Socket(thread.context().get_executor(), protocol, handle));
}

void Listener::stop() {
  asio::post(acceptor_.get_executor(), [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

}  // namespace opsledger
