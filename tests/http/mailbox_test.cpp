// How answers of other threads come to an I/O thread.
#include "kernel/http/mailbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace opsledger {
namespace {

struct Note final : Mailbox::Letter {
  Note(std::function<void()> told_what, std::atomic<int>* told_freed)
      : what(std::move(told_what)), freed(told_freed) {}
  ~Note() override { ++*freed; }
  void deliver(std::unique_ptr<Letter>) override { what(); }
  std::function<void()> what;
  std::atomic<int>* freed;
};

std::unique_ptr<Note> note(std::function<void()> what, std::atomic<int>* freed) {
  return std::make_unique<Note>(std::move(what), freed);
}

TEST(MailboxTest, LettersThatWaitTogetherCostOneWakeUpAndKeepTheirOrder) {
  boost::asio::io_context context{1};
  auto& mailbox = boost::asio::use_service<Mailbox>(context);
  std::vector<int> got;
  std::atomic<int> freed{0};
  for (int i = 0; i < 50; ++i) mailbox.put(note([&got, i] { got.push_back(i); }, &freed));
  EXPECT_EQ(context.run(), 1u);  // handlers that ran
  ASSERT_EQ(got.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(freed, 50);
}

TEST(MailboxTest, ALetterPutWhileOthersAreDeliveredIsDeliveredToo) {
  boost::asio::io_context context{1};
  auto& mailbox = boost::asio::use_service<Mailbox>(context);
  std::atomic<int> freed{0};
  int got = 0;
  mailbox.put(note([&] { mailbox.put(note([&] { ++got; }, &freed)); }, &freed));
  context.run();
  EXPECT_EQ(got, 1);
  EXPECT_EQ(freed, 2);
}

TEST(MailboxTest, LettersOfManyThreadsArriveOnceEachInTheirThreadsOrder) {
  constexpr int kThreads = 4, kLetters = 5'000;
  boost::asio::io_context context{1};
  auto& mailbox = boost::asio::use_service<Mailbox>(context);
  auto work = boost::asio::make_work_guard(context);
  std::atomic<int> freed{0};
  std::vector<int> next(kThreads, 0);  // the I/O thread only
  int arrived = 0;
  std::thread io([&] { context.run(); });
  std::vector<std::thread> senders;
  for (int t = 0; t < kThreads; ++t) {
    senders.emplace_back([&, t] {
      for (int i = 0; i < kLetters; ++i) {
        mailbox.put(note(
            [&, t, i] {
              EXPECT_EQ(next[static_cast<std::size_t>(t)]++, i);
              if (++arrived == kThreads * kLetters) work.reset();
            },
            &freed));
      }
    });
  }
  for (auto& sender : senders) sender.join();
  io.join();
  EXPECT_EQ(arrived, kThreads * kLetters);
  EXPECT_EQ(freed, kThreads * kLetters);
}

TEST(MailboxTest, LettersThatNobodyDeliversAreFreedWithTheContext) {
  std::atomic<int> freed{0};
  int got = 0;
  {
    boost::asio::io_context context{1};
    auto& mailbox = boost::asio::use_service<Mailbox>(context);
    for (int i = 0; i < 3; ++i) mailbox.put(note([&] { ++got; }, &freed));
  }
  EXPECT_EQ(got, 0);
  EXPECT_EQ(freed, 3);
}

}  // namespace
}  // namespace opsledger
