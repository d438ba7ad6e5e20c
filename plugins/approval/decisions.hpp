// How commands about a running approval are decided.
#pragma once

#include "chain_decisions.hpp"
#include "flow.hpp"

namespace approval {

inline constexpr std::chrono::hours kRemindEvery{4};
inline constexpr std::size_t kSeatsMax = 100;
inline constexpr std::size_t kCopiesMax = 100;

/// What every command about a running approval is decided on.
struct Desk {
  const Instance& instance;
  const Subject* subject;  ///< null when there is no such approval
  Directory directory;
  const ops::Envelope& envelope;

  std::string actor() const { return std::string(envelope.actor()); }
  bool subject_changed() const {
    return subject != nullptr && subject->snapshot != instance.request.snapshot;
  }
};

inline ops::Decision wrong_state(const Instance& instance) {
  return ops::reject("command.wrong_state", "approval " + instance.request.approval + " is " +
                                                std::string(ops::enum_name(instance.status)));
}
inline std::optional<ops::Decision> not_running(const std::string& approval,
                                                const Instance& instance) {
  if (!instance.known()) return not_found("approval", approval);
  if (instance.status != Status::running) return wrong_state(instance);
  return std::nullopt;
}
/// Why the actor may not act on the open step now, or nothing.
inline std::optional<ops::Decision> not_acting(const std::string& approval, const Desk& desk) {
  if (auto fault = not_running(approval, desk.instance)) return fault;
  const auto number = desk.instance.seat_of(desk.envelope.actor());
  if (number == 0) {
    if (desk.instance.is_author(desk.actor()))
      return ops::reject("access.separation_of_duties", "nobody approves their own request");
    return ops::reject("approval.not_approver", desk.actor() + " is not asked in this step");
  }
  const Seat& seat = desk.instance.seat(number);
  if (seat.voted) return ops::reject("approval.already_voted", desk.actor() + " has voted");
  if (!desk.instance.is_turn_of(seat))
    return ops::reject("approval.not_your_turn",
                       desk.instance.seat(seat.waits_for).person + " votes first");
  return std::nullopt;
}
inline std::optional<ops::Decision> not_allowed(const Desk& desk, Verb verb) {
  if (desk.instance.current().allows(verb)) return std::nullopt;
  return ops::reject("approval.not_allowed", "step '" + desk.instance.current().name +
                                                 "' does not allow " +
                                                 std::string(ops::enum_name(verb)));
}
/// A person who may take or get a seat.
inline std::optional<ops::Decision> cannot_sit(const Desk& desk, const std::string& person) {
  const ops::Tag is_id("person", person);  // else command.invalid
  if (desk.instance.is_author(person))
    return ops::reject("access.separation_of_duties", person + " wrote what is to be approved");
  if (desk.instance.seat_of(person) != 0)
    return ops::reject("approval.already_approver", person + " has a seat in this step");
  if (desk.instance.seats.size() >= kSeatsMax)
    return ops::reject("approval.too_many", "a step has at most 100 seats");
  return std::nullopt;
}

inline std::string month_of(const ops::Envelope& envelope) {
  const std::string day = envelope.time().date(std::chrono::hours(8)).str();
  return day.substr(0, 4) + day.substr(5, 2);
}
/// The subject's own department where its snapshot names one, else the command's.
inline Requested draft_of(const Request& c, const ChainState& chain, const Subject& subject,
                          std::string department) {
  Requested e;
  e.subject_type = c.subject_type, e.subject = c.subject, e.title = c.title, e.chain = c.chain;
  e.version = chain.newest.version, e.steps = chain.newest.steps;
  e.snapshot = subject.snapshot, e.snapshot_hash = ops::sha256_hex(subject.snapshot);
  e.initiator = subject.author;
  e.authors = {subject.authors.begin(), subject.authors.end()};
  const auto data = json_of(e.snapshot);
  e.department = data["department"].str(std::move(department));
  return e;
}

inline ops::Decision decide_request(const Request& c, const ChainState& chain,
                                    const Subject& subject, const ops::Many<Instance>& same_id,
                                    const Directory& directory, const ops::Envelope& envelope) {
  if (!chain.active) return not_found("chain", c.chain);
  if (chain.newest.subject_type != c.subject_type)
    return ops::reject("approval.subject_type",
                       "chain " + c.chain + " is for " + chain.newest.subject_type);
  if (!json_of(subject.snapshot).is_object())
    return ops::reject("approval.no_subject",
                       c.subject_type + " " + c.subject + " has no snapshot to approve");
  if (!subject.running.empty())
    return ops::reject("approval.running", "approval " + subject.running + " is under way");
  if (!same_id.empty() && same_id[0].known())
    return ops::reject("approval.exists", "approval " + *c.approval + " exists");
  Requested e = draft_of(c, chain, subject, std::string(envelope.department()));
  e.approval = c.approval ? *c.approval : std::string(envelope.number());
  Flow flow(Instance(), directory, envelope);
  flow.write(e);
  if (!flow.open_from(1))
    return ops::reject("approval.no_approver", "nobody may approve the first step");
  return std::move(flow).take();
}

inline ops::Decision decide_vote(const Vote& c, const Desk& desk) {
  if (auto fault = not_running(c.approval, desk.instance)) return *fault;
  if (c.step != desk.instance.step)
    return ops::reject("approval.step_closed", "step " + std::to_string(c.step) +
                                                   " is not open, but step " +
                                                   std::to_string(desk.instance.step));
  if (auto fault = not_acting(c.approval, desk)) return *fault;
  Flow flow(desk.instance, desk.directory, desk.envelope);
  if (desk.subject_changed()) {
    flow.decision().warn("approval.subject_changed", "it was changed meanwhile; no vote was taken");
    flow.invalidate(desk.subject->snapshot);
    return std::move(flow).take();
  }
  if (c.snapshot_hash && *c.snapshot_hash != desk.instance.request.snapshot_hash)
    return ops::reject("approval.other_snapshot", "the vote is about another version");
  auto e = flow.of_approval<VoteCast>();
  e.step = c.step, e.opening = desk.instance.opening, e.person = desk.actor();
  e.verdict = c.verdict, e.comment = c.comment;
  e.on_behalf_of = desk.instance.seat(desk.instance.seat_of(e.person)).delegated_from;
  flow.write(e);
  flow.settle();
  return std::move(flow).take();
}

/// Step to return to; 0: the initiator.
inline std::optional<std::int32_t> return_target(const Return& c, const Instance& instance) {
  if (c.to == ReturnTo::start) return 0;
  const auto& passed = instance.passed;
  if (c.to == ReturnTo::previous) return passed.empty() ? 0 : passed.back();
  if (!c.step || std::find(passed.begin(), passed.end(), *c.step) == passed.end())
    return std::nullopt;
  return *c.step;
}

inline ops::Decision decide_return(const Return& c, const Desk& desk) {
  if (auto fault = not_acting(c.approval, desk)) return *fault;
  constexpr Verb kVerbs[] = {Verb::return_prev, Verb::return_to, Verb::return_start};
  if (auto fault = not_allowed(desk, kVerbs[static_cast<int>(c.to)])) return *fault;
  const auto to = return_target(c, desk.instance);
  if (!to) return ops::reject("approval.return_to", "that step was not passed");
  Flow flow(desk.instance, desk.directory, desk.envelope);
  const std::int32_t from = desk.instance.step;
  flow.close(Outcome::returned);
  flow.return_to(from, *to, std::string(desk.envelope.reason()));
  if (*to > 0 && !flow.open_from(*to))
    flow.return_to(*to, 0, "nobody may approve step " + std::to_string(*to));
  return std::move(flow).take();
}

inline ops::Decision decide_transfer(const Transfer& c, const Desk& desk) {
  if (auto fault = not_acting(c.approval, desk)) return *fault;
  if (auto fault = not_allowed(desk, Verb::transfer)) return *fault;
  if (auto fault = cannot_sit(desk, c.to)) return *fault;
  Transferred e;
  e.approval = c.approval, e.step = desk.instance.step;
  e.from = desk.actor(), e.to = c.to, e.comment = c.comment;
  return ops::emit(e);
}

inline ops::Decision decide_add_signer(const AddSigner& c, const Desk& desk) {
  if (auto fault = not_acting(c.approval, desk)) return *fault;
  const Verb verb = c.place == Place::before ? Verb::add_before : Verb::add_after;
  if (auto fault = not_allowed(desk, verb)) return *fault;
  if (auto fault = cannot_sit(desk, c.person)) return *fault;
  SignerAdded e;
  e.approval = c.approval, e.step = desk.instance.step;
  e.place = c.place, e.person = c.person, e.by = desk.actor();
  return ops::emit(e);
}

inline ops::Decision decide_copy(const CopyTo& c, const Desk& desk) {
  if (auto fault = not_running(c.approval, desk.instance)) return *fault;
  const Requested& r = desk.instance.request;
  if (desk.instance.seat_of(desk.actor()) == 0 && desk.actor() != r.initiator)
    return ops::reject("approval.not_approver", "initiator and approvers send copies");
  if (auto fault = not_allowed(desk, Verb::cc)) return *fault;
  if (c.to.empty() || c.to.size() > kCopiesMax)
    return ops::reject("approval.too_many", "copies go to 1 to 100 people");
  Copied e;
  e.approval = c.approval, e.to = c.to;
  e.subject_type = r.subject_type, e.subject = r.subject, e.title = r.title;
  return ops::emit(e);
}

inline ops::Decision decide_withdraw(const Withdraw& c, const Desk& desk) {
  const Instance& i = desk.instance;
  if (!i.known()) return not_found("approval", c.approval);
  if (i.status != Status::running && i.status != Status::returned) return wrong_state(i);
  if (desk.actor() != i.request.initiator)
    return ops::reject("approval.not_initiator", "only who began it withdraws it");
  Flow flow(i, desk.directory, desk.envelope);
  if (i.step > 0) {
    if (auto fault = not_allowed(desk, Verb::withdraw)) return *fault;
    flow.close(Outcome::withdrawn);
  }
  Withdrawn e;
  static_cast<About&>(e) = i.about();
  flow.write(e);
  return std::move(flow).take();
}

inline ops::Decision decide_remind(const Remind& c, const Desk& desk) {
  if (auto fault = not_running(c.approval, desk.instance)) return *fault;
  if (desk.actor() != desk.instance.request.initiator)
    return ops::reject("approval.not_initiator", "only who began it reminds");
  const auto& last = desk.instance.reminded_at;
  if (last && desk.envelope.time() - *last < kRemindEvery)
    return ops::reject("approval.reminded_recently", "one reminder in 4 hours");
  Reminded e;
  e.approval = c.approval, e.to = desk.instance.waiting();
  return ops::emit(e);
}

inline ops::Decision decide_resubmit(const Resubmit& c, const Desk& desk) {
  const Instance& i = desk.instance;
  if (!i.known()) return not_found("approval", c.approval);
  if (i.status != Status::returned) return wrong_state(i);
  if (!reaches_beyond_department(desk.envelope) && !i.is_author(desk.actor()) &&
      !desk.subject->authors.contains(desk.actor()))
    return ops::reject("approval.not_initiator", "only its authors submit it again");
  if (!json_of(desk.subject->snapshot).is_object())
    return ops::reject("approval.no_subject", "its snapshot is no JSON object");
  Flow flow(i, desk.directory, desk.envelope);
  Resubmitted e;
  static_cast<About&>(e) = i.about();
  e.snapshot = desk.subject->snapshot, e.snapshot_hash = ops::sha256_hex(e.snapshot);
  e.authors = {desk.subject->authors.begin(), desk.subject->authors.end()};
  flow.write(e);
  if (!flow.open_from(1))
    return ops::reject("approval.no_approver", "nobody may approve the first step");
  return std::move(flow).take();
}

/// For reactions to changes of the subject: says nothing when it is what it was.
inline ops::Decision decide_recheck(const Recheck& c, const Desk& desk) {
  if (!desk.instance.known()) return not_found("approval", c.approval);
  if (desk.instance.status != Status::running || !desk.subject_changed()) return {};
  Flow flow(desk.instance, desk.directory, desk.envelope);
  flow.invalidate(desk.subject->snapshot);
  return std::move(flow).take();
}

inline void remind_after_timeout(Flow& flow) {
  auto e = flow.of_approval<Reminded>();
  e.to = flow.state().waiting();
  flow.write(e);
  if (flow.state().timeouts < kTimeoutsMax) flow.set_timer();
}

inline ops::Decision decide_time_out(const TimeOut& c, const Desk& desk) {
  const Instance& i = desk.instance;
  if (!i.known() || i.status != Status::running || i.opening != c.opening) return {};
  Flow flow(i, desk.directory, desk.envelope);
  auto e = flow.of_approval<TimedOut>();
  e.step = i.step, e.opening = i.opening, e.chain = i.request.chain;
  flow.write(e);
  switch (i.current().on_timeout) {
    case OnTimeout::remind:
      remind_after_timeout(flow);
      break;
    case OnTimeout::escalate:
      if (!flow.escalate())
        remind_after_timeout(flow);
      else if (flow.state().timeouts < kTimeoutsMax)
        flow.set_timer();
      break;
    case OnTimeout::auto_reject:
      flow.reject("timed out");
      break;
    case OnTimeout::auto_approve:  // the setting may have been taken back meanwhile
      if (desk.envelope.config()["auto_approve"].boolean())
        flow.pass();
      else
        remind_after_timeout(flow);
      break;
  }
  return std::move(flow).take();
}

}  // namespace approval
