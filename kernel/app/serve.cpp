#include "kernel/app/serve.hpp"

#include <signal.h>
#include <time.h>

#include <cerrno>
#include <filesystem>

#include "kernel/app/control_socket.hpp"
#include "kernel/app/listen_address.hpp"
#include "kernel/app/logging.hpp"
#include "kernel/app/maintenance.hpp"
#include "kernel/app/node.hpp"
#include "kernel/app/open_files.hpp"
#include "kernel/app/operator_requests.hpp"
#include "kernel/app/serving_file.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/http/server.hpp"

namespace opsledger {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

/// Waits at most `interval`; the signal, or 0.
int wait_for_signal(const sigset_t& set, std::chrono::milliseconds interval) {
  const timespec timeout{interval.count() / 1000, (interval.count() % 1000) * 1'000'000};
  const int signal = sigtimedwait(&set, nullptr, &timeout);
  return signal > 0 ? signal : 0;
}

/// Logs when the node stops or starts being ready, and why.
class ReadinessLog {
 public:
  ReadinessLog(const Node& node, spdlog::logger& log) : node_(node), log_(log) {}
  void look() {
    const auto reasons = node_.not_ready_reasons();
    if (reasons == last_) return;
    for (const auto& reason : reasons) log_.error("not ready: {}", reason);
    if (reasons.empty()) log_.info("ready again");
    last_ = reasons;
  }

 private:
  const Node& node_;
  spdlog::logger& log_;
  std::vector<std::string> last_;
};

/// What commands may ask of this process.
ControlSocket::Handler control_handler(Node& node, const Clock& clock,
                                       std::shared_ptr<spdlog::logger> log) {
  return [&node, &clock, log](std::string_view word, std::string_view rest) -> Result<std::string> {
    if (word == "identity") return operate(node.identities(), clock, rest);
    if (word != "backup" || rest.empty()) {
      return Error{Code::kUnsupported, "control.unknown",
                   "this server only knows: backup DIR, identity JSON"};
    }
    OPS_TRY_ASSIGN(const auto backup, create_backup(node.store(), std::string(rest)));
    log->info("backup {} in {} at position {}", backup.id, rest, backup.position.value);
    return to_json(backup);
  };
}

/// Before anything is made on disk, where it is clear already; and once the ledger is open.
Status check_address(const Config& config, const ListenAddress& address, const Node* node) {
  std::error_code failed;
  const bool exists =
      std::filesystem::exists(std::filesystem::path(config.data_directory) / "FORMAT", failed);
  const bool no_accounts = node != nullptr ? node->identities().in_set_up() : !exists;
  return no_accounts ? require_loopback(address) : Status();
}

HttpServer::Options http_options(const Config& config, const ListenAddress& address) {
  auto options = config.http;
  options.address = address.host;
  options.port = address.port;
  if (!address.loopback) options.hosts.push_back(address.host);
  return options;
}

/// What has to be done now and then, on main's thread.
class Housekeeping {
 public:
  Housekeeping(Node& node, spdlog::logger& log) : node_(node), log_(log) {}
  void look() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kInterval;
    const auto done = node_.identities().tidy();
    if (!done.ok()) log_.error("sessions and tokens: {}", done.error().message);
  }

 private:
  static constexpr std::chrono::minutes kInterval{1};
  Node& node_;
  spdlog::logger& log_;
  std::chrono::steady_clock::time_point next_{};
};

Ready ready(Node& node, const std::string& url) {
  Ready out{url, {}};
  auto& identities = node.identities();
  if (identities.in_set_up())
    out.setup_url = url + "/setup?token=" + identities.setup_link().issue();
  return out;
}

void log_start(const Config& config, Node& node, const std::string& url, spdlog::logger& log) {
  for (const auto& module : node.registry().modules()) {
    log.info("module {} {} ({} tables, {} commands)", module->info().name, module->info().version,
             module->info().tables.size(), module->info().commands.size());
  }
  log.info("ledger {} in {} at position {}", hex(node.ledger().id().bytes), config.data_directory,
           node.ledger().durable().position.value);
  log.info("serving {}", url);
}

}  // namespace

Status serve(const Config& config, const std::function<void(const Ready&)>& on_ready) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  OPS_TRY_ASSIGN(const auto address, parse_listen_address(config.listen));
  OPS_TRY(check_address(config, address, nullptr));
  OPS_TRY_ASSIGN(const auto log, make_logger(config.log));
  raise_open_files(config.http.limits.connections_max, *log);
  const SystemClock clock;
  Store::Options store;
  store.create = true;
  store.warn = [log](std::string_view text) { log->warn("{}", text); };
  OPS_TRY_ASSIGN(const auto node, Node::open(config, clock, store));
  OPS_TRY(check_address(config, address, node.get()));
  OPS_TRY(node->start_projections());
  node->start_automation([log](const std::string& text) { log->warn("{}", text); });
  OPS_TRY(node->start_outside([log](std::string_view text) { log->warn("{}", text); }));

  auto services = node->services();
  services.log_error = [log](std::string_view text) { log->error("{}", text); };
  HttpServer server(std::move(services), http_options(config, address));
  OPS_TRY(server.start());
  OPS_TRY_ASSIGN(auto control,
                 ControlSocket::open(config.data_directory, control_handler(*node, clock, log)));
  OPS_TRY(write_serving_file(config.data_directory, server.url()));
  log_start(config, *node, server.url(), *log);
  const bool encrypted = config.secure_cookies || !config.http.tls_certificate_file.empty();
  if (!address.loopback && !encrypted) {
    log->warn("passwords and tokens cross the network unencrypted; set tls.certificate_file");
  }
  on_ready(ready(*node, server.url()));

  ReadinessLog readiness(*node, *log);
  Housekeeping housekeeping(*node, *log);
  int signal = 0;
  while (signal == 0) {
    readiness.look();
    housekeeping.look();
    signal = wait_for_signal(signals, config.storage.health_interval);
  }
  log->info("stopping on {}: finishing what was accepted",
            signal == SIGTERM ? "SIGTERM" : "SIGINT");
  server.stop();
  control.reset();
  static_cast<void>(node->identities().tidy().ok());
  node->stop();
  remove_serving_file(config.data_directory);
  log->info("stopped at position {}", node->ledger().durable().position.value);
  return {};
}

}  // namespace opsledger
