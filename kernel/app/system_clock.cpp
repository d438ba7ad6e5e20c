#include "kernel/app/system_clock.hpp"

#include <chrono>

namespace opsledger {

Time SystemClock::now() const {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {duration_cast<microseconds>(since).count()};
}

}  // namespace opsledger
