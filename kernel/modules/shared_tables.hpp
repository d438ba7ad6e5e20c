// Tables by which modules take part in what the host shows of all modules together. A module
// declares a table of that name with at least these columns; the host reads it like any other.
//
//   `inbox`     one row per thing a person has to do (待办)
//               person text (indexed, the owner), title text, kind text; due_at time (may be null)
//   `schedule`  one row per appointment of a person
//               person text (indexed, the owner), title text, starts_at time, ends_at time (may be
//               null)
#pragma once

#include <string>
#include <string_view>

#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

inline constexpr std::string_view kInboxTable = "inbox";
inline constexpr std::string_view kScheduleTable = "schedule";

/// What a table that has one of those names lacks, in one sentence; empty = nothing.
std::string lacks_of_shared_table(const TableInfo& table);

}  // namespace opsledger
