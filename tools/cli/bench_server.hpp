// A server on a ledger of its own for `bench`: what is measured over loopback is the real one.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "kernel/app/node.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/http/server.hpp"
#include "tools/cli/bench.hpp"

namespace opsledger::cli {

/// A new node in a scratch folder with its projections, and an HTTP server on a free port. All of
/// it is stopped and removed at the end.
class BenchServer {
 public:
  static Result<std::unique_ptr<BenchServer>> start(BenchOptions options);
  ~BenchServer();

  boost::asio::ip::tcp::endpoint endpoint() const;

 private:
  explicit BenchServer(const std::string& parent) : folder_(parent) {}

  const ScratchFolder folder_;
  const SystemClock clock_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace opsledger::cli
