// How commands about chains and delegations are decided.
#pragma once

#include <opsledger/expression.hpp>

#include "commands.hpp"
#include "selectors.hpp"

namespace approval {

inline constexpr std::size_t kStepsMax = 20;
inline constexpr std::size_t kSelectorsMax = 20;
inline constexpr std::int32_t kSlaMinutesMax = 60 * 24 * 365;

inline ops::Decision not_found(const char* what, const std::string& id) {
  return ops::reject("entity.not_found", std::string("no ") + what + " " + id);
}

inline std::optional<ops::Decision> step_fault(const Step& step, const ops::Envelope& envelope) {
  const auto at = [&](const std::string& text) { return "step '" + step.name + "': " + text; };
  if (step.name.empty()) return ops::reject("approval.step", "a step needs a name");
  if (step.approvers.empty() || step.approvers.size() > kSelectorsMax)
    return ops::reject("approval.step", at("1 to 20 approver selectors"));
  for (const auto* list : {&step.approvers, &step.cc}) {
    for (const std::string& text : *list) {
      if (!parse_selector(text))
        return ops::reject("approval.selector", at("'" + text + "' is no selector"));
    }
  }
  if (step.mode == Mode::quorum && step.quorum < 1 &&
      (step.quorum_percent < 1 || step.quorum_percent > 100))
    return ops::reject("approval.quorum", at("a quorum needs a number or a share of 1 to 100 %"));
  if (step.sla_minutes < 0 || step.sla_minutes > kSlaMinutesMax)
    return ops::reject("approval.sla", at("a limit is 0 minutes to a year"));
  if (step.on_timeout == OnTimeout::auto_approve && !envelope.config()["auto_approve"].boolean())
    return ops::reject("approval.auto_approve", at("the setting auto_approve is off"));
  if (step.condition.empty()) return std::nullopt;
  try {
    ops::Expression::parse(step.condition);
  } catch (const std::exception& error) {
    return ops::reject("approval.condition", at(error.what()));
  }
  return std::nullopt;
}

inline ops::Decision decide_define_chain(const DefineChain& c, const ChainState& chain,
                                         const ops::Envelope& envelope) {
  if (c.steps.empty() || c.steps.size() > kStepsMax)
    return ops::reject("approval.steps", "a chain has 1 to 20 steps");
  if (chain.newest.version > 0 && chain.newest.subject_type != c.subject_type)
    return ops::reject("approval.subject_type",
                       "chain " + c.chain + " is for " + chain.newest.subject_type);
  const ops::Tag is_tag_key(c.subject_type, "x");  // else command.invalid
  for (const Step& step : c.steps) {
    if (auto fault = step_fault(step, envelope)) return *fault;
  }
  return ops::emit(ChainPublished{c.chain, chain.newest.version + 1, c.subject_type, c.label_zh,
                                  c.label_en, c.steps});
}

inline ops::Decision decide_retire_chain(const RetireChain& c, const ChainState& chain) {
  if (!chain.active) return not_found("chain", c.chain);
  return ops::emit(ChainRetired{c.chain});
}

inline std::optional<ops::Decision> delegation_fault(const DelegationSet& e, const Delegations& all,
                                                     ops::Time now) {
  if (e.to == e.from)
    return ops::reject("approval.delegation_self", "nobody stands in for oneself");
  if (e.valid_until <= e.valid_from || e.valid_until <= now)
    return ops::reject("approval.delegation_period", "it ends after it begins, and later than now");
  const auto onwards = all.chain_from(e.to, e);
  if (std::find(onwards.begin(), onwards.end(), e.from) != onwards.end())
    return ops::reject("approval.delegation_cycle", e.to + " hands on to " + e.from);
  const auto hops =
      all.hops_to(e.from, e, Delegations::kHopsMax) + static_cast<int>(onwards.size());
  if (hops > Delegations::kHopsMax)
    return ops::reject("approval.delegation_depth", "that would be more than 3 hands in a row");
  return std::nullopt;
}

/// Wide rights reach further than the department: everybody in it has the right to vote.
inline bool reaches_beyond_department(const ops::Envelope& envelope) {
  return envelope.scope() == "subtree" || envelope.scope() == "all";
}
/// For somebody else only with a wide right: a delegation hands over votes.
inline std::optional<ops::Decision> foreign_fault(const std::string& from,
                                                  const ops::Envelope& envelope) {
  if (from == envelope.actor() || reaches_beyond_department(envelope)) return std::nullopt;
  return ops::reject("approval.not_own", "only your own delegations");
}

inline ops::Decision decide_set_delegation(const SetDelegation& c, const Delegations& all,
                                           const ops::Envelope& envelope) {
  const DelegationSet e{c.from.value_or(std::string(envelope.actor())),
                        c.to,
                        c.valid_from,
                        c.valid_until,
                        c.scopes,
                        {}};
  if (auto fault = foreign_fault(e.from, envelope)) return *fault;
  if (auto fault = delegation_fault(e, all, envelope.time())) return *fault;
  return ops::emit(e);
}

inline ops::Decision decide_clear_delegation(const ClearDelegation& c, const Delegations& all,
                                             const ops::Envelope& envelope) {
  const std::string from = c.from.value_or(std::string(envelope.actor()));
  if (auto fault = foreign_fault(from, envelope)) return *fault;
  if (!all.by_person.contains(from)) return not_found("delegation of", from);
  return ops::emit(DelegationCleared{from});
}

/// A delegation somebody made by hand stays; one that cannot be is left out.
inline ops::Decision decide_delegate_for_absence(const DelegateForAbsence& c,
                                                 const Delegations& all,
                                                 const ops::Envelope& envelope) {
  const DelegationSet e{c.from, c.to, c.valid_from, c.valid_until, {}, c.absence};
  const auto found = all.by_person.find(c.from);
  const bool by_hand = found != all.by_person.end() && !found->second.absence &&
                       found->second.valid_until > envelope.time();
  if (by_hand || delegation_fault(e, all, envelope.time())) return {};
  return ops::emit(e);
}

inline ops::Decision decide_end_absence_delegation(const EndAbsenceDelegation& c,
                                                   const Delegations& all) {
  const auto found = all.by_person.find(c.from);
  if (found == all.by_person.end() || found->second.absence != c.absence) return {};
  return ops::emit(DelegationCleared{c.from});
}

}  // namespace approval
