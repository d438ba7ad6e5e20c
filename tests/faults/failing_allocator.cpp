#include "tests/faults/failing_allocator.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t until_failure = 0;  // 0 = not armed
thread_local bool failure_stays = false;
thread_local bool failed = false;
thread_local std::int64_t live = 0;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (until_failure > 0) {
    if (until_failure == 1 || (failed && failure_stays)) {
      failed = true;
      if (!failure_stays) until_failure = 0;
      throw std::bad_alloc();
    }
    --until_failure;
  }
  void* memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  ++live;
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  --live;
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) {
  return allocate(bytes, 0);
}
void* operator new[](std::size_t bytes) {
  return allocate(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace opsledger::testing_support {

AllocationFault::AllocationFault(std::uint64_t nth, bool stays) {
  failed = false;
  failure_stays = stays;
  until_failure = nth;
}
AllocationFault::~AllocationFault() {
  until_failure = 0;
}
bool AllocationFault::fired() const {
  return failed;
}

std::int64_t live_allocations() {
  return live;
}

}  // namespace opsledger::testing_support
