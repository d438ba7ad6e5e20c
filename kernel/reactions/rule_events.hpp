// The kernel events of rules, schema json, each with the tag `rule:<id>`:
//   rule.published         {rule, version, kind reaction|rule, module, always, label_en, label_zh}
//   rule.mode_set          {rule, department, mode off|shadow|on}; department `*` = all others
//   rule.fired             {rule, version, trigger, number, command, outcome, code, message}
//   rule.would_have_fired  {rule, version, trigger, commands [{type, data, department}]}
//   rule.halted            {rule, version, trigger, why, commands}
//   rule.progressed        {rule, position}: everything up to there is done
// The three about a trigger also have the tag `trigger:<rule>:<position>[.<number>]`.
#pragma once

#include <string>
#include <vector>

#include "kernel/reactions/reaction_source.hpp"
#include "storage/api/query.hpp"

namespace opsledger {

inline constexpr const char* kRulePublished = "rule.published";
inline constexpr const char* kRuleModeSet = "rule.mode_set";
inline constexpr const char* kRuleFired = "rule.fired";
inline constexpr const char* kRuleWouldHaveFired = "rule.would_have_fired";
inline constexpr const char* kRuleHalted = "rule.halted";
inline constexpr const char* kRuleProgressed = "rule.progressed";

enum class RuleMode { kOff, kShadow, kOn };
/// `off`, `shadow`, `on`.
std::string_view mode_name(RuleMode mode);

/// The key of one command of one rule on account of one event: what says that it was sent.
QueryItem trigger_item(std::string_view rule, Position trigger, std::size_t number);

NewEvent rule_published(const RuleInfo& rule);
NewEvent rule_mode_set(std::string_view rule, std::string_view department, RuleMode mode);
NewEvent rule_fired(const RuleInfo& rule, Position trigger, std::size_t number,
                    const RuleCommand& command, const Error* refusal);
NewEvent rule_would_have_fired(const RuleInfo& rule, Position trigger,
                               const std::vector<RuleCommand>& commands);
NewEvent rule_halted(const RuleInfo& rule, Position trigger, std::string_view why,
                     std::size_t commands);
NewEvent rule_progressed(std::string_view rule, Position position);

}  // namespace opsledger
