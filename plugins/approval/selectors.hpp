// Selectors: `role:editor_lead@data.department` → people.
#pragma once

#include "models.hpp"

namespace approval {

enum class SelectorKind { user, role, manager_of, field, dept_head };

struct Selector {
  SelectorKind kind{};
  std::string argument, department;
  int levels = 1;
};

/// `user:x` · `role:r`, `role:r@dept`, `role:r@data.field` · `manager_of(initiator)`,
/// `manager_of(initiator,n)` · `field:data.f` · `dept_head`, `dept_head:dept`,
/// `dept_head:data.field`. Nothing when it is none of these. Without a department: the request's.
inline std::optional<Selector> parse_selector(const std::string& text) {
  const auto colon = text.find(':');
  const std::string head = text.substr(0, colon);
  const std::string rest = colon == text.npos ? "" : text.substr(colon + 1);
  if (head == "user" && !rest.empty()) return Selector{SelectorKind::user, rest, ""};
  if (head == "field" && !rest.empty()) return Selector{SelectorKind::field, rest, ""};
  if (head == "dept_head" && (colon == text.npos || !rest.empty()))
    return Selector{SelectorKind::dept_head, "", rest};
  if (head == "role" && !rest.empty()) {
    const auto at = rest.find('@');
    const std::string department = at == rest.npos ? "" : rest.substr(at + 1);
    if (at == 0 || (at != rest.npos && department.empty())) return std::nullopt;
    return Selector{SelectorKind::role, rest.substr(0, at), department};
  }
  constexpr std::string_view kManager = "manager_of(initiator";
  if (!text.starts_with(kManager) || !text.ends_with(')')) return std::nullopt;
  const std::string levels = text.substr(kManager.size(), text.size() - kManager.size() - 1);
  if (levels.empty()) return Selector{SelectorKind::manager_of, "", "", 1};
  if (levels.size() != 2 || levels[0] != ',' || levels[1] < '1' || levels[1] > '9')
    return std::nullopt;
  return Selector{SelectorKind::manager_of, "", "", levels[1] - '0'};
}

/// Null when the text is no JSON: whoever starts on it is refused.
inline ops::Json json_of(const std::string& snapshot) {
  try {
    return ops::Json::parse(snapshot);
  } catch (const ops::DecodeError&) {
    return {};
  }
}

/// A text member of the snapshot: `data.owner` or `owner`.
inline std::string text_at(const ops::Json& data, std::string_view path) {
  if (path.starts_with("data.")) path.remove_prefix(5);
  return data[path].str();
}

/// `department` of a selector: absent, a field of the snapshot, or the thing itself.
inline std::string department_of(const Selector& selector, const Requested& request,
                                 const ops::Json& data) {
  if (selector.department.empty()) return request.department;
  if (selector.department.starts_with("data.")) return text_at(data, selector.department);
  return selector.department;
}

/// Departments whose grants decide who holds a role; at most 64 of them.
inline ops::TagSets grant_tags(const Requested& request) {
  std::set<std::string> departments;
  const auto data = json_of(request.snapshot);
  for (const Step& step : request.steps) {
    for (const auto* list : {&step.approvers, &step.cc}) {
      for (const std::string& text : *list) {
        const auto selector = parse_selector(text);
        if (!selector || selector->kind != SelectorKind::role) continue;
        departments.insert(department_of(*selector, request, data));
      }
    }
  }
  ops::TagSets sets;
  for (const std::string& department : departments) {
    if (!department.empty() && sets.size() < 64) sets.push_back({{"department", department}});
  }
  return sets;
}

/// Everything that selectors look at.
struct Directory {
  const Chart& chart;
  const ops::Many<Grants>& grants;
  const Delegations& delegations;

  std::vector<std::string> resolve(const Selector& selector, const Requested& request,
                                   const ops::Json& data) const {
    switch (selector.kind) {
      case SelectorKind::user:
        return {selector.argument};
      case SelectorKind::field: {
        const std::string person = text_at(data, selector.argument);
        return person.empty() ? std::vector<std::string>() : std::vector{person};
      }
      case SelectorKind::manager_of:
        return chart.managers(request.initiator, selector.levels);
      case SelectorKind::dept_head:
        return chart.heads(department_of(selector, request, data));
      case SelectorKind::role:
        return role_holders(selector.argument, department_of(selector, request, data));
    }
    return {};
  }

 private:
  std::vector<std::string> role_holders(const std::string& role, const std::string& in) const {
    auto people = chart.holders_of_role(role, in);
    for (std::size_t i = 0; i < grants.size(); ++i) {
      const auto more = grants[i].holders(role, in);
      people.insert(people.end(), more.begin(), more.end());
    }
    return people;
  }
};

}  // namespace approval
