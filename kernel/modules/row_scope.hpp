// What part of a module's rows and events a reader may see. Decided by kernel/access, applied by
// kernel/query and kernel/http before anything is filtered, counted or compared.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace opsledger {

/// A value. All lists are sorted. The default sees everything: what has no reader (a projection,
/// the operator's own shell) passes it.
struct RowScope {
  bool all = true;  ///< every department and owner; the two lists below do not matter
  std::vector<std::string> departments;
  std::vector<std::string> owners;

  /// Departments of the switch below; what belongs to no department is never switched off.
  std::vector<std::string> listed;
  bool listed_are_hidden = true;  ///< else all but the listed ones are hidden

  bool everything() const { return all && listed.empty() && listed_are_hidden; }
  bool nothing() const { return !all && departments.empty() && owners.empty(); }

  /// Whether the module is switched off in `department`.
  bool hidden(std::string_view department) const {
    return !department.empty() && has(listed, department) == listed_are_hidden;
  }
  bool sees(std::string_view department, std::string_view owner) const {
    if (hidden(department)) return false;
    return all || (!department.empty() && has(departments, department)) ||
           (!owner.empty() && has(owners, owner));
  }

 private:
  static bool has(const std::vector<std::string>& sorted, std::string_view text) {
    return std::binary_search(sorted.begin(), sorted.end(), text);
  }
};

}  // namespace opsledger
