// What decisions about the organisation must know.
#pragma once

#include <algorithm>
#include <map>

#include "person_events.hpp"
#include "position_events.hpp"

namespace org {

/// Departments, positions and who holds them, loaded by org:chart. One model for the whole
/// organisation: cycles, codes and head counts are questions about all of it.
struct Chart {
  struct Department {
    std::string code;
    std::optional<std::string> parent, head;
    bool open = true;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(code), NVP(parent), NVP(head), NVP(open));
    }
  };
  struct Position {
    std::string code, department, role;
    std::optional<std::string> reports_to;
    std::int32_t headcount = 0;
    bool open = true;
    std::vector<std::string> holders;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(code), NVP(department), NVP(role), NVP(reports_to), NVP(headcount), NVP(open),
         NVP(holders));
    }
  };
  using Listens = ops::Fold<DepartmentCreated, DepartmentMoved, DepartmentHeadSet, DepartmentClosed,
                            PositionDefined, PositionRevised, PositionRetired, PersonAppointed,
                            PersonTransferred, PersonRelieved>;
  std::map<std::string, Department> departments;
  std::map<std::string, Position> positions;

  void on(const DepartmentCreated& e) { departments[e.department] = {e.code, e.parent, {}, true}; }
  void on(const DepartmentMoved& e) { departments[e.department].parent = e.parent; }
  void on(const DepartmentHeadSet& e) { departments[e.department].head = e.position; }
  void on(const DepartmentClosed& e) { departments[e.department].open = false; }
  void on(const PositionDefined& e) { learn(e); }
  void on(const PositionRevised& e) { learn(e); }
  void on(const PositionRetired& e) { positions[e.position].open = false; }
  void on(const PersonAppointed& e) { positions[e.position].holders.push_back(e.person); }
  void on(const PersonTransferred& e) {
    std::erase(positions[e.from_position].holders, e.person);
    positions[e.to_position].holders.push_back(e.person);
  }
  void on(const PersonRelieved& e) { std::erase(positions[e.position].holders, e.person); }

  /// Null where there is none, or it is closed or retired.
  const Department* department(const std::string& id) const {
    const auto found = departments.find(id);
    return found == departments.end() || !found->second.open ? nullptr : &found->second;
  }
  const Position* position(const std::string& id) const {
    const auto found = positions.find(id);
    return found == positions.end() || !found->second.open ? nullptr : &found->second;
  }
  /// Whether `above` is `id` or above it; the trees have no cycles.
  bool department_is_within(std::string id, const std::string& above) const {
    for (const Department* at = department(id); id != above; at = department(id)) {
      if (at == nullptr || !at->parent) return false;
      id = *at->parent;
    }
    return true;
  }
  bool position_is_within(std::string id, const std::string& above) const {
    for (const Position* at = position(id); id != above; at = position(id)) {
      if (at == nullptr || !at->reports_to) return false;
      id = *at->reports_to;
    }
    return true;
  }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(departments), NVP(positions));
  }

 private:
  void learn(const Card& e) {
    Position& p = positions[e.position];
    p.code = e.code, p.department = e.department, p.role = e.role;
    p.reports_to = e.reports_to, p.headcount = e.headcount;
  }
};

/// The current card of one position, loaded by position:<id>.
struct CurrentCard {
  using Listens = ops::Fold<PositionDefined, PositionRevised, DutyLinked>;
  bool known = false;
  std::int32_t version = 0;
  Card card;

  void on(const PositionDefined& e) { known = true, version = 1, card = e; }
  void on(const PositionRevised& e) { version = e.card_version, card = e; }
  void on(const DutyLinked& e) {
    for (Duty& duty : card.duties) {
      if (duty.no == e.duty_no) duty.module = e.module, duty.kpi = e.kpi;
    }
  }
  std::vector<std::int32_t> duty_numbers() const {
    std::vector<std::int32_t> numbers;
    for (const Duty& duty : card.duties) numbers.push_back(duty.no);
    return numbers;
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(version), NVP(card));
  }
};

/// One person, loaded by person:<id>.
struct Person {
  struct Appointment {
    std::string department;
    ops::Date from;
    bool primary = false;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(department), NVP(from), NVP(primary));
    }
  };
  struct Absence {
    ops::Time from, to;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(from), NVP(to));
    }
  };
  using Listens = ops::Fold<PersonRegistered, PersonDeactivated, PersonAppointed, PersonTransferred,
                            PersonRelieved, AbsenceRegistered, AbsenceCancelled>;
  bool known = false, active = false;
  std::map<std::string, Appointment> appointments;  ///< by position
  std::map<std::string, Absence> absences;          ///< not cancelled

  void on(const PersonRegistered&) { known = active = true; }
  void on(const PersonDeactivated&) { active = false; }
  void on(const PersonAppointed& e) {
    appointments[e.position] = {e.department, e.from, e.primary};
  }
  void on(const PersonTransferred& e) {
    appointments.erase(e.from_position);
    appointments[e.to_position] = {e.department, e.from, e.primary};
  }
  void on(const PersonRelieved& e) { appointments.erase(e.position); }
  void on(const AbsenceRegistered& e) { absences[e.absence] = {e.from, e.to}; }
  void on(const AbsenceCancelled& e) { absences.erase(e.absence); }

  bool has_primary() const {
    return std::any_of(appointments.begin(), appointments.end(),
                       [](const auto& a) { return a.second.primary; });
  }
  bool absent_between(ops::Time from, ops::Time to) const {
    return std::any_of(absences.begin(), absences.end(),
                       [&](const auto& a) { return a.second.from < to && from < a.second.to; });
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(known), NVP(active), NVP(appointments), NVP(absences));
  }
};

/// Who has an employee number, loaded by employee_no:<no>.
struct EmployeeNo {
  using Listens = ops::Fold<PersonRegistered>;
  std::string person;
  void on(const PersonRegistered& e) { person = e.person; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(person));
  }
};

}  // namespace org
