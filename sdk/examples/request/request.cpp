#include "request.hpp"

namespace request {
namespace {

using ops::Decision;
using ops::Envelope;
using ops::reject;

std::optional<Decision> content_fault(const Content& content) {
  if (content.title.empty()) return reject("request.title", "a request needs a title");
  if (content.amount_fen < 0) return reject("request.amount", "an amount is not negative");
  if (content.kind == Kind::expense && content.amount_fen == 0)
    return reject("request.amount", "an expense has an amount");
  return std::nullopt;
}
/// Only its author works on a request, and not once it is settled.
std::optional<Decision> not_yours(const std::string& id, const Request& r, const Envelope& e) {
  if (!r.known()) return reject("entity.not_found", "no request " + id);
  if (r.author != e.actor()) return reject("request.not_author", r.author + " wrote it");
  return std::nullopt;
}
Decision wrong_state(const std::string& id, const Request& r) {
  return reject("command.wrong_state",
                "request " + id + " is " + std::string(ops::enum_name(r.course.state)));
}

Decision decide_draft(const Draft& c, const Envelope& envelope) {
  if (auto fault = content_fault(c.content)) return *fault;
  Content content = c.content;
  if (content.department.empty()) content.department = envelope.department();
  return ops::emit(Drafted{std::string(envelope.number()), std::string(envelope.actor()), content});
}

Decision decide_change(const Change& c, const Request& r, const Envelope& envelope) {
  if (auto fault = not_yours(c.request, r, envelope)) return *fault;
  if (auto fault = content_fault(c.content)) return *fault;
  const State state = r.course.state;
  if (state == State::approved || state == State::cancelled) return wrong_state(c.request, r);
  Content content = c.content;
  if (content.department.empty()) content.department = r.content.department;
  if (content.snapshot() == r.content.snapshot())
    return reject("request.unchanged", "request " + c.request + " says all of this");
  const auto approval = state == State::submitted && !r.course.approval.empty()
                            ? std::optional(r.course.approval)
                            : std::nullopt;
  return ops::emit(Changed{c.request, content, content.snapshot(), approval});
}

Decision decide_submit(const Submit& c, const Request& r, const Envelope& envelope) {
  if (auto fault = not_yours(c.request, r, envelope)) return *fault;
  const State state = r.course.state;
  if (state != State::draft && state != State::returned && state != State::rejected)
    return wrong_state(c.request, r);
  return ops::emit(Submitted{c.request, r.content.title, envelope.config()["chain"].str("request"),
                             r.content.snapshot(), r.course.returned_approval()});
}

Decision decide_cancel(const Cancel& c, const Request& r, const Envelope& envelope) {
  if (auto fault = not_yours(c.request, r, envelope)) return *fault;
  const State state = r.course.state;
  if (state != State::draft && state != State::rejected) return wrong_state(c.request, r);
  return ops::emit(Cancelled{c.request});
}

template <class C>
ops::Tags of_request(const C& c) {
  return {{"request", c.request}};
}

/// How the module works, not a rule that a department may switch off.
void declare_reactions(ops::Module& m) {
  m.reaction<Submitted, AskApproval>(
      "submitted_asks", "A submitted request asks for approval", "提交后发起审批",
      [](const Submitted& e) -> std::optional<AskApproval> {
        if (e.approval) return std::nullopt;
        return AskApproval{"request", e.request, e.chain, e.title};
      },
      OPS_REACTION_ALWAYS);
  m.reaction<Submitted, AskAgain>(
      "submitted_asks_again", "A returned request asks again", "重新提交后继续审批",
      [](const Submitted& e) -> std::optional<AskAgain> {
        if (!e.approval) return std::nullopt;
        return AskAgain{*e.approval};
      },
      OPS_REACTION_ALWAYS);
  m.reaction<Changed, AskToLook>(
      "changed_asks_to_look", "A change under approval is looked at", "修改后核对审批",
      [](const Changed& e) -> std::optional<AskToLook> {
        if (!e.approval) return std::nullopt;
        return AskToLook{*e.approval};
      },
      OPS_REACTION_ALWAYS);
}

}  // namespace
}  // namespace request

OPS_MODULE("request", "1.0.0") {
  using namespace request;
  m.label("Requests", "申请").needs("approval");
  m.events<Drafted, Changed, Submitted, Cancelled>();
  m.table<Requests>("requests")
      .label("Requests", "申请单")
      .key("request")
      .search("title")
      .owner("author")
      .department("department")
      .index("author")
      .index("state");
  m.command<Draft>("Draft request", "起草申请")
      .series(
          [](const Draft&, const ops::Envelope& e) {
            return "RQ-" + e.time().date(std::chrono::hours(8)).str().substr(0, 4);
          },
          5)
      .decide(decide_draft);
  m.command<Change>("Change request", "修改申请")
      .reads<Request>(of_request<Change>)
      .decide(decide_change);
  m.command<Submit>("Submit request", "提交申请")
      .reads<Request>(of_request<Submit>)
      .decide(decide_submit);
  m.command<Cancel>("Cancel request", "取消申请")
      .reads<Request>(of_request<Cancel>)
      .decide(decide_cancel);
  declare_reactions(m);
}
