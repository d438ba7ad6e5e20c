// A module for rules to act on: counts of stock, purchases and notes.
#pragma once

#include <opsledger/sdk.hpp>

namespace opsledger::testing_support {
OPS_DECLARE_PART(shop_part);
}
