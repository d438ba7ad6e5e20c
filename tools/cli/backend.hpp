// What the data commands need, from a running server (--url) or a data directory (--data).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/app/configuration.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger::cli {

struct EventSelection {
  Query query;
  ReadOptions options;
};

/// Takes one CloudEvents JSON object; false = enough.
using EventSink = std::function<bool(std::string_view json)>;
/// Done and total positions of a rebuild.
using RebuildProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// One thread. Every returned string is JSON text.
class Backend {
 public:
  virtual ~Backend() = default;

  /// `body` as POST /v1/events takes it; `key` = idempotency key, may be empty.
  virtual Result<std::string> append(const std::string& body, const std::string& key) = 0;
  /// Sends a command; `data` = its fields.
  virtual Result<std::string> command(const std::string& type, boost::json::object data) = 0;
  virtual Status read(const EventSelection& selection, const EventSink& sink) = 0;
  /// Rows in PostgREST's grammar; `parameters` may hold as_of.
  virtual Result<std::string> table(
      const std::string& name,
      const std::vector<std::pair<std::string, std::string>>& parameters) = 0;
  virtual Result<std::string> history(const std::string& table, const std::string& key) = 0;
  virtual Result<std::string> diff(const std::string& table, Position from, Position to) = 0;
  virtual Result<std::string> modules() = 0;
  /// Rebuilds beside the live tables and waits for the swap.
  virtual Status rebuild(const std::string& module, const RebuildProgress& progress) = 0;
};

/// What was said on the command line.
struct Target {
  std::string url;      ///< --url; empty = the data directory
  std::string actor;    ///< who appends, for --data
  std::string token;    ///< for a server; may be empty
  bool create = false;  ///< the command may make a new data directory
};

Result<std::unique_ptr<Backend>> make_http_backend(const std::string& url,
                                                   const std::string& token);
Result<std::unique_ptr<Backend>> make_local_backend(const Config& config, const Target& target);
/// URL of the server that has the configured data directory open; empty when there is none.
std::string serving_url(const Config& config);
/// --url, else the data directory; where a server has that directory open, that server.
Result<std::unique_ptr<Backend>> open_backend(const Config& config, const Target& target);

}  // namespace opsledger::cli
