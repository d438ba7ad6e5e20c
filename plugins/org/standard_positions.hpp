// The seven positions of an operations department with their duties, as shipped.
#pragma once

#include <vector>

#include "position_events.hpp"

namespace org {

/// Cards of one department: ids and codes are `<department code>-<suffix>`, superiors first.
std::vector<Card> standard_positions(const std::string& department, const std::string& code);

}  // namespace org
