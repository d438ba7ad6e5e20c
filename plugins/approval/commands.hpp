// The commands' fields. How they are decided is in decisions.hpp.
#pragma once

#include "events.hpp"

namespace approval {

struct DefineChain {
  static constexpr auto type = "approval.define_chain";
  std::string chain, subject_type, label_zh, label_en;
  std::vector<Step> steps;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(label_zh, "Name (Chinese)", "中文名称").defaulted(),
       OPS_FIELD(label_en, "Name (English)", "英文名称").defaulted(),
       OPS_FIELD(steps, "Steps", "步骤"));
  }
};
struct RetireChain {
  static constexpr auto type = "approval.retire_chain";
  std::string chain;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(chain, "Chain", "审批流程"));
  }
};
struct Request {
  static constexpr auto type = "approval.request";
  std::string subject_type, subject, chain, title;
  std::optional<std::string> approval;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(chain, "Chain", "审批流程"),
       OPS_FIELD(title, "Title", "标题").defaulted(),
       OPS_FIELD(approval, "Approval (else numbered)", "审批单(缺省自动编号)"));
  }
};
struct Vote {
  static constexpr auto type = "approval.vote";
  std::string approval;
  std::int32_t step = 0;
  Verdict verdict{};
  std::string comment;
  std::optional<std::string> snapshot_hash;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"),
       OPS_FIELD(step, "Step", "步骤")
           .doc("the step that was looked at: a late click does nothing"),
       OPS_FIELD(verdict, "Verdict", "结论"), OPS_FIELD(comment, "Comment", "意见").defaulted(),
       OPS_FIELD(snapshot_hash, "Snapshot hash", "快照哈希").doc("of what was looked at"));
  }
};
enum class ReturnTo { previous, step, start };
OPS_ENUM(ReturnTo, previous, step, start)
struct Return {
  static constexpr auto type = "approval.return";
  std::string approval;
  ReturnTo to{};
  std::optional<std::int32_t> step;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(to, "To", "退回到"),
       OPS_FIELD(step, "Step", "步骤"));
  }
};
struct Transfer {
  static constexpr auto type = "approval.transfer";
  std::string approval, to, comment;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(to, "To", "转交给"),
       OPS_FIELD(comment, "Comment", "意见").defaulted());
  }
};
struct AddSigner {
  static constexpr auto type = "approval.add_signer";
  std::string approval, person;
  Place place{};
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(person, "Person", "加签人"),
       ops::field("position", place).label("Before or after", "前/后"));
  }
};
struct CopyTo {
  static constexpr auto type = "approval.copy";
  std::string approval;
  std::vector<std::string> to;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(to, "To", "抄送给"));
  }
};

/// Commands that name the approval and nothing else.
struct OnApproval {
  std::string approval;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"));
  }
};
struct Withdraw : OnApproval {
  static constexpr auto type = "approval.withdraw";
};
struct Remind : OnApproval {
  static constexpr auto type = "approval.remind";
};
struct Resubmit : OnApproval {
  static constexpr auto type = "approval.resubmit";
};
struct Recheck : OnApproval {
  static constexpr auto type = "approval.recheck";
};

/// Sent by the timer `sla`.
struct TimeOut {
  static constexpr auto type = "approval.time_out";
  std::string approval;
  std::int32_t opening = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(opening, "Opening", "轮次"));
  }
};

struct SetDelegation {
  static constexpr auto type = "approval.set_delegation";
  std::string to;
  ops::Time valid_from, valid_until;
  std::vector<std::string> scopes;
  std::optional<std::string> from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(to, "To", "代理人"), OPS_FIELD(valid_from, "Valid from", "开始时间"),
       OPS_FIELD(valid_until, "Valid until", "结束时间"),
       OPS_FIELD(scopes, "Scopes", "业务范围").defaulted(),
       OPS_FIELD(from, "From (else you)", "委托人(缺省本人)"));
  }
};
struct ClearDelegation {
  static constexpr auto type = "approval.clear_delegation";
  std::optional<std::string> from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(from, "From (else you)", "委托人(缺省本人)"));
  }
};
/// Sent by the reactions to absences.
struct DelegateForAbsence {
  static constexpr auto type = "approval.delegate_for_absence";
  std::string absence, from, to;
  ops::Time valid_from, valid_until;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(absence, "Absence", "缺勤单"), OPS_FIELD(from, "From", "委托人"),
       OPS_FIELD(to, "To", "代理人"), OPS_FIELD(valid_from, "Valid from", "开始时间"),
       OPS_FIELD(valid_until, "Valid until", "结束时间"));
  }
};
struct EndAbsenceDelegation {
  static constexpr auto type = "approval.end_absence_delegation";
  std::string absence, from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(absence, "Absence", "缺勤单"), OPS_FIELD(from, "From", "委托人"));
  }
};

}  // namespace approval
