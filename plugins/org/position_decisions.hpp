// How commands about positions are decided.
#pragma once

#include <set>

#include "checks.hpp"
#include "commands.hpp"
#include "standard_positions.hpp"

namespace org {

/// The refusal that a card ends in, or nothing.
inline std::optional<ops::Decision> card_fault(const Card& card, const Chart& chart) {
  if (!is_name(card.title_zh) || !is_name(card.title_en))
    return ops::reject("position.title", "a position needs a Chinese and an English title");
  if (!is_role(card.role))
    return ops::reject("position.role",
                       "a role is lower-case words such as editor_lead, found '" + card.role + "'");
  if (card.headcount < 1 || card.headcount > kHeadcountMax)
    return ops::reject("position.headcount", "a headcount is 1 to 10000");
  if (card.duties.empty() || card.duties.size() > kDutiesMax)
    return ops::reject("position.duties", "a position has 1 to 50 duties");
  std::set<std::int32_t> numbers;
  for (const Duty& duty : card.duties) {
    if (duty.no < 1 || duty.text.empty() || duty.text.size() > kTextBytesMax ||
        !numbers.insert(duty.no).second)
      return ops::reject("position.duties",
                         "duties have a text and a number of their own from 1, look at " +
                             std::to_string(duty.no));
  }
  if (!card.reports_to) return std::nullopt;
  if (chart.position(*card.reports_to) == nullptr) return not_found("position", *card.reports_to);
  if (chart.position_is_within(*card.reports_to, card.position))
    return ops::reject("position.cycle",
                       *card.reports_to + " is " + card.position + " or reports to it");
  return std::nullopt;
}

inline bool code_taken(const Chart& chart, const std::string& code) {
  return std::any_of(chart.positions.begin(), chart.positions.end(),
                     [&](const auto& p) { return p.second.code == code; });
}

inline ops::Decision decide_define_position(const DefinePosition& c, const Chart& chart) {
  PositionDefined e;
  e.position = c.position.value_or(c.code);
  e.code = c.code, e.title_zh = c.title_zh, e.title_en = c.title_en;
  e.department = c.department, e.role = c.role, e.reports_to = c.reports_to;
  e.headcount = c.headcount, e.summary = c.summary, e.duties = c.duties;
  e.authority = c.authority, e.requirements = c.requirements;
  if (!is_id(c.code) || !is_id(e.position))
    return ops::reject("position.id", "'" + e.position + "' or its code is no id");
  if (chart.positions.contains(e.position))
    return ops::reject("position.exists", "position " + e.position + " exists");
  if (code_taken(chart, c.code))
    return ops::reject("position.code_taken", "another position has code " + c.code);
  if (chart.department(c.department) == nullptr) return not_found("department", c.department);
  if (auto fault = card_fault(e, chart)) return *fault;
  return ops::emit(e);
}

template <class T>
void replace(const std::optional<T>& by, T* value) {
  if (by) *value = *by;
}

inline ops::Decision decide_revise_position(const RevisePosition& c, const Chart& chart,
                                            const CurrentCard& current) {
  const auto* position = chart.position(c.position);
  if (position == nullptr) return not_found("position", c.position);
  PositionRevised e;
  static_cast<Card&>(e) = current.card;
  replace(c.title_zh, &e.title_zh), replace(c.title_en, &e.title_en), replace(c.role, &e.role);
  replace(c.headcount, &e.headcount), replace(c.summary, &e.summary);
  replace(c.duties, &e.duties), replace(c.authority, &e.authority);
  replace(c.requirements, &e.requirements);
  if (c.reports_to) e.reports_to = c.reports_to->empty() ? std::nullopt : c.reports_to;
  e.card_version = current.version + 1;
  if (ops::to_bytes(static_cast<Card&>(e)) == ops::to_bytes(current.card))
    return ops::reject("position.unchanged", "the card says all of this already");
  if (auto fault = card_fault(e, chart)) return *fault;
  if (static_cast<std::size_t>(e.headcount) < position->holders.size())
    return ops::reject("position.headcount", "more people hold " + c.position + " than that");
  for (const std::int32_t no : current.duty_numbers()) {
    const bool kept = std::any_of(e.duties.begin(), e.duties.end(),
                                  [&](const Duty& duty) { return duty.no == no; });
    if (!kept) e.removed_duties.push_back(no);
  }
  return ops::emit(e);
}

inline ops::Decision decide_retire_position(const RetirePosition& c, const Chart& chart,
                                            const CurrentCard& current) {
  const auto* position = chart.position(c.position);
  if (position == nullptr) return not_found("position", c.position);
  if (!position->holders.empty())
    return ops::reject("position.held", position->holders.front() + " holds " + c.position);
  for (const auto& [id, other] : chart.positions) {
    if (other.open && other.reports_to == c.position)
      return ops::reject("position.has_reports", "position " + id + " reports to it");
  }
  ops::Decision decision =
      ops::emit(PositionRetired{c.position, position->department, current.duty_numbers()});
  const auto* department = chart.department(position->department);
  if (department != nullptr && department->head == c.position)
    decision.emit(DepartmentHeadSet{position->department, std::nullopt});
  return decision;
}

inline ops::Decision decide_adopt_standard(const AdoptStandard& c, const Chart& chart) {
  const auto* department = chart.department(c.department);
  if (department == nullptr) return not_found("department", c.department);
  ops::Decision decision;
  const auto cards = standard_positions(c.department, department->code);
  for (const Card& card : cards) {
    if (chart.positions.contains(card.position) || code_taken(chart, card.code)) {
      decision.warn("position.exists", "position " + card.position + " exists and stays as it is");
      continue;
    }
    PositionDefined e;
    static_cast<Card&>(e) = card;
    decision.emit(e);
  }
  if (decision.events().empty())
    return ops::reject("position.exists", "department " + c.department + " has them all");
  if (!department->head && !chart.positions.contains(cards.front().position))
    decision.emit(DepartmentHeadSet{c.department, cards.front().position});
  return decision;
}

inline ops::Decision decide_link_duty(const LinkDuty& c, const Chart& chart,
                                      const CurrentCard& current) {
  if (chart.position(c.position) == nullptr) return not_found("position", c.position);
  const auto numbers = current.duty_numbers();
  if (std::find(numbers.begin(), numbers.end(), c.duty_no) == numbers.end())
    return not_found("duty", c.position + "/" + std::to_string(c.duty_no));
  if (!is_role(c.module)) return ops::reject("duty.module", "'" + c.module + "' is no module");
  return ops::emit(DutyLinked{c.position, current.card.department, c.duty_no, c.module, c.kpi});
}

}  // namespace org
