// Rule: when an event of one type comes and a condition holds, send commands.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "kernel/modules/registry.hpp"
#include "kernel/reactions/rule_events.hpp"
#include "kernel/rules/json_template.hpp"

namespace opsledger {

/// A rule that was read and checked against the modules that are loaded. Immutable.
struct Rule {
  struct Command {
    std::string type;
    JsonTemplate data;
    std::optional<JsonTemplate> department;  ///< else the trigger's
    std::optional<ops::Expression> each;     ///< one command per element; `each` names it
  };
  struct Row {
    std::string table;
    JsonTemplate key;
  };
  std::string id;
  unsigned version = 0;
  std::string on;
  std::string department;                    ///< only events of this one; "" = of all
  std::optional<ops::Expression> condition;  ///< none: always
  std::optional<Row> row;                    ///< what the name `row` stands for
  ops::expr::Shape data_shape, row_shape;    ///< of the names `data` and `row`
  std::vector<Command> commands;
  RuleMode mode = RuleMode::kShadow;  ///< right after it was published
  unsigned limit = 0;                 ///< commands on one event at most
  std::string owner;
  Label label;

  std::string versioned_id() const { return id + "@" + std::to_string(version); }
};

/// `{"id","on","if"?,"row"?:{"table","key"},"do":[{"command","data","department"?,"each"?}],
/// "mode"?:"off"|"shadow","limit"?,"department"?,"owner"?,"label"?:{"en","zh"}}`; version 0.
/// Everything is checked: the event type, the table and the commands exist, expressions fit the
/// event's schema, templates the commands'. Errors: kInvalid `rule.invalid`, all fields with
/// pointers; kNotFound `rule.module_absent` where a type, table or command belongs to a module that
/// is not loaded.
Result<Rule> read_rule(const boost::json::object& definition, const Registry& registry);

/// The shapes of the names that a rule's expressions may use. Precondition: its types are known.
ops::expr::Shape names_shape(const EventTypeInfo& on, const TableInfo* row);

}  // namespace opsledger
