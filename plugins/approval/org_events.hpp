// The fields of other modules' events that selectors look at.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>

namespace approval {

struct DepartmentCreated {
  static constexpr auto type = "department.created";
  std::string department;
  std::optional<std::string> parent;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(department), NVP(parent));
  }
  ops::Tags tags() const { return {{"department", department}, {"org", "chart"}}; }
};
struct DepartmentMoved : DepartmentCreated {
  static constexpr auto type = "department.moved";
};
struct DepartmentHeadSet {
  static constexpr auto type = "department.head_set";
  std::string department;
  std::optional<std::string> position;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(department), NVP(position));
  }
  ops::Tags tags() const { return {{"department", department}, {"org", "chart"}}; }
};
struct PositionDefined {
  static constexpr auto type = "position.defined";
  std::string position, department, role;
  std::optional<std::string> reports_to;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(position), NVP(department), NVP(role), NVP(reports_to));
  }
  ops::Tags tags() const { return {{"position", position}, {"org", "chart"}}; }
};
struct PositionRevised : PositionDefined {
  static constexpr auto type = "position.revised";
};
struct PersonAppointed {
  static constexpr auto type = "person.appointed";
  std::string person, position;
  bool primary = true;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(person), NVP(position), NVP(primary));
  }
  ops::Tags tags() const { return {{"person", person}, {"org", "chart"}}; }
};
struct PersonTransferred {
  static constexpr auto type = "person.transferred";
  std::string person, from_position, to_position;
  bool primary = true;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(person), NVP(from_position), NVP(to_position), NVP(primary));
  }
  ops::Tags tags() const { return {{"person", person}, {"org", "chart"}}; }
};
struct PersonRelieved {
  static constexpr auto type = "person.relieved";
  std::string person, position;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(person), NVP(position));
  }
  ops::Tags tags() const { return {{"person", person}, {"org", "chart"}}; }
};
struct AbsenceRegistered {
  static constexpr auto type = "absence.registered";
  std::string absence, person;
  ops::Time from, to;
  std::optional<std::string> deputy;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(absence), NVP(person), NVP(from), NVP(to), NVP(deputy));
  }
  ops::Tags tags() const { return {{"absence", absence}, {"person", person}}; }
};
struct AbsenceCancelled {
  static constexpr auto type = "absence.cancelled";
  std::string absence, person;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(absence), NVP(person));
  }
  ops::Tags tags() const { return {{"absence", absence}, {"person", person}}; }
};

/// A role given to an account beside those of its positions.
struct GrantGiven {
  static constexpr auto type = "grant.given";
  std::string account, role, department;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(account), NVP(role), NVP(department));
  }
  ops::Tags tags() const { return {{"account", account}, {"department", department}}; }
};
struct GrantRevoked : GrantGiven {
  static constexpr auto type = "grant.revoked";
};

}  // namespace approval
