// Everything that rights rest on, folded from the control events: accounts, roles, grants, the
// organisation, and which modules are on where.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/access/organisation.hpp"
#include "kernel/access/permission.hpp"
#include "kernel/modules/enablement.hpp"

namespace opsledger {

/// Reads everything and writes `audit.*` only, whatever else the account was given.
inline constexpr std::string_view kAuditorRole = "auditor";
inline constexpr std::string_view kAuditModule = "audit";

/// A role that somebody has somewhere. Views live as long as the state is not changed.
struct Assignment {
  const Role* role = nullptr;
  std::string_view department;  ///< empty: given for everywhere
  std::string_view position;    ///< held position that brings it; empty: an explicit grant
  bool primary = false;
};

/// The widest way in which somebody may do something.
struct Holding {
  std::string role, department, position;
  Scope scope = Scope::kOwn;
};

/// Pure. Not thread safe: whoever keeps it guards it.
class ControlState {
 public:
  explicit ControlState(bool modules_enabled_by_default = true)
      : enablement_(modules_enabled_by_default) {}

  /// Every event type that `apply` folds.
  static const std::vector<std::string>& types();
  static bool folds(std::string_view type);
  void apply(std::string_view type, const boost::json::object& data);

  bool has_accounts() const { return !accounts_.empty(); }
  bool is_account(std::string_view account) const { return accounts_.contains(account); }
  /// Every account, and whether it is enabled.
  const std::map<std::string, bool, std::less<>>& accounts() const { return accounts_; }
  /// Created and not disabled.
  bool is_enabled(std::string_view account) const;

  const std::map<std::string, Role, std::less<>>& roles() const { return roles_; }
  struct Grant {
    std::string role, department;
    friend bool operator==(const Grant&, const Grant&) = default;
  };
  const std::vector<Grant>& grants(std::string_view account) const;
  const Organisation& organisation() const { return organisation_; }
  const Enablement& enablement() const { return enablement_; }

  /// Explicit grants, then held positions. A role that nobody defined is left out.
  using Take = std::function<void(const Assignment&)>;
  void each_assignment(std::string_view account, std::int32_t day, const Take& take) const;
  bool is_auditor(std::string_view account, std::int32_t day) const;

  /// How `account` may do `asked` for `department` (empty: for none in particular, which needs
  /// scope all). Nothing: not at all.
  std::optional<Holding> holding(std::string_view account, const Permission& asked,
                                 std::string_view department, std::int32_t day) const;
  /// The department that is meant when none is named: that of the primary position, else the only
  /// one in which the account has a role. Empty when that is not clear.
  std::string implied_department(std::string_view account, std::int32_t day) const;
  /// The rows and events of `asked` that `account` may see.
  RowScope read_scope(std::string_view account, const Permission& asked, std::int32_t day) const;

 private:
  bool reaches(const Assignment& assignment, Scope scope, std::string_view department) const;
  void add_reach(const Assignment& assignment, Scope scope, std::string_view account,
                 std::int32_t day, RowScope* rows) const;
  void revoke(const std::string& account, const Grant& grant);

  std::map<std::string, bool, std::less<>> accounts_;  ///< enabled?
  std::map<std::string, Role, std::less<>> roles_;
  std::map<std::string, std::vector<Grant>, std::less<>> grants_;
  Organisation organisation_;
  Enablement enablement_;
};

}  // namespace opsledger
