// What a plugin must never do, and a host must survive.
#include <opsledger/abi.h>

#include <stdexcept>

extern "C" ops_status sample_throw() {
  throw std::runtime_error("boom");
}
