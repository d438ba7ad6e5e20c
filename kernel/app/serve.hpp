// The server process: node + HTTP + signals, from start to graceful stop.
#pragma once

#include <functional>
#include <string>

#include "kernel/app/configuration.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Runs until SIGTERM or SIGINT, then stops in order: no new requests, running ones finish,
/// accepted appends become durable, projections flush, the lock is released. Blocks these signals
/// in the whole process; call it once, from main's thread, before any other thread exists.
/// `on_ready` is called when requests are served. Errors: everything that keeps it from starting;
/// kInvalid `listen.not_loopback` for another address while the ledger has no account.
struct Ready {
  std::string url;
  std::string setup_url;  ///< while there is no account: where the first one is made, once
};
Status serve(const Config& config, const std::function<void(const Ready&)>& on_ready);

}  // namespace opsledger
