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
#include <utility>

namespace opsledger {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> use_task{};

/// Awaits something that reports through a callback on any thread: `start(done)` begins it, where
/// `done(T)` must be called exactly once; the coroutine goes on, on its own executor.
template <class T, class Start>
Task<T> await_callback(Start start) {
  auto initiate = [](auto handler, Start& begin) {
    using Handler = decltype(handler);
    struct Pending {
      Handler handler;
      asio::executor_work_guard<Executor> work;
    };
    auto work = asio::make_work_guard(asio::get_associated_executor(handler));
    // A bare pointer keeps the callback small enough for std::function to hold it in place.
    auto* pending =
        std::make_unique<Pending>(Pending{std::move(handler), std::move(work)}).release();
    begin([pending](T value) {
      auto executor = pending->work.get_executor();
      asio::post(executor, [pending, value = std::move(value)]() mutable {
        std::unique_ptr<Pending> owned(pending);
        auto resume = std::move(owned->handler);
        owned.reset();
        std::move(resume)(std::move(value));
      });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(T)>(
      initiate, use_task, std::ref(start));
}

}  // namespace opsledger
