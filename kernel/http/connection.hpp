// One client connection: request, answer, request, answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/http/context.hpp"
#include "kernel/http/request_reader.hpp"
#include "kernel/http/response_writer.hpp"
#include "kernel/http/thread_load.hpp"
#include "kernel/http/wire.hpp"

namespace opsledger {

/// What all connections share.
struct ConnectionSetup {
  ServerContext& server;
  const std::vector<std::string>& hosts;
  BodyBudget& bodies;
  const std::optional<TlsContext>& tls;  ///< set before the first connection
};

/// Belongs to one I/O thread, which owns it until `run` returns.
class Connection {
 public:
  Connection(Socket socket, const CoarseClock& clock, const ThreadLoad& load,
             ConnectionSetup setup);

  /// Serves until the peer or a limit ends it. Never throws.
  Task<void> run();
  void sweep() { wire_.sweep(); }
  /// Close now when no request is being read or answered; else its answer is the last (the
  /// server's `stopping` is set).
  void stop();
  /// Close now.
  void abort() { wire_.abort(); }

 private:
  Task<void> serve();
  Task<bool> serve_one();

  ConnectionSetup setup_;
  const ThreadLoad& load_;
  const Peer peer_;
  Wire wire_;
  RequestReader reader_;
  ResponseWriter writer_;
  Request request_;  // the one being answered
};

}  // namespace opsledger
