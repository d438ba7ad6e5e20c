#include "tools/cli/bench_server.hpp"

namespace opsledger::cli {

Result<std::unique_ptr<BenchServer>> BenchServer::start(BenchOptions options) {
  std::unique_ptr<BenchServer> bench(new BenchServer(options.directory));
  options.config.data_directory = bench->folder_.path() + "/data";
  OPS_TRY_ASSIGN(bench->node_, Node::open(options.config, bench->clock_, {.create = true}));
  OPS_TRY(bench->node_->start_projections());
  auto server_options = options.config.http;
  server_options.address = "127.0.0.1";
  server_options.port = 0;
  bench->server_ = std::make_unique<HttpServer>(bench->node_->services(), server_options);
  OPS_TRY(bench->server_->start());
  return bench;
}

BenchServer::~BenchServer() {
  if (server_) server_->stop();
  if (node_) node_->stop();
}

boost::asio::ip::tcp::endpoint BenchServer::endpoint() const {
  return {boost::asio::ip::make_address("127.0.0.1"), server_->port()};
}

}  // namespace opsledger::cli
