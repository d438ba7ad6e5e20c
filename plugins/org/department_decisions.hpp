// How commands about departments are decided.
#pragma once

#include "checks.hpp"
#include "commands.hpp"

namespace org {

inline ops::Decision decide_create_department(const CreateDepartment& c, const Chart& chart) {
  const std::string id = c.department.value_or(c.code);
  if (!is_department_code(c.code))
    return ops::reject("department.code", "a code is 2 to 4 letters A-Z, found " + c.code);
  if (!is_id(id)) return ops::reject("department.id", "'" + id + "' is no id");
  if (!is_name(c.name_zh) || !is_name(c.name_en))
    return ops::reject("department.name", "a department needs a Chinese and an English name");
  if (chart.departments.contains(id))
    return ops::reject("department.exists", "department " + id + " exists");
  for (const auto& [other, department] : chart.departments) {
    if (department.code == c.code)
      return ops::reject("department.code_taken", "department " + other + " has code " + c.code);
  }
  if (c.parent && chart.department(*c.parent) == nullptr) return not_found("department", *c.parent);
  return ops::emit(DepartmentCreated{id, c.code, c.name_zh, c.name_en, c.parent});
}

inline ops::Decision decide_rename_department(const RenameDepartment& c, const Chart& chart) {
  if (chart.department(c.department) == nullptr) return not_found("department", c.department);
  if (!is_name(c.name_zh) || !is_name(c.name_en))
    return ops::reject("department.name", "a department needs a Chinese and an English name");
  return ops::emit(DepartmentRenamed{c.department, c.name_zh, c.name_en});
}

inline ops::Decision decide_move_department(const MoveDepartment& c, const Chart& chart) {
  const auto* department = chart.department(c.department);
  if (department == nullptr) return not_found("department", c.department);
  if (department->parent == c.parent)
    return ops::reject("department.same_parent", "department " + c.department + " is there");
  if (c.parent && chart.department(*c.parent) == nullptr) return not_found("department", *c.parent);
  if (c.parent && chart.department_is_within(*c.parent, c.department)) {
    return ops::reject("department.cycle", *c.parent + " is " + c.department + " or lies below it");
  }
  return ops::emit(DepartmentMoved{c.department, department->parent, c.parent});
}

inline ops::Decision decide_set_head(const SetHead& c, const Chart& chart) {
  const auto* department = chart.department(c.department);
  if (department == nullptr) return not_found("department", c.department);
  if (department->head == c.position)
    return ops::reject("department.same_head", "department " + c.department + " has this head");
  if (c.position) {
    const auto* position = chart.position(*c.position);
    if (position == nullptr) return not_found("position", *c.position);
    if (position->department != c.department)
      return ops::reject("department.head_elsewhere",
                         "position " + *c.position + " belongs to " + position->department);
  }
  return ops::emit(DepartmentHeadSet{c.department, c.position});
}

/// Positions are retired only when nobody holds them: no open position, no appointment.
inline ops::Decision decide_close_department(const CloseDepartment& c, const Chart& chart) {
  if (chart.department(c.department) == nullptr) return not_found("department", c.department);
  for (const auto& [id, child] : chart.departments) {
    if (child.open && child.parent == c.department)
      return ops::reject("department.not_empty", "department " + id + " lies below it");
  }
  for (const auto& [id, position] : chart.positions) {
    if (position.open && position.department == c.department)
      return ops::reject("department.not_empty", "position " + id + " is not retired");
  }
  return ops::emit(DepartmentClosed{c.department});
}

}  // namespace org
