// A module that reacts to itself: chain.add{id, n} gives chain.added{id, n}; its reaction `next`
// answers n > 0 with chain.add{id, n-1}, `same` (always on) answers chain.marked with chain.add of
// 0. An id `refused` is rejected.
#pragma once

#include <opsledger/sdk.hpp>

namespace opsledger::testing_support {
OPS_DECLARE_PART(chain_part);
}
