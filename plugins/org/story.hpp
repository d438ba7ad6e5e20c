// Events that the tests begin with.
#pragma once

#include <opsledger/testing.hpp>

#include "chart_tables.hpp"
#include "commands.hpp"
#include "people_tables.hpp"

namespace org {

using ops::operator""h;
using ops::spec;

inline const ops::Date kDay = ops::Date::of(2026, 11, 11);
inline const ops::Time kNow = ops::Time::of(kDay, 9h);

inline DepartmentCreated department(const std::string& code,
                                    std::optional<std::string> parent = {}) {
  return {code, code, code + "部", code + " department", parent};
}
inline PositionDefined position(const std::string& id, const std::string& role,
                                std::optional<std::string> reports_to = {},
                                std::int32_t headcount = 1, const std::string& in = "OPS") {
  PositionDefined e;
  e.position = e.code = id;
  e.title_zh = id + "岗", e.title_en = id + " title";
  e.department = in, e.role = role, e.reports_to = reports_to, e.headcount = headcount;
  e.duties = {{1, "第一项", {}, {}, {}}, {2, "第二项", {}, {}, {}}};
  return e;
}
inline PersonRegistered person(const std::string& id) {
  return {id, "E-" + id, Private(id + "名"), {}, {}, "Asia/Shanghai", "zh-CN"};
}
inline PersonAppointed appointed(const std::string& id, const std::string& to, bool primary = true,
                                 const std::string& in = "OPS") {
  return {id, to, in, kDay, primary};
}

/// OPS with a director, a manager and two editors' places; li is director, wang manager.
inline ops::Spec office(std::source_location where = std::source_location::current()) {
  auto s = spec(nullptr, where);
  s.given(department("OPS"), position("DIR", "director"), position("MGR", "ops_manager", "DIR"),
          position("EDT", "editor", "MGR", 2), person("li"), person("wang"), person("zhao"),
          appointed("li", "DIR"), appointed("wang", "MGR"));
  return s;
}

}  // namespace org
