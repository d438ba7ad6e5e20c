// What happens to departments. README.md lists the fields for imports and other modules.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>

namespace org {

/// Carried by everything that changes the chart: who decides about the whole of it reads this tag.
inline ops::Tags chart_tags(ops::Tags tags) {
  return tags.add("org", "chart");
}

struct DepartmentCreated {
  static constexpr auto type = "department.created";
  static constexpr ops::Label label{"Department created", "部门已设立"};
  std::string department, code, name_zh, name_en;
  std::optional<std::string> parent;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(code, "Code", "代码"),
       OPS_FIELD(name_zh, "Name (Chinese)", "中文名称"),
       OPS_FIELD(name_en, "Name (English)", "英文名称"), OPS_FIELD(parent, "Parent", "上级部门"));
  }
  ops::Tags tags() const { return chart_tags({{"department", department}}); }
};

struct DepartmentRenamed {
  static constexpr auto type = "department.renamed";
  static constexpr ops::Label label{"Department renamed", "部门已更名"};
  std::string department, name_zh, name_en;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(name_zh, "Name (Chinese)", "中文名称"),
       OPS_FIELD(name_en, "Name (English)", "英文名称"));
  }
  ops::Tags tags() const { return chart_tags({{"department", department}}); }
};

struct DepartmentMoved {
  static constexpr auto type = "department.moved";
  static constexpr ops::Label label{"Department moved", "部门已调整上级"};
  std::string department;
  std::optional<std::string> from, parent;  ///< absent: the top
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(from, "From", "原上级部门"),
       OPS_FIELD(parent, "Parent", "上级部门"));
  }
  ops::Tags tags() const { return chart_tags({{"department", department}}); }
};

/// The head is a position, so that it follows the appointments; absent: none.
struct DepartmentHeadSet {
  static constexpr auto type = "department.head_set";
  static constexpr ops::Label label{"Head of department set", "部门负责岗位已设定"};
  std::string department;
  std::optional<std::string> position;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(position, "Position", "岗位"));
  }
  ops::Tags tags() const { return chart_tags({{"department", department}}); }
};

struct DepartmentClosed {
  static constexpr auto type = "department.closed";
  static constexpr ops::Label label{"Department closed", "部门已撤销"};
  std::string department;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"));
  }
  ops::Tags tags() const { return chart_tags({{"department", department}}); }
};

}  // namespace org
