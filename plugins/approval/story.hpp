// What the tests begin with: an office, a subject, a chain.
#pragma once

#include <opsledger/testing.hpp>

#include "approvals_table.hpp"
#include "chain_tables.hpp"
#include "commands.hpp"
#include "person_tables.hpp"

namespace approval {

using ops::operator""h;
using ops::operator""min;
using ops::operator""s;
using ops::spec;

inline const ops::Time kNow = ops::Time::of(ops::Date::of(2026, 11, 11), 9h);
inline const std::string kApproval = "AP-202611-0001";

inline Step step(const std::string& name, std::vector<std::string> approvers,
                 Mode mode = Mode::single) {
  Step s;
  s.name = name, s.approvers = std::move(approvers), s.mode = mode;
  return s;
}
inline ChainPublished chain(std::vector<Step> steps) {
  return {"pay", 1, "request", "付款", "Payment", std::move(steps)};
}
/// What the subject's module writes; the test kit's actor of given events is `tester`.
inline ops::ForeignEvent submitted(const std::string& snapshot, const std::string& id = "R1") {
  ops::Json::Object data{{"request", id}, {"snapshot", snapshot}};
  return {"request.submitted", ops::Json(data), {{"request", id}}};
}
inline const std::string kSnapshot = R"({"amount":500,"owner":"owen"})";

/// tester → mona → dora in OPS; dora heads the department.
inline void seat_office(ops::Spec& s) {
  const auto position = [](std::string id, std::string role, std::optional<std::string> above) {
    return PositionDefined{id, "OPS", role, above};
  };
  s.given(DepartmentCreated{"OPS", {}}, position("DIR", "director", {}),
          position("MGR", "ops_manager", "DIR"), position("SPC", "ops_specialist", "MGR"),
          position("EDL", "editor_lead", "MGR"), PersonAppointed{"dora", "DIR", true},
          PersonAppointed{"mona", "MGR", true}, PersonAppointed{"tester", "SPC", true},
          DepartmentHeadSet{"OPS", "DIR"});
}
inline ops::Spec office(std::vector<Step> steps,
                        std::source_location where = std::source_location::current()) {
  auto s = spec(nullptr, where);
  seat_office(s);
  s.given(chain(std::move(steps)), submitted(kSnapshot)).in("OPS");
  return s;
}
inline Request ask() {
  return {"request", "R1", "pay", "付款申请", {}};
}
/// An approval under way, asked by `tester`.
inline ops::Spec running(std::vector<Step> steps,
                         std::source_location where = std::source_location::current()) {
  auto s = office(std::move(steps), where);
  s.as("tester").when(ask());
  return s;
}
inline Vote agree(std::int32_t step = 1) {
  return {kApproval, step, Verdict::approve, "", {}};
}
inline Vote refuse(std::int32_t step = 1) {
  return {kApproval, step, Verdict::reject, "no", {}};
}
/// The approval as people see it.
inline Approvals::Row row(ops::Spec& s) {
  return s.table("approvals").row<Approvals::Row>(kApproval).value_or(Approvals::Row{});
}
inline std::vector<std::string> waiting(ops::Spec& s) {
  return row(s).waiting;
}
using People = std::vector<std::string>;

}  // namespace approval
