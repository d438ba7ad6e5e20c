#include "kernel/http/server.hpp"

#include <algorithm>
#include <atomic>

#include "kernel/http/context.hpp"
#include "kernel/http/io_thread.hpp"
#include "kernel/http/listener.hpp"
#include "kernel/http/metrics.hpp"
#include "kernel/http/router.hpp"
#include "kernel/http/stream_hub.hpp"

namespace opsledger {

namespace {

constexpr std::chrono::milliseconds kTickMin{10}, kTickMax{250};
constexpr std::chrono::milliseconds kDrainPoll{2};

Router make_router() {
  Router router;
  add_append_routes(router);
  add_command_routes(router);
  add_import_routes(router);
  add_table_routes(router);
  add_stream_routes(router);
  add_event_routes(router);
  add_module_routes(router);
  add_projection_routes(router);
  add_tlog_routes(router);
  add_role_routes(router);
  add_search_routes(router);
  add_people_routes(router);
  add_rule_routes(router);
  add_session_routes(router);
  add_user_routes(router);
  add_token_routes(router);
  add_setup_routes(router);
  add_blob_routes(router);
  add_channel_routes(router);
  add_system_routes(router);
  add_openapi_routes(router);
  return router;
}

/// Short enough that the shortest time-out is kept to within about a quarter.
std::chrono::milliseconds tick_of(const HttpLimits& limits) {
  const auto shortest = std::min(
      {limits.idle_timeout, limits.header_timeout, limits.body_timeout, limits.write_timeout});
  return std::clamp(shortest / 4, kTickMin, kTickMax);
}

}  // namespace

struct HttpServer::Impl {
  Impl(Services given, Options chosen)
      : services(std::move(given)),
        options(std::move(chosen)),
        router(make_router()),
        refusals(std::make_shared<DurableWaiters>(services.ledger)),
        metrics(router),
        bodies(options.limits.body_bytes_total_max),
        hub(services, options.limits, metrics),
        readers(std::max(1u, options.read_threads), options.limits.queued_requests_max),
        writers(std::max(1u, options.write_threads), options.limits.queued_requests_max),
        hashers(std::max(1u, options.hash_threads), options.limits.queued_logins_max),
        imagers(1, options.limits.queued_thumbnails_max),
        context{services, options.limits, options.version, readers,   writers, hashers, imagers,
                hub,      metrics,        router,          *refusals, stopping} {
    services.secure_cookies |= encrypted();
    const ConnectionSetup setup{context, options.hosts, bodies, tls};
    for (unsigned i = 0; i < std::max(1u, options.io_threads); ++i) {
      threads.push_back(std::make_unique<IoThread>(setup, tick_of(options.limits)));
    }
    listener.emplace(threads, context);
  }

  bool encrypted() const { return !options.tls_certificate_file.empty(); }

  Services services;
  const Options options;
  const Router router;
  const std::shared_ptr<DurableWaiters> refusals;
  HttpMetrics metrics;
  BodyBudget bodies;
  std::optional<TlsContext> tls;
  StreamHub hub;
  WorkerPool readers, writers, hashers, imagers;
  std::atomic<bool> stopping{false};
  ServerContext context;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::optional<Listener> listener;
  bool running = false;
};

HttpServer::HttpServer(Services services, Options options)
    : impl_(std::make_unique<Impl>(std::move(services), std::move(options))) {}

HttpServer::~HttpServer() {
  stop();
}

Status HttpServer::start() {
  if (impl_->encrypted()) {
    OPS_TRY_ASSIGN(impl_->tls, TlsContext::load(impl_->options.tls_certificate_file,
                                                impl_->options.tls_key_file));
  }
  OPS_TRY(impl_->listener->open(impl_->options.address, impl_->options.port));
  impl_->hub.start();
  impl_->refusals->start();
  impl_->listener->start();
  for (auto& thread : impl_->threads) thread->start();
  impl_->running = true;
  return {};
}

void HttpServer::stop() {
  if (!std::exchange(impl_->running, false)) return;
  impl_->stopping = true;
  impl_->listener->stop();
  impl_->hub.stop();
  auto& threads = impl_->threads;
  for (auto& thread : threads) thread->drain();
  const auto deadline = std::chrono::steady_clock::now() + impl_->options.limits.stop_timeout;
  const auto drained = [](const auto& thread) { return thread->drained(); };
  while (!std::all_of(threads.begin(), threads.end(), drained) &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kDrainPoll);
  }
  impl_->refusals->fail({Code::kNotReady, "http.stopping", "the server is stopping; try again"});
  for (auto& thread : threads) thread->abort_all();
  for (auto& thread : threads) thread->join();
  impl_->readers.stop();
  impl_->writers.stop();
  impl_->hashers.stop();
}

std::uint16_t HttpServer::port() const {
  return impl_->listener->port();
}

std::string HttpServer::url() const {
  const std::string& address = impl_->options.address;
  const bool v6 = address.find(':') != std::string::npos;
  const std::string scheme = impl_->encrypted() ? "https://" : "http://";
  return scheme + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port());
}

}  // namespace opsledger
