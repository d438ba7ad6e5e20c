// What happens to people, their appointments and absences.
#pragma once

#include "department_events.hpp"

namespace org {

/// Sealed by the host under the person's own key; this module never sees what is in it.
using Private = ops::Personal<std::string>;

struct PersonRegistered {
  static constexpr auto type = "person.registered";
  static constexpr ops::Label label{"Person registered", "人员已登记"};
  std::string person, employee_no;
  Private name, mobile, email;
  std::string tz, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(employee_no, "Employee no.", "工号"),
       OPS_FIELD(name, "Name", "姓名"), OPS_FIELD(mobile, "Mobile", "手机"),
       OPS_FIELD(email, "E-mail", "邮箱"), OPS_FIELD(tz, "Time zone", "时区"),
       OPS_FIELD(locale, "Language", "语言"));
  }
  ops::Tags tags() const { return {{"person", person}, {"employee_no", employee_no}}; }
};

/// Only what changed is present.
struct ProfileChanged {
  static constexpr auto type = "person.profile_changed";
  static constexpr ops::Label label{"Profile changed", "个人资料已变更"};
  std::string person;
  std::optional<Private> name, mobile, email;
  std::optional<std::string> tz, locale;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(name, "Name", "姓名"),
       OPS_FIELD(mobile, "Mobile", "手机"), OPS_FIELD(email, "E-mail", "邮箱"),
       OPS_FIELD(tz, "Time zone", "时区"), OPS_FIELD(locale, "Language", "语言"));
  }
  ops::Tags tags() const { return {{"person", person}}; }
};

struct PersonDeactivated {
  static constexpr auto type = "person.deactivated";
  static constexpr ops::Label label{"Person deactivated", "人员已停用"};
  std::string person;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"));
  }
  ops::Tags tags() const { return chart_tags({{"person", person}}); }
};

struct PersonAppointed {
  static constexpr auto type = "person.appointed";
  static constexpr ops::Label label{"Person appointed", "人员已任命"};
  std::string person, position, department;
  ops::Date from;
  bool primary = true;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(position, "Position", "岗位"),
       OPS_FIELD(department, "Department", "部门"), OPS_FIELD(from, "From", "生效日期"),
       OPS_FIELD(primary, "Primary", "主岗"));
  }
  ops::Tags tags() const {
    return chart_tags({{"person", person}, {"position", position}, {"department", department}});
  }
};

struct PersonTransferred {
  static constexpr auto type = "person.transferred";
  static constexpr ops::Label label{"Person transferred", "人员已调岗"};
  std::string person, from_position, to_position, from_department, department;
  ops::Date from;
  bool primary = true;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(from_position, "From position", "原岗位"),
       OPS_FIELD(to_position, "To position", "新岗位"),
       OPS_FIELD(from_department, "From department", "原部门"),
       OPS_FIELD(department, "Department", "部门"), OPS_FIELD(from, "From", "生效日期"),
       OPS_FIELD(primary, "Primary", "主岗"));
  }
  ops::Tags tags() const {
    return chart_tags({{"person", person},
                       {"position", from_position},
                       {"position", to_position},
                       {"department", from_department},
                       {"department", department}});
  }
};

struct PersonRelieved {
  static constexpr auto type = "person.relieved";
  static constexpr ops::Label label{"Person relieved", "人员已卸任"};
  std::string person, position, department;
  ops::Date effective_on;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(position, "Position", "岗位"),
       OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(effective_on, "Effective on", "生效日期"));
  }
  ops::Tags tags() const {
    return chart_tags({{"person", person}, {"position", position}, {"department", department}});
  }
};

enum class AbsenceKind { annual, sick, personal, business_trip, parental, other };
OPS_ENUM(AbsenceKind, annual, sick, personal, business_trip, parental, other)

struct AbsenceRegistered {
  static constexpr auto type = "absence.registered";
  static constexpr ops::Label label{"Absence registered", "缺勤已登记"};
  std::string absence, person;
  ops::Time from, to;  ///< to: the first moment when the person is back
  AbsenceKind kind{};
  std::optional<std::string> deputy;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(absence, "Absence", "缺勤单"), OPS_FIELD(person, "Person", "人员"),
       OPS_FIELD(from, "From", "开始"), OPS_FIELD(to, "To", "结束"),
       OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(deputy, "Deputy", "代理人"));
  }
  ops::Tags tags() const { return {{"absence", absence}, {"person", person}}; }
};

struct AbsenceCancelled {
  static constexpr auto type = "absence.cancelled";
  static constexpr ops::Label label{"Absence cancelled", "缺勤已取消"};
  std::string absence, person;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(absence, "Absence", "缺勤单"), OPS_FIELD(person, "Person", "人员"));
  }
  ops::Tags tags() const { return {{"absence", absence}, {"person", person}}; }
};

}  // namespace org
