// One accepted socket with a deadline: the only place that reads from and writes to the network.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/http/coarse_clock.hpp"
#include "kernel/http/net.hpp"
#include "kernel/http/tls.hpp"

namespace opsledger {

/// Belongs to one I/O thread. One read and one write at a time. Deadlines are looked at once per
/// tick by `sweep`, so that no request pays for a timer.
class Wire {
 public:
  /// `tls`: null for a plain connection.
  Wire(Socket socket, const CoarseClock& clock, const TlsContext* tls);

  /// Bytes read; 0 = end of stream, error, deadline passed or aborted.
  Task<std::size_t> read_some(asio::mutable_buffer buffer) {
    return tls_ ? read_decrypted(buffer) : read_raw(buffer);
  }
  /// Writes everything; the deadline is `stall` after the last byte that was taken. False = gone.
  Task<bool> write_all(std::span<const std::string_view> pieces, std::chrono::milliseconds stall) {
    return tls_ ? write_encrypted(pieces, stall) : write_raw(pieces, stall);
  }
  /// Sends the end of the stream, then reads and drops what the peer still sends (bounded), so
  /// that a last answer is not lost to a reset.
  Task<void> close_gently();

  void arm(std::chrono::milliseconds timeout) { deadline_ = clock_.now() + timeout; }
  void disarm() { deadline_ = CoarseClock::TimePoint::max(); }
  /// Called every tick.
  void sweep();
  /// Cancels whatever waits; every later call fails.
  void abort();
  bool expired() const { return expired_; }

  Executor executor() { return socket_.get_executor(); }
  const CoarseClock& clock() const { return clock_; }

 private:
  Task<std::size_t> read_raw(asio::mutable_buffer buffer);
  Task<std::size_t> read_decrypted(asio::mutable_buffer buffer);
  Task<bool> write_raw(std::span<const std::string_view> pieces, std::chrono::milliseconds stall);
  Task<bool> write_encrypted(std::span<const std::string_view> pieces,
                             std::chrono::milliseconds stall);
  Task<bool> flush_output(std::chrono::milliseconds stall);

  Socket socket_;
  const CoarseClock& clock_;
  CoarseClock::TimePoint deadline_ = CoarseClock::TimePoint::max();
  bool expired_ = false;
  bool aborted_ = false;
  std::optional<TlsFilter> tls_;
};

}  // namespace opsledger
