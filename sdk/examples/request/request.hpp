// The request: its state, its commands, its table.
#pragma once

#include "events.hpp"

namespace request {

enum class State { draft, submitted, returned, approved, rejected, cancelled };
OPS_ENUM(State, draft, submitted, returned, approved, rejected, cancelled)

/// Where a request stands. An approval counts from its request on, and only through the chain that
/// the request was submitted to: an approval of some other chain changes nothing.
struct Course {
  State state = State::draft;
  std::string chain, approval;

  void on(const Submitted& e) { state = State::submitted, chain = e.chain; }
  void on(const Cancelled&) { state = State::cancelled; }
  void on(const ApprovalRequested& e) {
    if (e.chain == chain) approval = e.approval;
  }
  void on(const ApprovalGranted& e) { end(e, State::approved); }
  void on(const ApprovalRejected& e) { end(e, State::rejected); }
  void on(const ApprovalWithdrawn& e) { end(e, State::draft); }
  void on(const ApprovalReturned& e) {
    if (e.approval == approval && e.to_step == 0) state = State::returned;
  }
  void on(const ApprovalInvalidated& e) {
    if (e.approval == approval) state = State::returned;
  }
  /// Of the approval that was returned to the author.
  std::optional<std::string> returned_approval() const {
    return state == State::returned ? std::optional(approval) : std::nullopt;
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(state), NVP(chain), NVP(approval));
  }

 private:
  void end(const OfApproval& e, State next) {
    if (e.approval != approval) return;
    state = next;
    approval.clear();
  }
};

using All = ops::Fold<Drafted, Changed, Submitted, Cancelled, ApprovalRequested, ApprovalGranted,
                      ApprovalRejected, ApprovalReturned, ApprovalWithdrawn, ApprovalInvalidated>;

/// One request, loaded by request:<id>.
struct Request {
  using Listens = All;
  std::string author;
  Content content;
  Course course;

  bool known() const { return !author.empty(); }
  void on(const Drafted& e) { author = e.author, content = e.content; }
  void on(const Changed& e) { content = e.content; }
  template <class E>
  void on(const E& e) {
    course.on(e);
  }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(author), NVP(content), NVP(course));
  }
};

struct Draft {
  static constexpr auto type = "request.draft";
  Content content;
  template <class A>
  void serialize(A& ar) {
    content.serialize(ar);
  }
};
struct Change {
  static constexpr auto type = "request.change";
  std::string request;
  Content content;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"));
    content.serialize(ar);
  }
};
struct Submit {
  static constexpr auto type = "request.submit";
  std::string request;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"));
  }
};
struct Cancel {
  static constexpr auto type = "request.cancel";
  std::string request;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"));
  }
};

/// Commands of the module `approval`, with the fields that are filled here.
struct AskApproval {
  static constexpr auto type = "approval.request";
  std::string subject_type, subject, chain, title;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(subject_type), NVP(subject), NVP(chain), NVP(title));
  }
};
struct AskAgain {
  static constexpr auto type = "approval.resubmit";
  std::string approval;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(approval));
  }
};
struct AskToLook {
  static constexpr auto type = "approval.recheck";
  std::string approval;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(approval));
  }
};

struct Requests {
  struct Row {
    std::string author;
    Kind kind{};
    std::string title, purpose, department;
    std::int64_t amount_fen = 0;
    Course course;
    ops::Time since;
    template <class A>
    void serialize(A& ar) {
      ar(OPS_FIELD(author, "Author", "申请人"), OPS_FIELD(kind, "Kind", "类型"),
         OPS_FIELD(title, "Title", "标题"), OPS_FIELD(purpose, "Purpose", "事由"),
         OPS_FIELD(department, "Department", "部门"),
         OPS_FIELD(amount_fen, "Amount (fen)", "金额(分)"),
         ops::field("state", course.state).label("State", "状态"),
         ops::field("chain", course.chain).label("Chain", "审批流程"),
         ops::field("approval", course.approval).label("Approval", "审批单"),
         OPS_FIELD(since, "Since", "状态开始"));
    }
    void learn(const Content& c) {
      kind = c.kind, title = c.title, purpose = c.purpose;
      department = c.department, amount_fen = c.amount_fen;
    }
  };
  using Listens = All;

  static void on(const Drafted& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    Row row;
    row.author = e.author, row.since = meta.time();
    row.learn(e.content);
    rows.put(e.request, row);
  }
  static void on(const Changed& e, const ops::EventMeta&, ops::Rows<Row>& rows) {
    rows.edit(e.request, [&](Row& row) { row.learn(e.content); });
  }
  static void on(const Submitted& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    follow(e.request, e, meta, rows);
  }
  static void on(const Cancelled& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    follow(e.request, e, meta, rows);
  }
  template <std::derived_from<OfApproval> E>
  static void on(const E& e, const ops::EventMeta& meta, ops::Rows<Row>& rows) {
    if (e.subject_type == "request" && rows.get(e.subject) != nullptr)
      follow(e.subject, e, meta, rows);
  }

 private:
  template <class E>
  static void follow(const std::string& request, const E& e, const ops::EventMeta& meta,
                     ops::Rows<Row>& rows) {
    rows.edit(request, [&](Row& row) {
      const State before = row.course.state;
      row.course.on(e);
      if (row.course.state != before) row.since = meta.time();
    });
  }
};

}  // namespace request
