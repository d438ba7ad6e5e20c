// The module `approval`: what it declares, nothing else.
#include "approvals_table.hpp"
#include "chain_tables.hpp"
#include "decisions.hpp"
#include "person_tables.hpp"

namespace approval {
namespace {

using ops::Envelope;
using ops::Many;
using ops::Permission;
using ops::Tags;
using ops::TagSets;

template <class C>
Tags all_delegations(const C&) {
  return {{"delegations", "all"}};
}

/// A command on a running approval: reads it, its subject as it is now, and who is who.
template <class C, class Configure>
void on_desk(ops::Module& m, const char* en, const char* zh, Configure configure,
             ops::Decision (*decide)(const C&, const Desk&)) {
  configure(m.command<C>(en, zh))
      .template reads<Instance>([](const C& c) {
        return Tags{{"approval", c.approval}};
      })
      .template reads_each<Subject>([](const C&, const Instance& i) {
        return i.known() ? TagSets{{{i.request.subject_type, i.request.subject}}} : TagSets();
      })
      .template reads<Chart>([](const C&) {
        return Tags{{"org", "chart"}};
      })
      .template reads_each<Grants>(
          [](const C&, const Instance& i) { return grant_tags(i.request); })
      .template reads<Delegations>([](const C& c) { return all_delegations(c); })
      .decide([decide](const C& c, const Instance& i, const Many<Subject>& subject,
                       const Chart& chart, const Many<Grants>& grants,
                       const Delegations& delegations, const Envelope& envelope) {
        return decide(c, Desk{i,
                              subject.empty() ? nullptr : &subject[0],
                              {chart, grants, delegations},
                              envelope});
      });
}

constexpr auto kPlain = [](auto builder) { return builder; };
constexpr auto kApproves = [](auto builder) {
  return std::move(builder).permission(Permission::kApprove);
};
constexpr auto kApprovesWithReason = [](auto builder) {
  return std::move(builder).permission(Permission::kApprove).needs_reason();
};
constexpr auto kInternal = [](auto builder) { return std::move(builder).internal(); };

void declare_chains(ops::Module& m) {
  m.command<DefineChain>("Define approval chain", "定义审批流程")
      .permission(Permission::kManage)
      .granted_to({"director", "ops_manager", "dept_admin", "admin"})
      .reads<ChainState>([](const DefineChain& c) {
        return Tags{{"chain", c.chain}};
      })
      .decide(decide_define_chain);
  m.command<RetireChain>("Retire approval chain", "停用审批流程")
      .permission(Permission::kManage)
      .granted_to({"director", "ops_manager", "dept_admin", "admin"})
      .reads<ChainState>([](const RetireChain& c) {
        return Tags{{"chain", c.chain}};
      })
      .decide(decide_retire_chain);
}

/// The selectors of the newest version, with the subject as it is now.
TagSets request_grants(const Request& c, const ChainState& chain, const Subject& subject) {
  return grant_tags(draft_of(c, chain, subject, ""));
}

void declare_request(ops::Module& m) {
  m.command<Request>("Request approval", "发起审批")
      .series(
          [](const Request& c, const Envelope& envelope) -> std::string {
            return c.approval ? "" : "AP-" + month_of(envelope);
          },
          4)
      .reads<ChainState>([](const Request& c) {
        return Tags{{"chain", c.chain}};
      })
      .reads<Subject>([](const Request& c) {
        return Tags{{c.subject_type, c.subject}};
      })
      .reads_each<Instance>([](const Request& c) {
        return c.approval ? TagSets{{{"approval", *c.approval}}} : TagSets();
      })
      .reads<Chart>([](const Request&) {
        return Tags{{"org", "chart"}};
      })
      .reads_each<Grants>([](const Request& c, const ChainState& chain, const Subject& subject) {
        return request_grants(c, chain, subject);
      })
      .reads<Delegations>(all_delegations<Request>)
      .decide([](const Request& c, const ChainState& chain, const Subject& subject,
                 const Many<Instance>& same_id, const Chart& chart, const Many<Grants>& grants,
                 const Delegations& delegations, const Envelope& envelope) {
        return decide_request(c, chain, subject, same_id, {chart, grants, delegations}, envelope);
      });
}

void declare_verbs(ops::Module& m) {
  on_desk<Vote>(m, "Vote", "审批(同意/驳回)", kApproves, decide_vote);
  on_desk<Return>(m, "Return", "退回", kApprovesWithReason, decide_return);
  on_desk<Transfer>(m, "Transfer", "转交", kApproves, decide_transfer);
  on_desk<AddSigner>(m, "Add signer", "加签", kApproves, decide_add_signer);
  on_desk<CopyTo>(m, "Send copies", "抄送", kPlain, decide_copy);
  on_desk<Withdraw>(m, "Withdraw", "撤回", kPlain, decide_withdraw);
  on_desk<Remind>(m, "Remind", "催办", kPlain, decide_remind);
  on_desk<Resubmit>(m, "Submit again", "重新提交", kPlain, decide_resubmit);
  on_desk<Recheck>(m, "Check the subject", "核对内容", kPlain, decide_recheck);
  on_desk<TimeOut>(m, "Time out", "超时", kInternal, decide_time_out);
  m.timer<TimeOut>(kSla, "Decide within", "审批时限");
}

void declare_delegations(ops::Module& m) {
  m.command<SetDelegation>("Delegate", "设置委托")
      .reads<Delegations>(all_delegations<SetDelegation>)
      .decide(decide_set_delegation);
  m.command<ClearDelegation>("End delegation", "取消委托")
      .reads<Delegations>(all_delegations<ClearDelegation>)
      .decide(decide_clear_delegation);
  m.command<DelegateForAbsence>("Delegate during an absence", "缺勤期间委托")
      .internal()
      .reads<Delegations>(all_delegations<DelegateForAbsence>)
      .decide(decide_delegate_for_absence);
  m.command<EndAbsenceDelegation>("End the delegation of an absence", "结束缺勤委托")
      .internal()
      .reads<Delegations>(all_delegations<EndAbsenceDelegation>)
      .decide(decide_end_absence_delegation);
  m.reaction<AbsenceRegistered, DelegateForAbsence>(
      "absence_delegates", "An absence delegates to the deputy", "缺勤时委托代理人",
      [](const AbsenceRegistered& e) -> std::optional<DelegateForAbsence> {
        if (!e.deputy) return std::nullopt;
        return DelegateForAbsence{e.absence, e.person, *e.deputy, e.from, e.to};
      });
  m.reaction<AbsenceCancelled, EndAbsenceDelegation>(
      "absence_ends_delegation", "A cancelled absence ends the delegation", "取消缺勤时结束委托",
      [](const AbsenceCancelled& e) {
        return EndAbsenceDelegation{e.absence, e.person};
      });
}

void declare_tables(ops::Module& m) {
  m.table<Todo>("todo").label("To approve", "待我审批").owner("person").index("person");
  m.table<Approvals>("approvals")
      .label("Approvals", "审批单")
      .key("approval")
      .search("title")
      .owner("initiator")
      .department("department")
      .index("initiator")
      .index("status")
      .index("subject")
      .index("stuck");
  m.table<Votes>("votes").label("Votes", "审批意见").owner("person").index("approval");
  m.table<Copies>("copies").label("Copied to me", "抄送我的").owner("person").index("person");
  m.table<Load>("load").label("Approver load", "审批负荷").owner("person");
  m.table<StepTimes>("step_times").label("Time per step", "步骤耗时").index("chain");
  m.table<Chains>("chains").label("Approval chains", "审批流程").key("chain").index("subject_type");
  m.table<DelegationTable>("delegations").label("Delegations", "委托").owner("person");
}

}  // namespace
}  // namespace approval

OPS_MODULE("approval", "0.1.0") {
  using namespace approval;
  m.label("Approvals", "审批");
  m.events<ChainPublished, ChainRetired, Requested, StepOpened, StepSkipped, StepClosed, VoteCast,
           Transferred, SignerAdded, Reminded, Copied, TimedOut, Escalated>();
  m.events<Returned, Withdrawn, Invalidated, Resubmitted, Granted, Rejected, DelegationSet,
           DelegationCleared>();
  declare_tables(m);
  declare_chains(m);
  declare_request(m);
  declare_verbs(m);
  declare_delegations(m);
}
