// An opened data directory: what is needed to read and append events, without any plugin.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/app/configuration.hpp"
#include "kernel/events/cloud_event.hpp"
#include "kernel/http/services.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

class RocksLedger;

/// Owns the lock of the data directory and the ledger in it. Thread safe.
class Store {
 public:
  struct Options {
    bool create = false;            ///< make the directory when there is none
    bool accept_torn_tail = false;  ///< `doctor --accept-torn-tail`
    /// What an operator should know and need not act on; any thread. Default: standard error.
    std::function<void(std::string_view)> warn = [](std::string_view text) {
      std::fprintf(stderr, "opsledger: %.*s\n", static_cast<int>(text.size()), text.data());
    };
  };

  /// A new ledger gets its first event, `ledger.created`. Errors: kNotFound `data.missing`, and
  /// those of RocksLedger::open; a directory that a running server holds is kNotReady and the
  /// message names the server.
  static Result<std::unique_ptr<Store>> open(const Config& config, const Clock& clock,
                                             const Options& options);
  ~Store();

  Ledger& ledger();
  const MerkleLog& merkle() const;
  const RocksLedger& rocks() const { return *ledger_; }  ///< for backups
  SchemaCatalog& schemas() { return schemas_; }
  const EventRenderer& renderer() const { return *renderer_; }

  /// Why appends are refused, if they are. Never blocks.
  Status health() const;
  std::vector<MetricSample> metrics() const;

 private:
  explicit Store(std::unique_ptr<RocksLedger> ledger);

  std::unique_ptr<RocksLedger> ledger_;
  SchemaCatalog schemas_;
  std::optional<EventRenderer> renderer_;
};

}  // namespace opsledger
