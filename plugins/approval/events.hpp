// What happens to approvals. Events that a subject's module may want to know of also have the
// subject's own tag, so that its models fold them in the same commit.
#pragma once

#include "chain.hpp"

namespace approval {

struct ChainPublished {
  static constexpr auto type = "approval.chain_published";
  static constexpr ops::Label label{"Approval chain published", "审批流程已发布"};
  std::string chain;
  std::int32_t version = 1;
  std::string subject_type, label_zh, label_en;
  std::vector<Step> steps;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(version, "Version", "版本"),
       OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(label_zh, "Name (Chinese)", "中文名称"),
       OPS_FIELD(label_en, "Name (English)", "英文名称"), OPS_FIELD(steps, "Steps", "步骤"));
  }
  ops::Tags tags() const { return {{"chain", chain}}; }
};

struct ChainRetired {
  static constexpr auto type = "approval.chain_retired";
  static constexpr ops::Label label{"Approval chain retired", "审批流程已停用"};
  std::string chain;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(chain, "Chain", "审批流程"));
  }
  ops::Tags tags() const { return {{"chain", chain}}; }
};

/// An approval and what it is about.
struct About {
  std::string approval, subject_type, subject;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"),
       OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"));
  }
  ops::Tags tags() const { return {{"approval", approval}, {subject_type, subject}}; }
};

/// Pins the chain's steps and the subject's snapshot (JSON text of its approvable fields).
struct Requested : About {
  static constexpr auto type = "approval.requested";
  static constexpr ops::Label label{"Approval requested", "已发起审批"};
  std::string title, chain;
  std::int32_t version = 0;
  std::string snapshot, snapshot_hash, initiator, department;
  std::vector<std::string> authors;
  std::vector<Step> steps;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(title, "Title", "标题"), OPS_FIELD(chain, "Chain", "审批流程"),
       OPS_FIELD(version, "Version", "版本"), OPS_FIELD(snapshot, "Snapshot", "内容快照"),
       OPS_FIELD(snapshot_hash, "Snapshot hash", "快照哈希"),
       OPS_FIELD(initiator, "Initiator", "发起人"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(authors, "Authors", "编写人"), OPS_FIELD(steps, "Steps", "步骤"));
  }
};

struct Approver {
  std::string person, via;
  std::optional<std::string> delegated_from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(person, "Person", "审批人"), OPS_FIELD(via, "Via", "来源"),
       OPS_FIELD(delegated_from, "Delegated by", "委托人"));
  }
};

/// Of one approval; the subject need not know.
struct OfApproval {
  std::string approval;
  ops::Tags tags() const { return {{"approval", approval}}; }
};

struct StepOpened : OfApproval {
  static constexpr auto type = "approval.step_opened";
  static constexpr ops::Label label{"Step opened", "步骤已开始"};
  std::int32_t step = 0, opening = 0;
  std::string name;
  Mode mode{};
  std::vector<Approver> approvers;
  std::optional<ops::Time> due_at;
  std::string chain, subject_type, subject, title, initiator;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(opening, "Opening", "轮次"), OPS_FIELD(name, "Step name", "步骤名称"),
       OPS_FIELD(mode, "Mode", "方式"), OPS_FIELD(approvers, "Approvers", "审批人"),
       OPS_FIELD(due_at, "Due", "截止时间"), OPS_FIELD(chain, "Chain", "审批流程"),
       OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(title, "Title", "标题"),
       OPS_FIELD(initiator, "Initiator", "发起人"));
  }
};

struct StepSkipped : OfApproval {
  static constexpr auto type = "approval.step_skipped";
  static constexpr ops::Label label{"Step skipped", "步骤已跳过"};
  std::int32_t step = 0;
  std::string why;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(why, "Why", "原因"));
  }
};

enum class Outcome { passed, rejected, returned, withdrawn, invalidated };
OPS_ENUM(Outcome, passed, rejected, returned, withdrawn, invalidated)

struct StepClosed : OfApproval {
  static constexpr auto type = "approval.step_closed";
  static constexpr ops::Label label{"Step closed", "步骤已结束"};
  std::int32_t step = 0, opening = 0;
  Outcome outcome{};
  std::vector<std::string> waiting;  ///< approvers who had not voted
  std::string chain, name;
  std::int64_t took_s = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(opening, "Opening", "轮次"), OPS_FIELD(outcome, "Outcome", "结果"),
       OPS_FIELD(waiting, "Still waited for", "未处理人"), OPS_FIELD(chain, "Chain", "审批流程"),
       OPS_FIELD(name, "Step name", "步骤名称"), OPS_FIELD(took_s, "Took (s)", "耗时(秒)"));
  }
};

enum class Verdict { approve, reject };
OPS_ENUM(Verdict, approve, reject)

struct VoteCast : OfApproval {
  static constexpr auto type = "approval.vote_cast";
  static constexpr ops::Label label{"Vote cast", "已审批"};
  std::int32_t step = 0, opening = 0;
  std::string person;
  Verdict verdict{};
  std::string comment;
  std::optional<std::string> on_behalf_of;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(opening, "Opening", "轮次"), OPS_FIELD(person, "Person", "审批人"),
       OPS_FIELD(verdict, "Verdict", "结论"), OPS_FIELD(comment, "Comment", "意见"),
       OPS_FIELD(on_behalf_of, "On behalf of", "代表"));
  }
};

struct Transferred : OfApproval {
  static constexpr auto type = "approval.transferred";
  static constexpr ops::Label label{"Transferred", "已转交"};
  std::int32_t step = 0;
  std::string from, to, comment;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(from, "From", "原审批人"), OPS_FIELD(to, "To", "新审批人"),
       OPS_FIELD(comment, "Comment", "意见"));
  }
};

enum class Place { before, after };
OPS_ENUM(Place, before, after)

struct SignerAdded : OfApproval {
  static constexpr auto type = "approval.signer_added";
  static constexpr ops::Label label{"Signer added", "已加签"};
  std::int32_t step = 0;
  Place place{};
  std::string person, by;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       ops::field("position", place).label("Before or after", "前/后"),
       OPS_FIELD(person, "Person", "加签人"), OPS_FIELD(by, "By", "操作人"));
  }
};

struct Reminded : OfApproval {
  static constexpr auto type = "approval.reminded";
  static constexpr ops::Label label{"Reminded", "已催办"};
  std::vector<std::string> to;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(to, "To", "催办对象"));
  }
};

struct Copied : OfApproval {
  static constexpr auto type = "approval.copied";
  static constexpr ops::Label label{"Copied", "已抄送"};
  std::vector<std::string> to;
  std::string subject_type, subject, title;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(to, "To", "抄送对象"),
       OPS_FIELD(subject_type, "Subject type", "业务类型"),
       OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(title, "Title", "标题"));
  }
};

struct TimedOut : OfApproval {
  static constexpr auto type = "approval.timed_out";
  static constexpr ops::Label label{"Step timed out", "步骤已超时"};
  std::int32_t step = 0, opening = 0;
  std::string chain;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(opening, "Opening", "轮次"), OPS_FIELD(chain, "Chain", "审批流程"));
  }
};

struct Escalated : OfApproval {
  static constexpr auto type = "approval.escalated";
  static constexpr ops::Label label{"Escalated", "已升级"};
  std::int32_t step = 0;
  std::string from, to;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
       OPS_FIELD(from, "From", "原审批人"), OPS_FIELD(to, "To", "新审批人"));
  }
};

/// `to_step` 0: to the initiator, who resubmits.
struct Returned : About {
  static constexpr auto type = "approval.returned";
  static constexpr ops::Label label{"Returned", "已退回"};
  std::int32_t from_step = 0, to_step = 0;
  std::string comment;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(from_step, "From step", "原步骤"), OPS_FIELD(to_step, "To step", "退回步骤"),
       OPS_FIELD(comment, "Comment", "意见"));
  }
};

struct Withdrawn : About {
  static constexpr auto type = "approval.withdrawn";
  static constexpr ops::Label label{"Withdrawn", "已撤回"};
};

/// The subject is no longer what was asked about: back to the initiator.
struct Invalidated : About {
  static constexpr auto type = "approval.invalidated";
  static constexpr ops::Label label{"Invalidated", "审批已失效"};
  std::vector<std::string> changed_fields;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(changed_fields, "Changed fields", "变更字段"));
  }
};

struct Resubmitted : About {
  static constexpr auto type = "approval.resubmitted";
  static constexpr ops::Label label{"Resubmitted", "已重新提交"};
  std::string snapshot, snapshot_hash;
  std::vector<std::string> authors;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(snapshot, "Snapshot", "内容快照"),
       OPS_FIELD(snapshot_hash, "Snapshot hash", "快照哈希"),
       OPS_FIELD(authors, "Authors", "编写人"));
  }
};

struct Granted : About {
  static constexpr auto type = "approval.granted";
  static constexpr ops::Label label{"Approved", "审批通过"};
  std::string chain;
  std::int32_t version = 0, votes = 0;
  std::string snapshot_hash;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(version, "Version", "版本"),
       OPS_FIELD(votes, "Votes", "票数"), OPS_FIELD(snapshot_hash, "Snapshot hash", "快照哈希"));
  }
};

struct Rejected : About {
  static constexpr auto type = "approval.rejected";
  static constexpr ops::Label label{"Rejected", "审批驳回"};
  std::int32_t step = 0;
  std::string comment;
  template <class A>
  void serialize(A& ar) {
    About::serialize(ar);
    ar(OPS_FIELD(step, "Step", "步骤"), OPS_FIELD(comment, "Comment", "意见"));
  }
};

struct DelegationSet {
  static constexpr auto type = "approval.delegation_set";
  static constexpr ops::Label label{"Delegation set", "已设置委托"};
  std::string from, to;
  ops::Time valid_from, valid_until;
  std::vector<std::string> scopes;  ///< subject types; empty: all
  std::optional<std::string> absence;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(from, "From", "委托人"), OPS_FIELD(to, "To", "代理人"),
       OPS_FIELD(valid_from, "Valid from", "开始时间"),
       OPS_FIELD(valid_until, "Valid until", "结束时间"), OPS_FIELD(scopes, "Scopes", "业务范围"),
       OPS_FIELD(absence, "Absence", "缺勤单"));
  }
  ops::Tags tags() const { return {{"delegation", from}, {"delegations", "all"}}; }
};

struct DelegationCleared {
  static constexpr auto type = "approval.delegation_cleared";
  static constexpr ops::Label label{"Delegation cleared", "已取消委托"};
  std::string from;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(from, "From", "委托人"));
  }
  ops::Tags tags() const { return {{"delegation", from}, {"delegations", "all"}}; }
};

}  // namespace approval
