// The commands' fields. How they are decided is in the …_decisions.hpp files.
#pragma once

#include "person_events.hpp"
#include "position_events.hpp"

namespace org {

struct CreateDepartment {
  static constexpr auto type = "department.create";
  std::string code, name_zh, name_en;
  std::optional<std::string> department, parent;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(code, "Code", "代码").doc("2 to 4 letters A-Z"),
       OPS_FIELD(name_zh, "Name (Chinese)", "中文名称"),
       OPS_FIELD(name_en, "Name (English)", "英文名称"),
       OPS_FIELD(department, "Department (id; else the code)", "部门标识(缺省为代码)"),
       OPS_FIELD(parent, "Parent", "上级部门"));
  }
};
struct RenameDepartment {
  static constexpr auto type = "department.rename";
  std::string department, name_zh, name_en;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(name_zh, "Name (Chinese)", "中文名称"),
       OPS_FIELD(name_en, "Name (English)", "英文名称"));
  }
};
struct MoveDepartment {
  static constexpr auto type = "department.move";
  std::string department;
  std::optional<std::string> parent;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(parent, "Parent", "上级部门"));
  }
};
struct SetHead {
  static constexpr auto type = "department.set_head";
  std::string department;
  std::optional<std::string> position;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"), OPS_FIELD(position, "Position", "岗位"));
  }
};
struct CloseDepartment {
  static constexpr auto type = "department.close";
  std::string department;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"));
  }
};

struct DefinePosition {
  static constexpr auto type = "position.define";
  std::string code, title_zh, title_en, department, role;
  std::optional<std::string> position, reports_to;
  std::int32_t headcount = 1;
  std::string summary;
  std::vector<Duty> duties;
  std::vector<std::string> authority;
  std::string requirements;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(code, "Code", "代码"), OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"),
       OPS_FIELD(title_en, "Title (English)", "英文岗位名称"),
       OPS_FIELD(department, "Department", "部门"), OPS_FIELD(role, "Role", "角色"),
       OPS_FIELD(position, "Position (id; else the code)", "岗位标识(缺省为代码)"),
       OPS_FIELD(reports_to, "Reports to", "汇报对象"),
       OPS_FIELD(headcount, "Headcount", "编制").defaulted(),
       OPS_FIELD(summary, "Summary", "职责描述").defaulted(),
       OPS_FIELD(duties, "Duties", "工作职责"),
       OPS_FIELD(authority, "Authority", "权限").defaulted(),
       OPS_FIELD(requirements, "Requirements", "任职要求").defaulted());
  }
};
/// What is absent stays as it is; `reports_to` empty: reports to nobody.
struct RevisePosition {
  static constexpr auto type = "position.revise";
  std::string position;
  std::optional<std::string> title_zh, title_en, role, reports_to;
  std::optional<std::int32_t> headcount;
  std::optional<std::string> summary;
  std::optional<std::vector<Duty>> duties;
  std::optional<std::vector<std::string>> authority;
  std::optional<std::string> requirements;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"),
       OPS_FIELD(title_zh, "Title (Chinese)", "中文岗位名称"),
       OPS_FIELD(title_en, "Title (English)", "英文岗位名称"), OPS_FIELD(role, "Role", "角色"),
       OPS_FIELD(reports_to, "Reports to", "汇报对象"), OPS_FIELD(headcount, "Headcount", "编制"),
       OPS_FIELD(summary, "Summary", "职责描述"), OPS_FIELD(duties, "Duties", "工作职责"),
       OPS_FIELD(authority, "Authority", "权限"),
       OPS_FIELD(requirements, "Requirements", "任职要求"));
  }
};
struct RetirePosition {
  static constexpr auto type = "position.retire";
  std::string position;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"));
  }
};
struct AdoptStandard {
  static constexpr auto type = "position.adopt_standard";
  std::string department;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(department, "Department", "部门"));
  }
};
struct LinkDuty {
  static constexpr auto type = "duty.link";
  std::string position;
  std::int32_t duty_no = 0;
  std::string module;
  std::optional<std::string> kpi;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(position, "Position", "岗位"), OPS_FIELD(duty_no, "Duty no.", "职责序号"),
       OPS_FIELD(module, "Module", "模块"), OPS_FIELD(kpi, "Indicator", "考核指标"));
  }
};

struct RegisterPerson {
  static constexpr auto type = "person.register";
  std::string employee_no;
  Private name;
  std::optional<std::string> person;
  std::optional<Private> mobile, email;
  std::optional<std::string> tz, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(employee_no, "Employee no.", "工号"), OPS_FIELD(name, "Name", "姓名"),
       OPS_FIELD(person, "Person (id; else numbered)", "人员标识(缺省自动编号)"),
       OPS_FIELD(mobile, "Mobile", "手机"), OPS_FIELD(email, "E-mail", "邮箱"),
       OPS_FIELD(tz, "Time zone", "时区"), OPS_FIELD(locale, "Language", "语言"));
  }
};
/// A line of a list of people: registers and appoints. Codes, not ids, as lists have them.
struct EnterPerson {
  static constexpr auto type = "person.enter";
  std::string employee_no;
  Private name;
  std::string dept_code, position_code;
  std::optional<Private> mobile, email;
  std::optional<ops::Date> from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(employee_no, "Employee no.", "工号"), OPS_FIELD(name, "Name", "姓名"),
       OPS_FIELD(dept_code, "Department code", "部门代码"),
       OPS_FIELD(position_code, "Position code", "岗位代码"), OPS_FIELD(mobile, "Mobile", "手机"),
       OPS_FIELD(email, "E-mail", "邮箱"),
       OPS_FIELD(from, "From (else today)", "生效日期(缺省今天)"));
  }
};
struct UpdatePerson {
  static constexpr auto type = "person.update";
  std::string person;
  std::optional<Private> name, mobile, email;
  std::optional<std::string> tz, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(name, "Name", "姓名"),
       OPS_FIELD(mobile, "Mobile", "手机"), OPS_FIELD(email, "E-mail", "邮箱"),
       OPS_FIELD(tz, "Time zone", "时区"), OPS_FIELD(locale, "Language", "语言"));
  }
};
struct DeactivatePerson {
  static constexpr auto type = "person.deactivate";
  std::string person;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"));
  }
};
struct AppointPerson {
  static constexpr auto type = "person.appoint";
  std::string person, position;
  std::optional<ops::Date> from;
  std::optional<bool> primary;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(position, "Position", "岗位"),
       OPS_FIELD(from, "From (else today)", "生效日期(缺省今天)"),
       OPS_FIELD(primary, "Primary", "主岗"));
  }
};
struct TransferPerson {
  static constexpr auto type = "person.transfer";
  std::string person, from_position, to_position;
  std::optional<ops::Date> from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(from_position, "From position", "原岗位"),
       OPS_FIELD(to_position, "To position", "新岗位"),
       OPS_FIELD(from, "From (else today)", "生效日期(缺省今天)"));
  }
};
struct RelievePerson {
  static constexpr auto type = "person.relieve";
  std::string person, position;
  std::optional<ops::Date> effective_on;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(position, "Position", "岗位"),
       OPS_FIELD(effective_on, "Effective on (else today)", "生效日期(缺省今天)"));
  }
};

struct RegisterAbsence {
  static constexpr auto type = "absence.register";
  std::string person;
  ops::Time from, to;
  AbsenceKind kind{};
  std::optional<std::string> deputy;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(from, "From", "开始"),
       OPS_FIELD(to, "To", "结束"), OPS_FIELD(kind, "Kind", "类型"),
       OPS_FIELD(deputy, "Deputy", "代理人"));
  }
};
struct CancelAbsence {
  static constexpr auto type = "absence.cancel";
  std::string person, absence;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(absence, "Absence", "缺勤单"));
  }
};

}  // namespace org
