// What administrators do: roles, grants, modules per department. Every change is an event.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernel/access/access_model.hpp"
#include "kernel/modules/registry.hpp"

namespace opsledger {

/// Checks the right, checks the change against the state it rests on, appends it under the
/// condition that neither has changed since, and waits until it is durable. Thread safe; what it is
/// given must outlive it. Errors of all: those of AccessModel::require; kConflict
/// `append.conflict`; the ledger's.
class Administration {
 public:
  Administration(Ledger& ledger, const AccessModel& model, const Registry& registry)
      : ledger_(ledger), model_(model), registry_(registry) {}

  struct Outcome {
    Position position{};   ///< of the change; where nothing changed, of what was looked at
    bool changed = false;  ///< false: it was so already
  };

  /// Replaces or makes a role (right `access.roles`). Errors: kInvalid `role.invalid`; kRejected
  /// `access.last_admin`.
  Result<Outcome> define_role(const boost::json::object& role, const RequestContext& context);

  /// Right `access.grants`. `department` empty: everywhere. Errors: kNotFound `entity.not_found`
  /// (account, role or department); kRejected `access.auditor_exclusive`.
  struct Grant {
    std::string account, role, department;
  };
  Result<Outcome> give(const Grant& grant, const RequestContext& context);
  /// Errors: kNotFound; kRejected `access.last_admin`.
  Result<Outcome> revoke(const Grant& grant, const RequestContext& context);

  /// Right `module.configure` in the department. Errors: kNotFound `module.unknown`,
  /// `entity.not_found` (department); those of check_switch and check_config.
  struct Switch {
    std::string department, module;
    std::optional<bool> enabled;                ///< nothing: as it is
    std::optional<boost::json::object> config;  ///< nothing: as it is
  };
  Result<Outcome> set_module(const Switch& change, const RequestContext& context);

 private:
  /// What a change appends under which condition; no events = it is so already.
  struct Change {
    std::vector<NewEvent> events;
    std::vector<QueryItem> rests_on;
  };
  using Plan = std::function<Result<Change>(const ControlState&)>;
  Result<Outcome> apply(const Permission& right, const std::string& department,
                        const RequestContext& context, const Plan& plan);

  Ledger& ledger_;
  const AccessModel& model_;
  const Registry& registry_;
};

/// Why `account` may or may not do `asked` in `department` on `day`: every role it has there, what
/// of it counts, and the outcome. `{"account","permission","department","allowed","scope"?,
/// "role"?,"assignments":[{"role","department","position"?,"permissions":[…]}]}`
boost::json::object explain(const ControlState& state, std::string_view account,
                            const Permission& asked, std::string_view department, std::int32_t day);

}  // namespace opsledger
