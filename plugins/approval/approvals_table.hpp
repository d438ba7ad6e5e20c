// Every approval with where it stands (我发起的, stuck), and every vote.
#pragma once

#include "models.hpp"

namespace approval {

struct Approvals {
  struct Row {
    std::string subject_type, subject, title, chain;
    std::int32_t version = 0;
    std::string initiator, department;
    Status status{};
    std::int32_t step = 0;
    std::string step_name;
    std::vector<std::string> waiting;
    ops::Time started_at, since;
    std::optional<ops::Time> ended_at;
    std::int32_t votes = 0, returns = 0, timeouts = 0;
    bool stuck = false;
    std::string comment;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(title, "Title", "标题"),
         OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(version, "Version", "版本"),
         OPS_FIELD(initiator, "Initiator", "发起人"), OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(status, "Status", "状态"), OPS_FIELD(step, "Step", "步骤"),
         OPS_FIELD(step_name, "Step name", "步骤名称"), OPS_FIELD(waiting, "Waits for", "待处理人"),
         OPS_FIELD(started_at, "Started", "发起时间"), OPS_FIELD(since, "Step since", "步骤开始"),
         OPS_FIELD(ended_at, "Ended", "结束时间"), OPS_FIELD(votes, "Votes", "票数"),
         OPS_FIELD(returns, "Returns", "退回次数"), OPS_FIELD(timeouts, "Timeouts", "超时次数"),
         OPS_FIELD(stuck, "Stuck beyond the limit", "超时未处理"),
         OPS_FIELD(comment, "Comment", "意见"));
    }
  };
  using Listens =
      ops::Fold<Requested, StepOpened, StepClosed, VoteCast, Transferred, SignerAdded, TimedOut,
                Escalated, Returned, Withdrawn, Invalidated, Resubmitted, Granted, Rejected>;

  static void on(const Requested& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row;
    row.subject_type = e.subject_type, row.subject = e.subject, row.title = e.title;
    row.chain = e.chain, row.version = e.version;
    row.initiator = e.initiator, row.department = e.department;
    row.started_at = row.since = meta.time();
    rows.put(e.approval, row);
  }
  template <class E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.edit(e.approval, [&](Row& row) { follow(e, meta.time(), row); });
  }

 private:
  static void follow(const StepOpened& e, ops::Time at, Row& row) {
    row.step = e.step, row.step_name = e.name, row.since = at;
    for (const Approver& a : e.approvers) row.waiting.push_back(a.person);
  }
  static void follow(const StepClosed&, ops::Time, Row& row) {
    row.waiting.clear();
    row.stuck = false;
  }
  static void follow(const VoteCast& e, ops::Time, Row& row) {
    ++row.votes;
    std::erase(row.waiting, e.person);
  }
  static void follow(const Transferred& e, ops::Time, Row& row) { hand_over(e.from, e.to, row); }
  static void follow(const Escalated& e, ops::Time, Row& row) { hand_over(e.from, e.to, row); }
  static void follow(const SignerAdded& e, ops::Time, Row& row) { row.waiting.push_back(e.person); }
  static void follow(const TimedOut&, ops::Time, Row& row) { ++row.timeouts, row.stuck = true; }
  static void follow(const Returned& e, ops::Time, Row& row) {
    ++row.returns, row.comment = e.comment;
    if (e.to_step == 0) row.status = Status::returned;
  }
  static void follow(const Invalidated&, ops::Time, Row& row) { row.status = Status::returned; }
  static void follow(const Resubmitted&, ops::Time, Row& row) { row.status = Status::running; }
  static void follow(const Withdrawn&, ops::Time at, Row& row) { end(Status::withdrawn, at, row); }
  static void follow(const Granted&, ops::Time at, Row& row) { end(Status::granted, at, row); }
  static void follow(const Rejected& e, ops::Time at, Row& row) {
    row.comment = e.comment;
    end(Status::rejected, at, row);
  }
  static void end(Status status, ops::Time at, Row& row) { row.status = status, row.ended_at = at; }
  static void hand_over(const std::string& from, const std::string& to, Row& row) {
    std::replace(row.waiting.begin(), row.waiting.end(), from, to);
  }
};

struct Votes {
  struct Row {
    std::string approval;
    std::int32_t step = 0;
    std::string person;
    Verdict verdict{};
    std::string comment;
    std::optional<std::string> on_behalf_of;
    ops::Time at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(approval, "Approval", "审批单"), OPS_FIELD(step, "Step", "步骤"),
         OPS_FIELD(person, "Person", "审批人"), OPS_FIELD(verdict, "Verdict", "结论"),
         OPS_FIELD(comment, "Comment", "意见"), OPS_FIELD(on_behalf_of, "On behalf of", "代表"),
         OPS_FIELD(at, "At", "时间"));
    }
  };
  using Listens = ops::Fold<VoteCast>;

  /// Votes of steps that were returned stay: the opening is part of the key.
  static void on(const VoteCast& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    rows.put(e.approval + "/" + std::to_string(e.opening) + "/" + e.person,
             {e.approval, e.step, e.person, e.verdict, e.comment, e.on_behalf_of, meta.time()});
  }
};

}  // namespace approval
