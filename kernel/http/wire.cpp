#include "kernel/http/wire.hpp"

#include <array>
#include <boost/asio/buffer.hpp>

namespace opsledger {

namespace {

constexpr std::size_t kPiecesPerWrite = 16;
constexpr std::size_t kEncryptedReadBytes = 16 * 1024;  // a TLS record
constexpr std::size_t kEncryptedWriteBytes = 64 * 1024;
constexpr std::chrono::milliseconds kHandshakeStall{10'000};
constexpr std::chrono::milliseconds kLingerTimeout{1'000};
constexpr std::size_t kLingerBytesMax = 1 << 20;

/// A gather list of what is left of `pieces` after `skip` bytes of the first one.
struct Gather {
  std::array<asio::const_buffer, kPiecesPerWrite> buffers;
  std::size_t count = 0;

  Gather(std::span<const std::string_view> pieces, std::size_t skip) {
    for (std::string_view piece : pieces.first(std::min(pieces.size(), kPiecesPerWrite))) {
      piece.remove_prefix(std::exchange(skip, 0));
      buffers[count++] = asio::buffer(piece);
    }
  }
  std::span<const asio::const_buffer> view() const { return {buffers.data(), count}; }
};

/// Drops `written` bytes from the front.
void advance(std::span<const std::string_view>* pieces, std::size_t* skip, std::size_t written) {
  *skip += written;
  while (!pieces->empty() && *skip >= pieces->front().size()) {
    *skip -= pieces->front().size();
    *pieces = pieces->subspan(1);
  }
}

}  // namespace

Wire::Wire(Socket socket, const CoarseClock& clock, const TlsContext* tls)
    : socket_(std::move(socket)), clock_(clock) {
  if (tls != nullptr) tls_.emplace(*tls);
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Task<std::size_t> Wire::read_raw(asio::mutable_buffer buffer) {
  if (aborted_ || expired_) co_return 0;
  boost::system::error_code error;
  const std::size_t size =
      co_await socket_.async_read_some(buffer, asio::redirect_error(use_task, error));
  co_return error || aborted_ || expired_ ? 0 : size;
}

/// Within it the handshake: its answers go out before more is read.
Task<std::size_t> Wire::read_decrypted(asio::mutable_buffer buffer) {
  std::string encrypted(kEncryptedReadBytes, '\0');
  for (;;) {
    std::size_t got = 0;
    const auto state = tls_->decrypt(static_cast<char*>(buffer.data()), buffer.size(), &got);
    const bool flushed = co_await flush_output(kHandshakeStall);
    if (!flushed || state == TlsFilter::State::kEnd) co_return 0;
    if (state == TlsFilter::State::kBytes) co_return got;
    const std::size_t size = co_await read_raw(asio::buffer(encrypted));
    if (size == 0) co_return 0;
    tls_->feed(std::string_view(encrypted).substr(0, size));
  }
}

Task<bool> Wire::write_encrypted(std::span<const std::string_view> pieces,
                                 std::chrono::milliseconds stall) {
  for (std::string_view rest : pieces) {
    while (!rest.empty()) {
      const auto part = rest.substr(0, kEncryptedWriteBytes);
      rest.remove_prefix(part.size());
      if (!tls_->encrypt(part)) co_return false;
      if (rest.empty()) continue;
      const bool flushed = co_await flush_output(stall);
      if (!flushed) co_return false;
    }
  }
  const bool flushed = co_await flush_output(stall);
  disarm();
  co_return flushed;
}

/// The deadline of reading stays as it was.
Task<bool> Wire::flush_output(std::chrono::milliseconds stall) {
  const std::string output = tls_->take_output();
  if (output.empty()) co_return true;
  const auto before = deadline_;
  const std::string_view piece[] = {output};
  const bool written = co_await write_raw(piece, stall);
  deadline_ = before;
  co_return written;
}

Task<bool> Wire::write_raw(std::span<const std::string_view> pieces,
                           std::chrono::milliseconds stall) {
  std::size_t skip = 0;
  advance(&pieces, &skip, 0);
  while (!pieces.empty()) {
    if (aborted_) co_return false;
    boost::system::error_code error;
    const std::size_t written = socket_.write_some(Gather(pieces, skip).view(), error);
    if (error == asio::error::would_block) {
      arm(stall);
      error = {};
      co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, error));
      if (error || expired_) co_return false;
      continue;
    }
    if (error) co_return false;
    advance(&pieces, &skip, written);
  }
  disarm();
  co_return true;
}

Task<void> Wire::close_gently() {
  if (tls_) {
    tls_->close();
    static_cast<void>(co_await flush_output(kLingerTimeout));
  }
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  expired_ = false;
  arm(kLingerTimeout);
  std::array<char, 4096> sink;
  for (std::size_t dropped = 0; dropped < kLingerBytesMax;) {
    const std::size_t size = co_await read_raw(asio::buffer(sink));
    if (size == 0) break;
    dropped += size;
  }
}

void Wire::sweep() {
  if (expired_ || clock_.now() < deadline_) return;
  expired_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Wire::abort() {
  aborted_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace opsledger
