// What every handler may use.
#pragma once

#include <atomic>
#include <string>

#include "kernel/command/durable_waiters.hpp"
#include "kernel/http/limits.hpp"
#include "kernel/http/services.hpp"
#include "kernel/http/worker_pool.hpp"

namespace opsledger {

class HttpMetrics;
class Router;
class StreamHub;

/// One per server; outlives every request. All members are thread safe.
struct ServerContext {
  const Services& services;
  const HttpLimits& limits;
  const std::string& version;
  WorkerPool& readers;
  WorkerPool& writers;
  WorkerPool& hashers;  ///< passwords: slow on purpose, so that logins cannot starve the rest
  WorkerPool& imagers;  ///< thumbnails: one at a time
  StreamHub& hub;
  HttpMetrics& metrics;
  const Router& router;
  DurableWaiters& refusals;           ///< answers that name what is not yet durable
  const std::atomic<bool>& stopping;  ///< set once: what waits should give up
};

}  // namespace opsledger
