#include "kernel/schema/currency.hpp"

namespace opsledger {

unsigned minor_digits(std::string_view currency) {
  for (const auto* none : {"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX"}) {
    if (currency == none) return 0;
  }
  for (const auto* three : {"BHD", "KWD", "JOD", "OMR", "TND", "IQD", "LYD"}) {
    if (currency == three) return 3;
  }
  return 2;
}

}  // namespace opsledger
