// What concerns one person: to do (待我审批), copies (抄送我的), load.
#pragma once

#include "models.hpp"

namespace approval {

struct Todo {
  struct Row {
    std::string person, approval, subject_type, subject, title;
    std::int32_t step = 0;
    std::string step_name, initiator;
    std::optional<std::string> delegated_from;
    ops::Time since;
    bool overdue = false;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Approver", "审批人"), OPS_FIELD(approval, "Approval", "审批单"),
         OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(title, "Title", "标题"),
         OPS_FIELD(step, "Step", "步骤"), OPS_FIELD(step_name, "Step name", "步骤名称"),
         OPS_FIELD(initiator, "Initiator", "发起人"),
         OPS_FIELD(delegated_from, "Delegated by", "委托人"), OPS_FIELD(since, "Since", "到达时间"),
         OPS_FIELD(overdue, "Overdue", "已超时"));
    }
  };
  using Listens =
      ops::Fold<StepOpened, StepClosed, VoteCast, Transferred, SignerAdded, Escalated, Reminded>;

  static std::string key(const std::string& approval, const std::string& person) {
    return approval + "/" + person;
  }
  static void on(const StepOpened& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    for (const Approver& a : e.approvers) {
      rows.put(key(e.approval, a.person),
               {a.person, e.approval, e.subject_type, e.subject, e.title, e.step, e.name,
                e.initiator, a.delegated_from, meta.time(), false});
    }
  }
  static void on(const StepClosed& e, ops::Rows<Row>& rows) {
    for (const std::string& person : e.waiting) rows.erase(key(e.approval, person));
  }
  static void on(const VoteCast& e, ops::Rows<Row>& rows) { rows.erase(key(e.approval, e.person)); }
  static void on(const Transferred& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    copy(e.approval, e.from, e.to, meta.time(), rows);
    rows.erase(key(e.approval, e.from));
  }
  static void on(const Escalated& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    copy(e.approval, e.from, e.to, meta.time(), rows);
    rows.erase(key(e.approval, e.from));
  }
  static void on(const SignerAdded& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    copy(e.approval, e.by, e.person, meta.time(), rows);
  }
  static void on(const Reminded& e, ops::Rows<Row>& rows) {
    for (const std::string& person : e.to)
      rows.edit(key(e.approval, person), [](Row& row) { row.overdue = true; });
  }

 private:
  static void copy(const std::string& approval, const std::string& from, const std::string& to,
                   ops::Time at, ops::Rows<Row>& rows) {
    Row row = *rows.get(key(approval, from));
    row.person = to, row.delegated_from = std::nullopt, row.since = at, row.overdue = false;
    rows.put(key(approval, to), row);
  }
};

struct Copies {
  struct Row {
    std::string person, approval, subject_type, subject, title;
    ops::Time at;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "抄送对象"), OPS_FIELD(approval, "Approval", "审批单"),
         OPS_FIELD(subject_type, "Subject type", "业务类型"),
         OPS_FIELD(subject, "Subject", "业务单号"), OPS_FIELD(title, "Title", "标题"),
         OPS_FIELD(at, "At", "时间"));
    }
  };
  using Listens = ops::Fold<Copied>;
  static void on(const Copied& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    for (const std::string& person : e.to) {
      rows.put(Todo::key(e.approval, person),
               {person, e.approval, e.subject_type, e.subject, e.title, meta.time()});
    }
  }
};

struct Load {
  struct Row {
    std::string person;
    std::int32_t waiting = 0, approved = 0, rejected = 0, for_others = 0;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(person, "Person", "审批人"), OPS_FIELD(waiting, "Waiting", "待处理"),
         OPS_FIELD(approved, "Approved", "已同意"), OPS_FIELD(rejected, "Rejected", "已驳回"),
         OPS_FIELD(for_others, "For others", "代他人处理"));
    }
  };
  using Listens = ops::Fold<StepOpened, StepClosed, VoteCast, Transferred, SignerAdded, Escalated>;

  static void on(const StepOpened& e, ops::Rows<Row>& rows) {
    for (const Approver& a : e.approvers) add(a.person, 1, rows);
  }
  static void on(const StepClosed& e, ops::Rows<Row>& rows) {
    for (const std::string& person : e.waiting) add(person, -1, rows);
  }
  static void on(const VoteCast& e, ops::Rows<Row>& rows) {
    rows.edit(e.person, [&](Row& row) {
      --row.waiting;
      ++(e.verdict == Verdict::approve ? row.approved : row.rejected);
      row.for_others += e.on_behalf_of.has_value();
    });
  }
  static void on(const Transferred& e, ops::Rows<Row>& rows) { move(e.from, e.to, rows); }
  static void on(const Escalated& e, ops::Rows<Row>& rows) { move(e.from, e.to, rows); }
  static void on(const SignerAdded& e, ops::Rows<Row>& rows) { add(e.person, 1, rows); }

 private:
  static void add(const std::string& person, std::int32_t change, ops::Rows<Row>& rows) {
    rows.edit(person, [&](Row& row) { row.person = person, row.waiting += change; });
  }
  static void move(const std::string& from, const std::string& to, ops::Rows<Row>& rows) {
    add(from, -1, rows);
    add(to, 1, rows);
  }
};

}  // namespace approval
