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
/// `on_ready` is called with the URL when requests are served. Errors: everything that keeps it
/// from starting.
Status serve(const Config& config, const std::function<void(const std::string& url)>& on_ready);

}  // namespace opsledger
