// What happens to positions and their cards (岗位说明书).
#pragma once

#include <cstdint>
#include <vector>

#include "department_events.hpp"

namespace org {

struct Duty {
  std::int32_t no = 0;
  std::string text;
  std::optional<std::string> text_en, module, kpi;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(no, "No.", "序号"), OPS_FIELD(text, "Duty", "职责"),
       OPS_FIELD(text_en, "Duty (English)", "职责(英文)"), OPS_FIELD(module, "Module", "模块"),
       OPS_FIELD(kpi, "Indicator", "考核指标"));
  }
};

/// A whole card; a revision carries all of it, so that any version is read from one event.
struct Card {
  std::string position, code, title_zh, title_en, department, role;
  std::optional<std::string> reports_to;
  std::int32_t headcount = 1;
  std::string summary;
  std::vector<Duty> duties;
  std::vector<std::string> authority;
  std::string requirements;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"), OPS_FIELD(code, "Code", "代码"),
       OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"),
       OPS_FIELD(title_en, "Title (English)", "英文岗位名称"),
       OPS_FIELD(department, "Department", "部门"), OPS_FIELD(role, "Role", "角色"),
       OPS_FIELD(reports_to, "Reports to", "汇报对象"), OPS_FIELD(headcount, "Headcount", "编制"),
       OPS_FIELD(summary, "Summary", "职责描述"), OPS_FIELD(duties, "Duties", "工作职责"),
       OPS_FIELD(authority, "Authority", "权限"),
       OPS_FIELD(requirements, "Requirements", "任职要求"));
  }
  ops::Tags tags() const {
    return chart_tags({{"position", position}, {"department", department}});
  }
};

struct PositionDefined : Card {
  static constexpr auto type = "position.defined";
  static constexpr ops::Label label{"Position defined", "岗位已设立"};
};

struct PositionRevised : Card {
  static constexpr auto type = "position.revised";
  static constexpr ops::Label label{"Position revised", "岗位说明书已修订"};
  std::int32_t card_version = 2;
  std::vector<std::int32_t> removed_duties;
  template <class A>
  void serialize(A& ar) {
    Card::serialize(ar);
    ar(ops::field("version", card_version).label("Version", "版本"),
       OPS_FIELD(removed_duties, "Duties removed", "取消的职责"));
  }
};

struct PositionRetired {
  static constexpr auto type = "position.retired";
  static constexpr ops::Label label{"Position retired", "岗位已撤销"};
  std::string position, department;
  std::vector<std::int32_t> removed_duties;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(removed_duties, "Duties removed", "取消的职责"));
  }
  ops::Tags tags() const {
    return chart_tags({{"position", position}, {"department", department}});
  }
};

struct DutyLinked {
  static constexpr auto type = "position.duty_linked";
  static constexpr ops::Label label{"Duty linked", "职责已关联"};
  std::string position, department;
  std::int32_t duty_no = 0;
  std::string module;
  std::optional<std::string> kpi;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(duty_no, "Duty no.", "职责序号"), OPS_FIELD(module, "Module", "模块"),
       OPS_FIELD(kpi, "Indicator", "考核指标"));
  }
  ops::Tags tags() const { return {{"position", position}, {"department", department}}; }
};

}  // namespace org
