// The wall between C++ and the ABI: nothing thrown passes.
#pragma once

#include <opsledger/error.hpp>
#include <opsledger/view.hpp>

#include <cstdint>
#include <exception>
#include <string_view>

namespace ops::detail {

inline void fail(const ops_host* host, std::uint64_t position, std::string_view text) noexcept {
  if (host->fail != nullptr) host->fail(host, position, to_view(text));
}

/// Runs `body`, which returns a status. `position` is where the body stood, for the message.
template <class Body>
ops_status guarded(const ops_host* host, const std::uint64_t& position, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::exception& error) {
    fail(host, position, error.what());
  } catch (...) {
    fail(host, position, "an exception that is no std::exception");
  }
  return OPS_FAILED;
}
template <class Body>
ops_status guarded(const ops_host* host, Body&& body) noexcept {
  return guarded(host, std::uint64_t{0}, static_cast<Body&&>(body));
}

/// The same where the caller's data may be at fault: a ValueError rejects the command.
template <class Body>
ops_status guarded_decision(const ops_host* host, Body&& body) noexcept {
  return guarded(host, [&]() -> ops_status {
    try {
      return body();
    } catch (const ValueError& error) {
      if (host->reject == nullptr) throw;
      host->reject(host, to_view("command.invalid"), to_view(error.what()));
      return OPS_REJECTED;
    }
  });
}

}  // namespace ops::detail
