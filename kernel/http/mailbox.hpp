// Answers from other threads to an I/O thread: all that come together cost one wake-up.
#pragma once

#include <atomic>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

namespace opsledger {

/// One per io_context, as a service of it. A commit makes many appends durable at once: the
/// committer puts one letter for each, and only the first of them wakes the I/O thread.
class Mailbox final : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;

  explicit Mailbox(boost::asio::io_context& context) : service(context), context_(context) {}

  /// Something to do on the I/O thread. It gets itself back, to free its memory when it likes.
  class Letter {
   public:
    virtual ~Letter() = default;
    virtual void deliver(std::unique_ptr<Letter> self) = 0;

   private:
    friend class Mailbox;
    Letter* next_ = nullptr;
  };

  /// Any thread. Letters of one thread are delivered in their order.
  void put(std::unique_ptr<Letter> owned);

 private:
  Letter* take_all();  ///< oldest first
  void deliver_all();
  void shutdown() override;

  boost::asio::io_context& context_;
  std::atomic<Letter*> newest_{nullptr};
};

}  // namespace opsledger
