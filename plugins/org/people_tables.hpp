// People as others see them: register, contacts, appointments, absences.
#pragma once

#include "person_events.hpp"
#include "position_events.hpp"

namespace org {

template <class T>
void take(const std::optional<T>& from, T& to) {
  if (from) to = *from;
}

enum class PersonStatus { active, left };
OPS_ENUM(PersonStatus, active, left)

/// The register; `contacts` is the same without those who left.
struct Persons {
  struct Row {
    std::string person, employee_no;
    Private name, mobile, email;
    std::string tz, locale;
    std::optional<std::string> primary_position, department;
    PersonStatus status = PersonStatus::active;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(employee_no, "Employee no.", "工号"),
         OPS_FIELD(name, "Name", "姓名"), OPS_FIELD(mobile, "Mobile", "手机"),
         OPS_FIELD(email, "E-mail", "邮箱"), OPS_FIELD(tz, "Time zone", "时区"),
         OPS_FIELD(locale, "Language", "语言"),
         OPS_FIELD(primary_position, "Primary position", "主岗"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(status, "Status", "状态"));
    }
  };
  using Listens = ops::Fold<PersonRegistered, ProfileChanged, PersonDeactivated, PersonAppointed,
                            PersonTransferred, PersonRelieved>;

  static void on(const PersonRegistered& e, ops::Rows<Row>& rows) {
    rows.put(e.person, {e.person,
                        e.employee_no,
                        e.name,
                        e.mobile,
                        e.email,
                        e.tz,
                        e.locale,
                        {},
                        {},
                        PersonStatus::active});
  }
  static void on(const ProfileChanged& e, ops::Rows<Row>& rows) {
    rows.edit(e.person, [&](Row& row) {
      take(e.name, row.name), take(e.mobile, row.mobile), take(e.email, row.email);
      take(e.tz, row.tz), take(e.locale, row.locale);
    });
  }
  static void on(const PersonDeactivated& e, ops::Rows<Row>& rows) {
    rows.edit(e.person, [](Row& row) { row.status = PersonStatus::left; });
  }
  static void on(const PersonAppointed& e, ops::Rows<Row>& rows) {
    if (e.primary) place(rows, e.person, e.position, e.department);
  }
  static void on(const PersonTransferred& e, ops::Rows<Row>& rows) {
    if (e.primary) place(rows, e.person, e.to_position, e.department);
  }
  static void on(const PersonRelieved& e, ops::Rows<Row>& rows) {
    rows.edit(e.person, [&](Row& row) {
      if (row.primary_position != e.position) return;
      row.primary_position = row.department = std::nullopt;
    });
  }

 private:
  static void place(ops::Rows<Row>& rows, const std::string& person, const std::string& position,
                    const std::string& department) {
    rows.edit(person,
              [&](Row& row) { row.primary_position = position, row.department = department; });
  }
};

struct Contacts {
  using Row = Persons::Row;
  using Listens = Persons::Listens;

  static void on(const PersonDeactivated& e, ops::Rows<Row>& rows) { rows.erase(e.person); }
  template <class E>
  static void on(const E& e, ops::Rows<Row>& rows) {
    Persons::on(e, rows);
  }
};

struct Appointments {
  struct Row {
    std::string person, position, department;
    ops::Date from;
    std::optional<ops::Date> to;
    bool primary = false, current = true;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(position, "Position", "岗位"),
         OPS_FIELD(department, "Department", "部门"), OPS_FIELD(from, "From", "生效日期"),
         OPS_FIELD(to, "To", "结束日期"), OPS_FIELD(primary, "Primary", "主岗"),
         OPS_FIELD(current, "Current", "当前"));
    }
  };
  using Listens = ops::Fold<PersonAppointed, PersonTransferred, PersonRelieved>;

  /// A person may hold a position again later: the row then begins anew and its history has both.
  static std::string key(const std::string& person, const std::string& position) {
    return person + "/" + position;
  }
  static void on(const PersonAppointed& e, ops::Rows<Row>& rows) {
    rows.put(key(e.person, e.position),
             {e.person, e.position, e.department, e.from, {}, e.primary, true});
  }
  static void on(const PersonTransferred& e, ops::Rows<Row>& rows) {
    end(rows, key(e.person, e.from_position), e.from);
    rows.put(key(e.person, e.to_position),
             {e.person, e.to_position, e.department, e.from, {}, e.primary, true});
  }
  static void on(const PersonRelieved& e, ops::Rows<Row>& rows) {
    end(rows, key(e.person, e.position), e.effective_on);
  }

 private:
  static void end(ops::Rows<Row>& rows, const std::string& key, ops::Date on) {
    rows.edit(key, [&](Row& row) { row.to = on, row.current = false; });
  }
};

struct Absences {
  struct Row {
    std::string person;
    ops::Time from, to;
    AbsenceKind kind{};
    std::optional<std::string> deputy;
    bool cancelled = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "人员"), OPS_FIELD(from, "From", "开始"),
         OPS_FIELD(to, "To", "结束"), OPS_FIELD(kind, "Kind", "类型"),
         OPS_FIELD(deputy, "Deputy", "代理人"), OPS_FIELD(cancelled, "Cancelled", "已取消"));
    }
  };
  using Listens = ops::Fold<AbsenceRegistered, AbsenceCancelled>;

  static void on(const AbsenceRegistered& e, ops::Rows<Row>& rows) {
    rows.put(e.absence, {e.person, e.from, e.to, e.kind, e.deputy, false});
  }
  static void on(const AbsenceCancelled& e, ops::Rows<Row>& rows) {
    rows.edit(e.absence, [](Row& row) { row.cancelled = true; });
  }
};

}  // namespace org
