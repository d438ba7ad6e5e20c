// OPS_ASSERT: always-on check of our own invariants. Never for data we do not control (that is a
// Result). A failed assertion prints the place and aborts: a ledger that doubts itself must stop.
#pragma once

#include <cstdio>
#include <cstdlib>

#define OPS_ASSERT(condition)                                                                    \
  (static_cast<bool>(condition)                                                                  \
       ? static_cast<void>(0)                                                                    \
       : (std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition), \
          std::abort()))
