// What happens to requests (用章/费用申请), and what approvals say about them.
#pragma once

#include <opsledger/sdk.hpp>

#include <optional>
#include <string>

namespace request {

enum class Kind { expense, seal, other };
OPS_ENUM(Kind, expense, seal, other)

/// What is approved, and nothing else: its JSON text is the `snapshot` of events.
struct Content {
  Kind kind{};
  std::string title, purpose, department;
  std::int64_t amount_fen = 0;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(kind, "Kind", "类型"), OPS_FIELD(title, "Title", "标题"),
       OPS_FIELD(purpose, "Purpose", "事由"), OPS_FIELD(department, "Department", "部门"),
       OPS_FIELD(amount_fen, "Amount (fen)", "金额(分)"));
  }
  std::string snapshot() const {
    return ops::Json(ops::Json::Object{{"kind", std::string(ops::enum_name(kind))},
                                       {"title", title},
                                       {"purpose", purpose},
                                       {"department", department},
                                       {"amount_fen", amount_fen}})
        .dump();
  }
};

struct Drafted {
  static constexpr auto type = "request.drafted";
  static constexpr ops::Label label{"Request drafted", "申请已起草"};
  std::string request, author;
  Content content;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"), OPS_FIELD(author, "Author", "申请人"),
       OPS_FIELD(content, "Content", "内容"));
  }
  ops::Tags tags() const { return {{"request", request}}; }
};

/// `approval` while one is under way: it is then told to look.
struct Changed {
  static constexpr auto type = "request.changed";
  static constexpr ops::Label label{"Request changed", "申请已修改"};
  std::string request;
  Content content;
  std::string snapshot;
  std::optional<std::string> approval;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"), OPS_FIELD(content, "Content", "内容"),
       OPS_FIELD(snapshot, "Snapshot", "内容快照"), OPS_FIELD(approval, "Approval", "审批单"));
  }
  ops::Tags tags() const { return {{"request", request}}; }
};

/// `approval` where one was returned: it goes on, else a new one begins.
struct Submitted {
  static constexpr auto type = "request.submitted";
  static constexpr ops::Label label{"Request submitted", "申请已提交"};
  std::string request, title, chain, snapshot;
  std::optional<std::string> approval;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"), OPS_FIELD(title, "Title", "标题"),
       OPS_FIELD(chain, "Chain", "审批流程"), OPS_FIELD(snapshot, "Snapshot", "内容快照"),
       OPS_FIELD(approval, "Approval", "审批单"));
  }
  ops::Tags tags() const { return {{"request", request}}; }
};

struct Cancelled {
  static constexpr auto type = "request.cancelled";
  static constexpr ops::Label label{"Request cancelled", "申请已取消"};
  std::string request;
  template <class A>
  void serialize(A& ar) {
    ar(OPS_FIELD(request, "Request", "申请单"));
  }
  ops::Tags tags() const { return {{"request", request}}; }
};

/// The fields that matter here of the events of approvals; they have the tag of their subject.
struct OfApproval {
  std::string approval, subject_type, subject;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(approval), NVP(subject_type), NVP(subject));
  }
  ops::Tags tags() const { return {{"approval", approval}, {subject_type, subject}}; }
};
struct ApprovalRequested : OfApproval {
  static constexpr auto type = "approval.requested";
  std::string chain;
  template <class A>
  void serialize(A& ar) {
    OfApproval::serialize(ar);
    ar(NVP(chain));
  }
};
struct ApprovalGranted : OfApproval {
  static constexpr auto type = "approval.granted";
  std::string chain;
  template <class A>
  void serialize(A& ar) {
    OfApproval::serialize(ar);
    ar(NVP(chain));
  }
};
struct ApprovalReturned : OfApproval {
  static constexpr auto type = "approval.returned";
  std::int32_t to_step = 0;
  template <class A>
  void serialize(A& ar) {
    OfApproval::serialize(ar);
    ar(NVP(to_step));
  }
};
struct ApprovalRejected : OfApproval {
  static constexpr auto type = "approval.rejected";
};
struct ApprovalWithdrawn : OfApproval {
  static constexpr auto type = "approval.withdrawn";
};
struct ApprovalInvalidated : OfApproval {
  static constexpr auto type = "approval.invalidated";
};

}  // namespace request
