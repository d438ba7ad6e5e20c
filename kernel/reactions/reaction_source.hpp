// Where rules come from: modules declare reactions, administrators publish rules as data. The
// runner makes either happen exactly once and does not know which it is.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "storage/api/event.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

struct RuleInfo {
  std::string id;  ///< unique over all sources, at most 100 bytes, fit for a tag's value
  unsigned version = 1;
  std::string module;   ///< runs where this module is enabled; "" = everywhere
  bool always = false;  ///< on in every department whatever was set
  Label label;
  std::vector<std::string> event_types;  ///< of its triggers: exact, `task.*` or `*`
};

/// A command that a rule sends; JSON in the shape of the command.
struct RuleCommand {
  std::string type;
  boost::json::value data;
  std::string department;  ///< "" = the trigger's
};

/// Asked by the runner's thread alone; what it is asked about may change between calls.
class ReactionSource {
 public:
  virtual ~ReactionSource() = default;
  /// Changes whenever `rules` would answer anew. Cheap.
  virtual std::uint64_t revision() const = 0;
  /// The rules that can run now. A rule that is seen for the first time reacts to what is appended
  /// after that; one that is gone leaves its progress behind and goes on there when it is back.
  virtual std::vector<RuleInfo> rules() const = 0;
  /// What `rule` sends on account of `event`, which is one of its types; mostly nothing. Pure in
  /// the event and the ledger up to it. Errors: kInternal (the rule is halted for this event with
  /// a `rule.halted`); kTimeout, kNotReady (asked again later).
  virtual Result<std::vector<RuleCommand>> react(const RuleInfo& rule, const EventView& event) = 0;
};

}  // namespace opsledger
