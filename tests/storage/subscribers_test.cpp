#include "storage/base/subscribers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace opsledger {
namespace {

TEST(Subscribers, EachHearsUntilItsHandleIsGone) {
  Subscribers subscribers;
  std::vector<std::uint64_t> first, second;
  auto one = subscribers.add([&](Position p) { first.push_back(p.value); });
  auto two = subscribers.add([&](Position p) { second.push_back(p.value); });
  subscribers.notify({1});
  one.reset();
  subscribers.notify({2});
  EXPECT_EQ(first, (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(second, (std::vector<std::uint64_t>{1, 2}));
}

TEST(Subscribers, CallbackMayDestroyItsOwnHandleAndAddAnother) {
  Subscribers subscribers;
  int calls = 0;
  std::shared_ptr<void> own, other;
  own = subscribers.add([&](Position) {
    ++calls;
    other = subscribers.add([&](Position) { ++calls; });
    own.reset();
  });
  subscribers.notify({1});
  EXPECT_EQ(calls, 1);
  subscribers.notify({2});
  EXPECT_EQ(calls, 2);
}

TEST(Subscribers, HandleMayOutliveTheList) {
  std::shared_ptr<void> handle;
  {
    Subscribers subscribers;
    handle = subscribers.add([](Position) {});
  }
  handle.reset();
}

TEST(Subscribers, DestroyedHandleIsNotCalledWhileAnotherThreadNotifies) {
  Subscribers subscribers;
  std::atomic<bool> stop = false;
  std::thread notifier([&] {
    while (!stop) subscribers.notify({1});
  });
  for (int i = 0; i < 500; ++i) {
    auto value = std::make_unique<std::atomic<int>>(0);
    auto handle = subscribers.add([raw = value.get()](Position) { ++*raw; });
    handle.reset();
    value.reset();  // a late call would touch freed memory (run under ASan/TSan)
  }
  stop = true;
  notifier.join();
}

}  // namespace
}  // namespace opsledger
