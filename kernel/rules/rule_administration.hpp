// What administrators do with rules: publish, try on history, switch.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <mutex>
#include <set>
#include <string>

#include "kernel/access/access_model.hpp"
#include "kernel/rules/planner.hpp"
#include "kernel/rules/rule_catalog.hpp"

namespace opsledger {

/// Checks the right, checks the change, appends it under the condition that neither has changed
/// since, waits until it is durable. Rights: `rule.publish`, `rule.set_mode`, `rule.dry_run` (M) in
/// the rule's or the named department, or for the whole installation. Thread safe; what it is given
/// must outlive it. `access` may be null: everybody may.
class RuleAdministration {
 public:
  RuleAdministration(Ledger& ledger, const Registry& registry, RuleCatalog& catalog,
                     const RulePlanner& planner, const AccessModel* access)
      : ledger_(ledger),
        registry_(registry),
        catalog_(catalog),
        planner_(planner),
        access_(access) {}

  struct Published {
    std::string rule;
    unsigned version = 0;
    Position position{};
    bool changed = false;  ///< false: this very definition is the newest version already
  };
  /// The next version of the rule; it runs in no mode above its definition's (`off` or `shadow`,
  /// the default), also where the version before it was on. Errors: those of read_rule and
  /// AccessModel::require; kInvalid `rule.invalid` (its id is a module's reaction); kTooLarge
  /// `rule.too_large`; kRejected `rule.too_many`; kConflict `append.conflict`; the ledger's.
  Result<Published> publish(const boost::json::object& definition, const RequestContext& context);

  /// `department` `*`: wherever nothing else was said. Modules' reactions too, by
  /// `<module>.<reaction>`. Errors: kNotFound `rule.unknown`; kRejected `rule.dry_run_required` (on
  /// before this version was tried), `rule.always_on`; those of AccessModel::require; the ledger's.
  Result<Position> set_mode(const std::string& rule, const std::string& department, RuleMode mode,
                            const RequestContext& context);

  struct Range {
    Position from{}, upto{};  ///< both inclusive; 0 = from the first, to the last
    std::string department;   ///< "" = all
  };
  /// What the newest version would have sent for events of the past. Nothing is written; this
  /// version may be switched on from now on, until the program stops. `{"rule","version","from",
  /// "to","examined","fired","failed","complete","firings":[{"position","department","commands":
  /// [{"command","department","data"}]}|{"position","department","error"}]}`; the first
  /// kDryRunListedMax firings are listed; `complete` false: examined up to `to` only. Errors:
  /// kNotFound `rule.unknown`, kRejected `rule.not_loaded`; the ledger's and the services'.
  Result<boost::json::object> dry_run(const std::string& rule, const Range& range,
                                      const RequestContext& context);

  /// Newest versions with their modes, and modules' reactions. Right `rule.list` (V).
  Result<boost::json::array> list(const RequestContext& context);

 private:
  Result<std::vector<QueryItem>> require(std::string_view right, char permission_class,
                                         std::string_view department,
                                         const RequestContext& context) const;
  /// Nobody automates in a department what they may not do there themselves.
  Status require_commands(const Rule& rule, const RequestContext& context) const;
  Result<Position> append(std::vector<NewEvent> events, std::vector<QueryItem> guard,
                          const std::string& rule, Position at, const RequestContext& context);
  bool is_reaction(std::string_view rule, bool* always) const;
  bool tried(const std::string& rule, unsigned version);

  Ledger& ledger_;
  const Registry& registry_;
  RuleCatalog& catalog_;
  const RulePlanner& planner_;
  const AccessModel* access_;
  std::mutex mutex_;                                  // guards tried_
  std::set<std::pair<std::string, unsigned>> tried_;  // dry runs of this process
};

}  // namespace opsledger
