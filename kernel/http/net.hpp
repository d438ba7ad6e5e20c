// The few Asio types that everything here is written in. Executors are concrete, not type-erased:
// a connection never leaves its I/O thread.
//
// GCC 12 miscompiles `while (co_await f()) {}`: await into a variable instead.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/http/mailbox.hpp"

namespace opsledger {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> use_task{};

/// What a coroutine waits for, on its way from the thread that has it.
template <class T, class Handler>
class PendingResult final : public Mailbox::Letter {
 public:
  explicit PendingResult(Handler handler)
      : handler_(std::move(handler)),
        work_(asio::make_work_guard(asio::get_associated_executor(handler_))),
        mailbox_(asio::use_service<Mailbox>(work_.get_executor().context())) {}

  /// Any thread, once.
  void complete(T value) {
    value_.emplace(std::move(value));
    mailbox_.put(std::unique_ptr<Letter>(this));
  }
  void deliver(std::unique_ptr<Letter> self) override {
    auto resume = std::move(handler_);
    T value = std::move(*value_);
    self.reset();  // its memory serves the next one already
    std::move(resume)(std::move(value));
  }

 private:
  Handler handler_;
  asio::executor_work_guard<Executor> work_;
  Mailbox& mailbox_;
  std::optional<T> value_;
};

/// Awaits something that reports through a callback on any thread: `start(done)` begins it, where
/// `done(T)` must be called exactly once; the coroutine goes on, on its own executor.
template <class T, class Start>
Task<T> await_callback(Start start) {
  auto initiate = [](auto handler, Start&& begin) {
    // A bare pointer keeps the callback small enough for std::function to hold it in place.
    auto* pending =
        std::make_unique<PendingResult<T, decltype(handler)>>(std::move(handler)).release();
    begin([pending](T value) { pending->complete(std::move(value)); });
  };
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(T)>(initiate, use_task,
                                                                              std::move(start));
}

}  // namespace opsledger
