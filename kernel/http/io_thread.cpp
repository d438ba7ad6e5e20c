#include "kernel/http/io_thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "kernel/http/metrics.hpp"

namespace opsledger {

IoThread::IoThread(ConnectionSetup setup, std::chrono::milliseconds tick)
    : setup_(setup),
      tick_(tick),
      work_(context_.get_executor()),
      timer_(context_.get_executor()),
      clock_(setup.server.services.clock) {}

IoThread::~IoThread() {
  join();
}

void IoThread::start() {
  schedule_tick();
  thread_ = std::thread([this] { context_.run(); });
}

void IoThread::adopt(Socket socket) {
  load_.open.fetch_add(1);
  asio::post(context_, [this, socket = std::move(socket)]() mutable {
    auto connection = std::make_shared<Connection>(std::move(socket), clock_, load_, setup_);
    if (draining_) connection->stop();
    asio::co_spawn(context_.get_executor(), keep(std::move(connection)), asio::detached);
  });
}

Task<void> IoThread::keep(std::shared_ptr<Connection> connection) {
  connections_.insert(connection.get());
  co_await connection->run();
  connections_.erase(connection.get());
  connection.reset();
  setup_.server.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
  load_.open.fetch_sub(1);
}

void IoThread::schedule_tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !joining_) on_tick();
  });
}

void IoThread::on_tick() {
  clock_.tick();
  for (Connection* connection : connections_) connection->sweep();
  schedule_tick();
}

void IoThread::drain() {
  asio::post(context_, [this] {
    draining_ = true;
    for (Connection* connection : connections_) connection->stop();
  });
}

void IoThread::abort_all() {
  asio::post(context_, [this] {
    for (Connection* connection : connections_) connection->abort();
  });
}

void IoThread::join() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    joining_ = true;  // a tick that has expired already can no longer be cancelled
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
}

}  // namespace opsledger
