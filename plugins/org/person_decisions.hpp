// How commands about people and their absences are decided.
#pragma once

#include "checks.hpp"
#include "commands.hpp"

namespace org {

inline ops::Date today(const ops::Envelope& envelope) {
  return envelope.time().date(kChinaOffset);
}

/// 202611, of the day in China.
inline std::string month_of(const ops::Envelope& envelope) {
  const std::string day = today(envelope).str();
  return day.substr(0, 4) + day.substr(5, 2);
}

inline ops::Decision decide_register_person(const RegisterPerson& c, const EmployeeNo& number,
                                            bool id_taken, const ops::Envelope& envelope) {
  const std::string id = c.person ? *c.person : std::string(envelope.number());
  if (!is_id(id)) return ops::reject("person.id", "'" + id + "' is no id");
  if (id_taken) return ops::reject("person.exists", "person " + id + " exists");
  if (!number.person.empty())
    return ops::reject("person.employee_no_taken",
                       number.person + " has employee number " + c.employee_no);
  if (c.name.empty()) return ops::reject("person.name", "a person needs a name");
  return ops::emit(PersonRegistered{id, c.employee_no, c.name, c.mobile.value_or(Private()),
                                    c.email.value_or(Private()), c.tz.value_or("Asia/Shanghai"),
                                    c.locale.value_or("zh-CN")});
}

inline ops::Decision decide_update_person(const UpdatePerson& c, const Person& person) {
  if (!person.active) return not_found("active person", c.person);
  if (!c.name && !c.mobile && !c.email && !c.tz && !c.locale)
    return ops::reject("person.unchanged", "nothing is said that changes");
  if (c.name && c.name->empty()) return ops::reject("person.name", "a person needs a name");
  return ops::emit(ProfileChanged{c.person, c.name, c.mobile, c.email, c.tz, c.locale});
}

/// Takes away every position first, so that no right outlives the person's time here.
inline ops::Decision decide_deactivate_person(const DeactivatePerson& c, const Person& person,
                                              const ops::Envelope& envelope) {
  if (!person.active) return not_found("active person", c.person);
  ops::Decision decision;
  for (const auto& [position, appointment] : person.appointments)
    decision.emit(PersonRelieved{c.person, position, appointment.department, today(envelope)});
  return std::move(decision).emit(PersonDeactivated{c.person});
}

/// What taking a position ends in when it cannot be: one's own doing, too early, taken, full.
inline std::optional<ops::Decision> appointment_fault(const std::string& person,
                                                      const std::string& to, ops::Date from,
                                                      const Person& state, const Chart& chart,
                                                      const ops::Envelope& envelope) {
  if (envelope.actor() == person)
    return ops::reject("person.self_appointment", "nobody decides about their own positions");
  if (!state.active) return not_found("active person", person);
  const auto* position = chart.position(to);
  if (position == nullptr) return not_found("position", to);
  if (state.appointments.contains(to))
    return ops::reject("person.holds_position", person + " holds " + to);
  if (from > today(envelope))
    return ops::reject("person.in_future", "send it on " + from.str() + " or later");
  if (position->holders.size() >= static_cast<std::size_t>(position->headcount) &&
      envelope.reason().empty())
    return ops::reject("position.headcount_exceeded", to + " has a headcount of " +
                                                          std::to_string(position->headcount) +
                                                          "; more needs a reason");
  return std::nullopt;
}

inline ops::Decision decide_appoint_person(const AppointPerson& c, const Person& person,
                                           const Chart& chart, const ops::Envelope& envelope) {
  const ops::Date from = c.from.value_or(today(envelope));
  if (auto fault = appointment_fault(c.person, c.position, from, person, chart, envelope))
    return *fault;
  const bool primary = c.primary.value_or(!person.has_primary());
  if (primary && person.has_primary())
    return ops::reject("person.primary_exists", c.person + " has a primary position");
  return ops::emit(
      PersonAppointed{c.person, c.position, chart.position(c.position)->department, from, primary});
}

/// Both or neither: a list that is loaded again names people who are there already.
inline ops::Decision decide_enter_person(const EnterPerson& c, const EmployeeNo& number,
                                         const Chart& chart, const ops::Envelope& envelope) {
  const auto place = std::find_if(chart.positions.begin(), chart.positions.end(), [&](auto& p) {
    return p.second.open && p.second.code == c.position_code;
  });
  if (place == chart.positions.end()) return not_found("position", c.position_code);
  const auto* department = chart.department(place->second.department);
  if (department == nullptr || department->code != c.dept_code)
    return ops::reject("position.elsewhere",
                       c.position_code + " is no position of department " + c.dept_code);
  RegisterPerson person;
  person.employee_no = c.employee_no, person.name = c.name;
  person.mobile = c.mobile, person.email = c.email;
  const std::string id(envelope.number());
  person.person = id;
  const ops::Decision registered = decide_register_person(person, number, false, envelope);
  if (registered.rejection()) return registered;
  const ops::Date from = c.from.value_or(today(envelope));
  Person state;
  state.known = state.active = true;
  if (auto fault = appointment_fault(id, place->first, from, state, chart, envelope)) return *fault;
  ops::Decision decision = registered;
  decision.emit(PersonAppointed{id, place->first, place->second.department, from, true});
  return decision;
}

inline ops::Decision decide_transfer_person(const TransferPerson& c, const Person& person,
                                            const Chart& chart, const ops::Envelope& envelope) {
  const ops::Date from = c.from.value_or(today(envelope));
  if (auto fault = appointment_fault(c.person, c.to_position, from, person, chart, envelope))
    return *fault;
  const auto held = person.appointments.find(c.from_position);
  if (held == person.appointments.end()) return not_found("appointment to", c.from_position);
  return ops::emit(
      PersonTransferred{c.person, c.from_position, c.to_position, held->second.department,
                        chart.position(c.to_position)->department, from, held->second.primary});
}

inline ops::Decision decide_relieve_person(const RelievePerson& c, const Person& person,
                                           const ops::Envelope& envelope) {
  if (envelope.actor() == c.person)
    return ops::reject("person.self_appointment", "nobody decides about their own positions");
  const auto held = person.appointments.find(c.position);
  if (held == person.appointments.end()) return not_found("appointment to", c.position);
  const ops::Date on = c.effective_on.value_or(today(envelope));
  if (on > today(envelope))
    return ops::reject("person.in_future", "send it on " + on.str() + " or later");
  if (on < held->second.from)
    return ops::reject("person.before_appointment",
                       c.person + " holds it since " + held->second.from.str());
  return ops::emit(PersonRelieved{c.person, c.position, held->second.department, on});
}

/// Whether one of the positions that `above` holds is, transitively, above one of the person's.
inline bool leads(std::string_view above, const Person& person, const Chart& chart) {
  for (const auto& [id, position] : chart.positions) {
    if (std::find(position.holders.begin(), position.holders.end(), above) ==
        position.holders.end())
      continue;
    for (const auto& [held, appointment] : person.appointments) {
      if (held != id && chart.position_is_within(held, id)) return true;
    }
  }
  return false;
}

/// Whether the actor's right, as far as it goes, covers this person.
inline bool reaches(const std::string& id, const Person& person, const Chart& chart,
                    const ops::Envelope& envelope) {
  const std::string_view scope = envelope.scope();
  if (scope == "all" || envelope.actor() == id) return true;
  if (scope == "own") return false;
  if (scope == "team") return leads(envelope.actor(), person, chart);
  const std::string department(envelope.department());
  return std::any_of(person.appointments.begin(), person.appointments.end(), [&](const auto& a) {
    return a.second.department == department ||
           (scope == "subtree" && chart.department_is_within(a.second.department, department));
  });
}

inline ops::Decision out_of_reach(const std::string& person) {
  return ops::reject("absence.out_of_reach", "your right does not reach " + person);
}

inline ops::Decision decide_register_absence(const RegisterAbsence& c, const Person& person,
                                             const ops::Many<Person>& deputy, const Chart& chart,
                                             const ops::Envelope& envelope) {
  if (!person.active) return not_found("active person", c.person);
  if (!reaches(c.person, person, chart, envelope)) return out_of_reach(c.person);
  if (c.to <= c.from) return ops::reject("absence.period", "an absence ends after it begins");
  if (person.absent_between(c.from, c.to))
    return ops::reject("absence.overlap", c.person + " is absent then already");
  if (c.deputy) {
    if (*c.deputy == c.person) return ops::reject("absence.deputy", "nobody is their own deputy");
    if (!deputy[0].active) return not_found("active person", *c.deputy);
    if (deputy[0].absent_between(c.from, c.to))
      return ops::reject("absence.deputy_absent", *c.deputy + " is absent then");
    if (!may_stand_in(deputy[0], person, chart))
      return ops::reject("absence.deputy_role",
                         *c.deputy + " holds neither the same nor a higher role");
  }
  return ops::emit(
      AbsenceRegistered{std::string(envelope.number()), c.person, c.from, c.to, c.kind, c.deputy});
}

inline ops::Decision decide_cancel_absence(const CancelAbsence& c, const Person& person,
                                           const Chart& chart, const ops::Envelope& envelope) {
  const auto found = person.absences.find(c.absence);
  if (found == person.absences.end()) return not_found("absence", c.absence);
  if (!reaches(c.person, person, chart, envelope)) return out_of_reach(c.person);
  if (found->second.to <= envelope.time())
    return ops::reject("absence.over", "absence " + c.absence + " is over");
  return ops::emit(AbsenceCancelled{c.absence, c.person});
}

}  // namespace org
