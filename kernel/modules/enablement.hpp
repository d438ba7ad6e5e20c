// Which modules are switched on in which department, and with which settings: folded from
// `module.enabled`, `module.disabled` and `module.configured`.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/modules/row_scope.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// Pure. Not thread safe: whoever keeps it guards it.
class Enablement {
 public:
  /// `by_default`: what holds for a module and a department of which no event tells.
  explicit Enablement(bool by_default = true) : by_default_(by_default) {}

  static bool folds(std::string_view type);
  /// `data` of an event that `folds`; fields that are missing leave things as they are.
  void apply(std::string_view type, const boost::json::object& data);

  /// What belongs to no department (an empty one) follows the default.
  bool enabled(std::string_view module, std::string_view department) const;
  /// The settings as JSON text; `{}` where nobody has configured the module.
  const std::string& config(std::string_view module, std::string_view department) const;
  /// Writes the switch into `scope`: rows of departments where the module is off are hidden.
  void hide_disabled(std::string_view module, RowScope* scope) const;
  /// No module is off anywhere.
  bool hides_nothing() const;
  /// Departments that an event names for `module`, with what holds there now; in order.
  std::vector<std::pair<std::string, bool>> departments(std::string_view module) const;

 private:
  struct Switch {
    bool on = true;
    std::string config = "{}";
  };
  using Departments = std::map<std::string, Switch, std::less<>>;
  const Switch* find(std::string_view module, std::string_view department) const;

  bool by_default_;
  std::map<std::string, Departments, std::less<>> modules_;
};

/// Whether `module` may be switched on or off in `department` as things stand.
/// Errors: kConflict `module.required` naming the enabled modules that need it; kConflict
/// `module.requires` naming what it needs and is off or not loaded.
Status check_switch(const Registry& registry, const Enablement& now, const ModuleInfo& module,
                    std::string_view department, bool on);

/// Whether `config` fits the module's settings. Errors: kInvalid `schema.invalid` with pointers
/// below `/config`; kInvalid `module.no_settings` for a module that has none.
Status check_config(const ModuleInfo& module, const boost::json::value& config);

}  // namespace opsledger
