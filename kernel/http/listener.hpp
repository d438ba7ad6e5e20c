// Accepts connections and deals them out to the I/O threads.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <vector>

#include "kernel/http/io_thread.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Lives on the first I/O thread.
class Listener {
 public:
  Listener(std::vector<std::unique_ptr<IoThread>>& threads, ServerContext& server);

  /// Errors: kInvalid `http.address`, kIo `http.listen`.
  Status open(const std::string& address, std::uint16_t port);
  /// Begins to accept; before the threads start.
  void start();
  /// No further connections; any thread.
  void stop();
  std::uint16_t port() const { return port_; }

 private:
  using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
  Task<void> accept_forever();
  /// The one with the fewest connections. Of those without any the last, for the first accepts;
  /// else the first, for the others may wait for the disk (ThreadLoad).
  IoThread& least_loaded();
  void take(Socket socket);

  std::vector<std::unique_ptr<IoThread>>& threads_;
  ServerContext& server_;
  Acceptor acceptor_;
  Timer pause_;
  std::uint16_t port_ = 0;
};

}  // namespace opsledger
