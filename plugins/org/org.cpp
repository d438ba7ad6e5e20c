// The module `org`: what it declares, nothing else.
#include "chart_tables.hpp"
#include "department_decisions.hpp"
#include "people_tables.hpp"
#include "person_decisions.hpp"
#include "position_decisions.hpp"

namespace org {
namespace {

using ops::Permission;

template <class C>
ops::Tags chart(const C&) {
  return {{"org", "chart"}};
}
template <class C>
ops::Tags of_person(const C& c) {
  return {{"person", c.person}};
}
template <class C>
ops::Tags of_position(const C& c) {
  return {{"position", c.position}};
}

void declare_departments(ops::Module& m) {
  m.command<CreateDepartment>("Create department", "设立部门")
      .permission(Permission::kManage)
      .granted_to({"admin", "director"})
      .reads<Chart>(chart<CreateDepartment>)
      .decide(decide_create_department);
  m.command<RenameDepartment>("Rename department", "部门更名")
      .permission(Permission::kManage)
      .granted_to({"admin", "director"})
      .reads<Chart>(chart<RenameDepartment>)
      .decide(decide_rename_department);
  m.command<MoveDepartment>("Move department", "调整上级部门")
      .permission(Permission::kManage)
      .granted_to({"admin", "director"})
      .reads<Chart>(chart<MoveDepartment>)
      .decide(decide_move_department);
  m.command<SetHead>("Set head of department", "设定部门负责岗位")
      .permission(Permission::kManage)
      .granted_to({"admin", "director"})
      .reads<Chart>(chart<SetHead>)
      .decide(decide_set_head);
  m.command<CloseDepartment>("Close department", "撤销部门")
      .permission(Permission::kManage)
      .granted_to({"admin", "director"})
      .reads<Chart>(chart<CloseDepartment>)
      .decide(decide_close_department);
}

void declare_positions(ops::Module& m) {
  m.command<DefinePosition>("Define position", "设立岗位")
      .permission(Permission::kManage)
      .granted_to({"hr", "director", "admin"})
      .reads<Chart>(chart<DefinePosition>)
      .decide(decide_define_position);
  m.command<RevisePosition>("Revise position", "修订岗位说明书")
      .permission(Permission::kManage)
      .granted_to({"hr", "director", "admin"})
      .reads<Chart>(chart<RevisePosition>)
      .reads<CurrentCard>(of_position<RevisePosition>)
      .decide(decide_revise_position);
  m.command<RetirePosition>("Retire position", "撤销岗位")
      .permission(Permission::kManage)
      .granted_to({"hr", "director", "admin"})
      .reads<Chart>(chart<RetirePosition>)
      .reads<CurrentCard>(of_position<RetirePosition>)
      .decide(decide_retire_position);
  m.command<AdoptStandard>("Adopt the standard positions", "采用标准岗位")
      .permission(Permission::kManage)
      .granted_to({"hr", "director", "admin"})
      .reads<Chart>(chart<AdoptStandard>)
      .decide(decide_adopt_standard);
  m.command<LinkDuty>("Link duty", "关联职责")
      .permission(Permission::kManage)
      .granted_to({"director", "admin"})
      .reads<Chart>(chart<LinkDuty>)
      .reads<CurrentCard>(of_position<LinkDuty>)
      .decide(decide_link_duty);
}

void declare_persons(ops::Module& m) {
  m.command<RegisterPerson>("Register person", "登记人员")
      .granted_to({"hr", "admin"})
      .series([](const RegisterPerson& c,
                 const ops::Envelope&) -> std::string { return c.person ? "" : "P"; },
              4)
      .reads<EmployeeNo>([](const RegisterPerson& c) {
        return ops::tags{{"employee_no", c.employee_no}};
      })
      .reads_each<Person>([](const RegisterPerson& c) {
        return c.person ? ops::TagSets{{{"person", *c.person}}} : ops::TagSets();
      })
      .decide([](const RegisterPerson& c, const EmployeeNo& number,
                 const ops::Many<Person>& same_id, const ops::Envelope& envelope) {
        return decide_register_person(c, number, !same_id.empty() && same_id[0].known, envelope);
      });
  m.command<EnterPerson>("Enter person", "录入人员")
      .granted_to({"hr", "admin"})
      .series([](const EnterPerson&, const ops::Envelope&) { return std::string("P"); }, 4)
      .reads<EmployeeNo>([](const EnterPerson& c) {
        return ops::tags{{"employee_no", c.employee_no}};
      })
      .reads<Chart>(chart<EnterPerson>)
      .decide(decide_enter_person);
  m.command<UpdatePerson>("Change profile", "变更资料")
      .granted_to({"hr", "admin"})
      .reads<Person>(of_person<UpdatePerson>)
      .decide(decide_update_person);
  m.command<DeactivatePerson>("Deactivate person", "停用人员")
      .granted_to({"hr", "admin"})
      .reads<Person>(of_person<DeactivatePerson>)
      .decide(decide_deactivate_person);
  m.command<AppointPerson>("Appoint person", "任命")
      .granted_to({"hr", "director", "admin"})
      .reads<Person>(of_person<AppointPerson>)
      .reads<Chart>(chart<AppointPerson>)
      .decide(decide_appoint_person);
  m.command<TransferPerson>("Transfer person", "调岗")
      .granted_to({"hr", "director", "admin"})
      .reads<Person>(of_person<TransferPerson>)
      .reads<Chart>(chart<TransferPerson>)
      .decide(decide_transfer_person);
  m.command<RelievePerson>("Relieve person", "卸任")
      .granted_to({"hr", "director", "admin"})
      .reads<Person>(of_person<RelievePerson>)
      .decide(decide_relieve_person);
}

void declare_absences(ops::Module& m) {
  m.command<RegisterAbsence>("Register absence", "登记缺勤")
      .series([](const RegisterAbsence&,
                 const ops::Envelope& envelope) { return "AB-" + month_of(envelope); },
              4)
      .reads<Person>(of_person<RegisterAbsence>)
      .reads_each<Person>([](const RegisterAbsence& c) {
        return c.deputy ? ops::TagSets{{{"person", *c.deputy}}} : ops::TagSets();
      })
      .reads<Chart>(chart<RegisterAbsence>)
      .decide(decide_register_absence);
  m.command<CancelAbsence>("Cancel absence", "取消缺勤")
      .reads<Person>(of_person<CancelAbsence>)
      .reads<Chart>(chart<CancelAbsence>)
      .decide(decide_cancel_absence);
}

void declare_tables(ops::Module& m) {
  m.table<Departments>("departments")
      .label("Departments", "部门")
      .key("department")
      .search("name_zh")
      .search("name_en")
      .index("parent")
      .index("code");
  m.table<Positions>("positions")
      .label("Position cards", "岗位说明书")
      .key("position")
      .search("title_zh")
      .search("title_en")
      .department("department")
      .index("department")
      .index("role");
  m.table<ChartTable>("chart")
      .label("Organisation chart", "组织架构图")
      .key("position")
      .department("department")
      .index("department")
      .index("reports_to")
      .index("vacant");
  m.table<Duties>("duties")
      .label("Duty coverage", "职责覆盖")
      .key("duty")
      .department("department")
      .index("position")
      .index("covered");
  m.table<Persons>("persons")
      .label("People", "人员")
      .key("person")
      .owner("person")
      .index("employee_no")
      .index("department");
  m.table<Contacts>("contacts")
      .label("Contacts", "通讯录")
      .key("person")
      .owner("person")
      .index("department");
  m.table<Appointments>("appointments")
      .label("Appointments", "任职记录")
      .key("appointment")
      .owner("person")
      .department("department")
      .index("person")
      .index("position");
  m.table<Absences>("absences")
      .label("Absences", "缺勤")
      .key("absence")
      .owner("person")
      .index("person")
      .index("from");
}

}  // namespace
}  // namespace org

OPS_MODULE("org", "0.1.0") {
  using namespace org;
  m.label("Organisation", "组织与岗位")
      .owns("org", "department", "position", "person", "absence", "duty");
  m.events<DepartmentCreated, DepartmentRenamed, DepartmentMoved, DepartmentHeadSet,
           DepartmentClosed, PositionDefined, PositionRevised, PositionRetired, DutyLinked>();
  m.events<PersonRegistered, ProfileChanged, PersonDeactivated, PersonAppointed, PersonTransferred,
           PersonRelieved, AbsenceRegistered, AbsenceCancelled>();
  declare_tables(m);
  declare_departments(m);
  declare_positions(m);
  declare_persons(m);
  declare_absences(m);
}
