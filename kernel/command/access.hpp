// The one place where the command path asks who may. Deciding it belongs to kernel/access.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/events/raw_append.hpp"
#include "kernel/modules/registry.hpp"
#include "storage/api/query.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Asked before a command is looked at any further and once more at the position of every
/// attempt. Thread safe; must be quick when nothing changed since the position it saw last.
class Access {
 public:
  struct Grant {
    std::string role;  ///< whose permission allowed it; goes into every event's metadata
    /// The control events that would take the grant away (enablement and rights of this
    /// department and actor). They join the append condition: such an event between the check
    /// and the append makes the command be checked and decided again.
    std::vector<QueryItem> guard;
    std::string department;     ///< the one it holds for: where none was named, the implied one
    std::string scope = "all";  ///< how far: own | team | department | subtree | all
    std::string config = "{}";  ///< the module's settings there
    bool separated = true;      ///< separation of duties holds (it cannot before accounts exist)
    bool may_override_separation = false;
  };
  virtual ~Access() = default;
  /// Errors: kForbidden `access.forbidden`, kDisabled `module.disabled`, kUnauthenticated
  /// `access.unauthenticated`, kInvalid `department.unknown`. Records refusals for lack of right.
  virtual Result<Grant> check(const CommandRef& command, const RequestContext& context,
                              Position at) const = 0;
  /// Records a refusal for lack of right that was decided elsewhere.
  virtual void refused(std::string_view permission, std::string_view code,
                       const RequestContext& context) const = 0;
};

}  // namespace opsledger
