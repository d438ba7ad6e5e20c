// Checks that several commands share, and the refusals they end in.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "models.hpp"

namespace org {

inline constexpr std::size_t kIdBytesMax = 64;
inline constexpr std::size_t kTextBytesMax = 4'000;
inline constexpr std::size_t kDutiesMax = 50;
inline constexpr std::int32_t kHeadcountMax = 10'000;
inline constexpr std::chrono::hours kChinaOffset{8};  ///< of a day where a command names none

inline ops::Decision not_found(const char* what, const std::string& id) {
  return ops::reject("entity.not_found", std::string("no ") + what + " " + id);
}

/// [A-Za-z0-9][A-Za-z0-9._-]{0,63}: also what account ids look like.
inline bool is_id(std::string_view id) {
  const auto alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && id.size() <= kIdBytesMax && alnum(id[0]) &&
         std::all_of(id.begin(), id.end(),
                     [&](char c) { return alnum(c) || c == '.' || c == '_' || c == '-'; });
}
inline bool is_department_code(std::string_view code) {
  return code.size() >= 2 && code.size() <= 4 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
/// A role's code: [a-z][a-z0-9_]*.
inline bool is_role(std::string_view role) {
  return !role.empty() && role.size() <= 32 && role[0] >= 'a' && role[0] <= 'z' &&
         role.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == role.npos;
}
inline bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 200;
}

/// Higher stands in for lower. Roles that are not listed stand in for each other only by name.
inline int rank_of(std::string_view role) {
  constexpr std::array<std::pair<std::string_view, int>, 12> kRanks{{
      {"gm", 5},
      {"director", 4},
      {"ops_manager", 3},
      {"it_lead", 2},
      {"editor_lead", 2},
      {"cs_lead", 2},
      {"ops_specialist", 1},
      {"editor", 1},
      {"designer", 1},
      {"cs_agent", 1},
      {"warehouse", 1},
      {"purchasing", 1},
  }};
  for (const auto& [name, rank] : kRanks) {
    if (name == role) return rank;
  }
  return 0;
}

/// Roles of the positions that a person holds.
inline std::vector<std::string> roles_of(const Person& person, const Chart& chart) {
  std::vector<std::string> roles;
  for (const auto& [id, appointment] : person.appointments) {
    if (const auto* position = chart.position(id)) roles.push_back(position->role);
  }
  return roles;
}

/// Whether the deputy holds one of the person's roles, or a higher one.
inline bool may_stand_in(const Person& deputy, const Person& person, const Chart& chart) {
  const auto wanted = roles_of(person, chart);
  if (wanted.empty()) return true;
  int highest = 0;
  for (const auto& role : wanted) highest = std::max(highest, rank_of(role));
  for (const auto& role : roles_of(deputy, chart)) {
    if (std::find(wanted.begin(), wanted.end(), role) != wanted.end()) return true;
    if (highest > 0 && rank_of(role) >= highest) return true;
  }
  return false;
}

}  // namespace org
