// Who sits in a step: selectors resolved, authors kept out, delegations followed.
#pragma once

#include "selectors.hpp"

namespace approval {

/// Decides the approvers of one step when it opens. The rules:
/// nobody sits twice; no author of the subject sits; what a role selector found is not delegated;
/// a delegate who has a seat already, or is an author, leaves the seat to the delegator.
class Seating {
 public:
  Seating(const Instance& instance, const Directory& directory, const ops::Json& data, ops::Time at)
      : instance_(instance), directory_(directory), data_(data), at_(at) {}

  std::vector<Approver> of(const Step& step) {
    for (const std::string& text : step.approvers) {
      const auto selector = parse_selector(text);
      if (!selector) continue;
      for (const auto& person : directory_.resolve(*selector, instance_.request, data_))
        invite(person, text, step.self_approval);
    }
    delegate();
    if (step.mode == Mode::single && seats_.size() > 1) seats_.resize(1);
    return std::move(seats_);
  }
  /// Managers of the initiator, upwards, then heads of the department, upwards.
  std::vector<Approver> fallback() {
    for (int level = 1; level <= kLevelsMax && seats_.empty(); ++level) {
      for (const auto& person : directory_.chart.managers(instance_.request.initiator, level))
        seat(person, "empty:manager");
    }
    std::string department = instance_.request.department;
    for (int level = 0; level < kLevelsMax && seats_.empty(); ++level) {
      for (const auto& person : directory_.chart.heads(department)) seat(person, "empty:dept_head");
      const auto found = directory_.chart.departments.find(department);
      if (found == directory_.chart.departments.end() || !found->second.parent) break;
      department = *found->second.parent;
    }
    if (seats_.size() > 1) seats_.resize(1);
    return std::move(seats_);
  }

 private:
  static constexpr int kLevelsMax = 9;

  void invite(const std::string& person, const std::string& via, SelfApproval own) {
    if (!instance_.is_author(person)) return seat(person, via);
    if (own == SelfApproval::forbid) return;
    for (const auto& manager : directory_.chart.managers(person, 1)) seat(manager, via);
  }
  void seat(const std::string& person, const std::string& via) {
    if (instance_.is_author(person) || sits(person)) return;
    seats_.push_back({person, via, std::nullopt});
  }
  bool sits(const std::string& person) const {
    return std::any_of(seats_.begin(), seats_.end(),
                       [&](const Approver& a) { return a.person == person; });
  }
  void delegate() {
    for (Approver& a : seats_) {
      if (a.via.starts_with("role:")) continue;
      const auto to =
          directory_.delegations.acting_for(a.person, instance_.request.subject_type, at_);
      if (to == a.person || sits(to) || instance_.is_author(to)) continue;
      a.delegated_from = std::exchange(a.person, to);
    }
  }

  const Instance& instance_;
  const Directory& directory_;
  const ops::Json& data_;
  const ops::Time at_;
  std::vector<Approver> seats_;
};

}  // namespace approval
