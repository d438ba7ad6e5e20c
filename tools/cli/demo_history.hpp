// A small generated history of an online shop's operations: the same for the same seed.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/types.hpp"

namespace opsledger::cli {

/// One command that somebody sent, at a simulated time.
struct DemoStep {
  Time at{};
  std::string command;
  boost::json::object data;
  std::string actor, department, reason;
};

struct DemoPlan {
  std::uint64_t seed = 20261111;
  Time end{};  ///< the last step is before it
  unsigned weeks = 6, orders = 400, incidents = 60;
};

/// Steps in order of time. Orders are received, some held and released; incidents are raised,
/// acknowledged, noted upon, mitigated, resolved and mostly closed, some opened again.
std::vector<DemoStep> generate_demo(const DemoPlan& plan);

}  // namespace opsledger::cli
