// What is known about currencies.
#pragma once

#include <string_view>

namespace opsledger {

/// Decimals of an amount in `currency` (ISO 4217): 2, but for those that a shop meets with none or
/// three.
unsigned minor_digits(std::string_view currency);

}  // namespace opsledger
