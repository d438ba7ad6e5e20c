// A chain of approval steps, as it is defined and as each running approval keeps it.
#pragma once

#include <opsledger/sdk.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace approval {

enum class Mode { single, any, all, sequence, quorum };
OPS_ENUM(Mode, single, any, all, sequence, quorum)

enum class OnTimeout { remind, escalate, auto_reject, auto_approve };
OPS_ENUM(OnTimeout, remind, escalate, auto_reject, auto_approve)

enum class Verb {
  return_prev,
  return_to,
  return_start,
  transfer,
  add_before,
  add_after,
  withdraw,
  cc
};
OPS_ENUM(Verb, return_prev, return_to, return_start, transfer, add_before, add_after, withdraw, cc)

enum class SelfApproval { forbid, skip_to_manager };
OPS_ENUM(SelfApproval, forbid, skip_to_manager)

enum class Empty { escalate, fail, skip };
OPS_ENUM(Empty, escalate, fail, skip)

struct Step {
  std::string name;
  Mode mode = Mode::single;
  std::int32_t quorum = 0, quorum_percent = 0;
  std::optional<bool> veto;
  std::vector<std::string> approvers;
  std::string condition;
  std::int32_t sla_minutes = 0;
  OnTimeout on_timeout = OnTimeout::remind;
  std::optional<std::vector<Verb>> allow;
  SelfApproval self_approval = SelfApproval::forbid;
  Empty empty = Empty::escalate;
  std::vector<std::string> cc;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(name, "Step", "步骤"),
       OPS_FIELD(mode, "Mode", "方式")
           .defaulted()
           .doc("single 单人, any 或签, all 会签, sequence 依次, quorum 票数"),
       OPS_FIELD(quorum, "Votes needed", "所需票数").defaulted(),
       OPS_FIELD(quorum_percent, "Votes needed (%)", "所需比例(%)").defaulted(),
       OPS_FIELD(veto, "One veto rejects", "一票否决"),
       OPS_FIELD(approvers, "Approvers", "审批人")
           .doc("user:x, role:r@dept, manager_of(initiator,n), field:data.f, dept_head:dept"),
       OPS_FIELD(condition, "Condition", "条件").defaulted(),
       OPS_FIELD(sla_minutes, "Limit (working minutes)", "时限(工作分钟)").defaulted(),
       OPS_FIELD(on_timeout, "On timeout", "超时处理").defaulted(),
       OPS_FIELD(allow, "Allowed", "允许操作"),
       OPS_FIELD(self_approval, "Own requests", "自审规则").defaulted(),
       OPS_FIELD(empty, "Without approver", "无审批人时").defaulted(),
       OPS_FIELD(cc, "Copies", "抄送").defaulted());
  }
  bool allows(Verb verb) const {
    return !allow || std::find(allow->begin(), allow->end(), verb) != allow->end();
  }
  /// One rejection is enough, unless the step says otherwise.
  bool has_veto() const { return veto.value_or(mode != Mode::any && mode != Mode::quorum); }
};

}  // namespace approval
