// Who is who for selectors: the chart, granted roles, delegations.
#pragma once

#include <map>
#include <set>

#include "events.hpp"
#include "org_events.hpp"

namespace approval {

/// Positions, holders and heads, loaded by org:chart.
struct Chart {
  struct Position {
    std::string department, role;
    std::optional<std::string> reports_to;
    std::vector<std::string> holders;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(department), NVP(role), NVP(reports_to), NVP(holders));
    }
  };
  struct Department {
    std::optional<std::string> parent, head;
    template <class A>
    void serialize(A& ar) {
      ar(NVP(parent), NVP(head));
    }
  };
  using Listens = ops::Fold<DepartmentCreated, DepartmentMoved, DepartmentHeadSet, PositionDefined,
                            PositionRevised, PersonAppointed, PersonTransferred, PersonRelieved>;
  std::map<std::string, Position> positions;
  std::map<std::string, Department> departments;
  std::map<std::string, std::string> primary;  ///< person → position

  void on(const DepartmentCreated& e) { departments[e.department].parent = e.parent; }
  void on(const DepartmentMoved& e) { departments[e.department].parent = e.parent; }
  void on(const DepartmentHeadSet& e) { departments[e.department].head = e.position; }
  void on(const PositionDefined& e) { learn(e); }
  void on(const PositionRevised& e) { learn(e); }
  void on(const PersonAppointed& e) { join(e.person, e.position, e.primary); }
  void on(const PersonTransferred& e) {
    leave(e.person, e.from_position);
    join(e.person, e.to_position, e.primary);
  }
  void on(const PersonRelieved& e) { leave(e.person, e.position); }

  std::vector<std::string> holders(const std::string& position) const {
    const auto found = positions.find(position);
    return found == positions.end() ? std::vector<std::string>() : found->second.holders;
  }
  std::vector<std::string> holders_of_role(const std::string& role, const std::string& in) const {
    std::vector<std::string> people;
    for (const auto& [id, position] : positions) {
      if (position.role != role || position.department != in) continue;
      people.insert(people.end(), position.holders.begin(), position.holders.end());
    }
    return people;
  }
  /// Holders of the position `levels` above the person's primary one; nobody above the top.
  std::vector<std::string> managers(const std::string& person, int levels) const {
    const auto own = primary.find(person);
    if (own == primary.end()) return {};
    std::string at = own->second;
    for (; levels > 0; --levels) {
      const auto found = positions.find(at);
      if (found == positions.end() || !found->second.reports_to) return {};
      at = *found->second.reports_to;
    }
    return holders(at);
  }
  std::vector<std::string> heads(const std::string& department) const {
    const auto found = departments.find(department);
    if (found == departments.end() || !found->second.head) return {};
    return holders(*found->second.head);
  }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(positions), NVP(departments), NVP(primary));
  }

 private:
  void learn(const PositionDefined& e) {
    Position& p = positions[e.position];
    p.department = e.department, p.role = e.role, p.reports_to = e.reports_to;
  }
  void join(const std::string& person, const std::string& position, bool is_primary) {
    positions[position].holders.push_back(person);
    if (is_primary) primary[person] = position;
  }
  void leave(const std::string& person, const std::string& position) {
    std::erase(positions[position].holders, person);
    if (primary[person] == position) primary.erase(person);
  }
};

/// Roles granted in one department, loaded by department:<id>.
struct Grants {
  using Listens = ops::Fold<GrantGiven, GrantRevoked>;
  std::map<std::string, std::set<std::string>> accounts;  ///< by department and role
  void on(const GrantGiven& e) { accounts[e.department + "/" + e.role].insert(e.account); }
  void on(const GrantRevoked& e) { accounts[e.department + "/" + e.role].erase(e.account); }

  std::vector<std::string> holders(const std::string& role, const std::string& department) const {
    const auto found = accounts.find(department + "/" + role);
    if (found == accounts.end()) return {};
    return {found->second.begin(), found->second.end()};
  }
};

/// All delegations, loaded by delegations:all.
struct Delegations {
  static constexpr int kHopsMax = 3;
  using Listens = ops::Fold<DelegationSet, DelegationCleared>;
  std::map<std::string, DelegationSet> by_person;

  void on(const DelegationSet& e) { by_person[e.from] = e; }
  void on(const DelegationCleared& e) { by_person.erase(e.from); }

  /// Who decides for `person` on that kind of subject at that time: the person, or at the end of
  /// at most kHopsMax delegations.
  std::string acting_for(std::string person, const std::string& subject_type, ops::Time at) const {
    for (int hops = 0; hops < kHopsMax; ++hops) {
      const auto found = by_person.find(person);
      if (found == by_person.end() || !covers(found->second, subject_type, at)) break;
      person = found->second.to;
    }
    return person;
  }
  /// People along the delegations that begin at `person` and overlap the period; `person` first.
  std::vector<std::string> chain_from(const std::string& person,
                                      const DelegationSet& period) const {
    std::vector<std::string> people{person};
    while (people.size() <= by_person.size()) {
      const auto found = by_person.find(people.back());
      if (found == by_person.end() || !overlap(found->second, period)) break;
      people.push_back(found->second.to);
    }
    return people;
  }
  /// Longest row of delegations that ends at `person` and overlaps the period.
  int hops_to(const std::string& person, const DelegationSet& period, int limit) const {
    int longest = 0;
    if (limit == 0) return 0;
    for (const auto& [from, delegation] : by_person) {
      if (delegation.to != person || from == period.from || !overlap(delegation, period)) continue;
      longest = std::max(longest, 1 + hops_to(from, period, limit - 1));
    }
    return longest;
  }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(by_person));
  }

 private:
  static bool covers(const DelegationSet& e, const std::string& subject_type, ops::Time at) {
    const bool in_scope = e.scopes.empty() || std::find(e.scopes.begin(), e.scopes.end(),
                                                        subject_type) != e.scopes.end();
    return in_scope && e.valid_from <= at && at < e.valid_until;
  }
  static bool overlap(const DelegationSet& a, const DelegationSet& b) {
    return a.valid_from < b.valid_until && b.valid_from < a.valid_until;
  }
};

}  // namespace approval
