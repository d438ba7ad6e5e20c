// What decisions about chains, subjects and running approvals must know.
#pragma once

#include <opsledger/digest.hpp>

#include "people.hpp"

namespace approval {

/// The newest version of a chain, loaded by chain:<id>.
struct ChainState {
  using Listens = ops::Fold<ChainPublished, ChainRetired>;
  bool active = false;
  ChainPublished newest{.version = 0};
  void on(const ChainPublished& e) { active = true, newest = e; }
  void on(const ChainRetired&) { active = false; }
  template <class A>
  void serialize(A& ar) {
    ar(NVP(active), NVP(newest));
  }
};

/// Any event of the subject.
struct SubjectEvent : ops::JsonEvent {
  static constexpr auto type = "*";
};

/// What the subject is now, loaded by its own tag. A subject's module puts `snapshot`, the JSON
/// text of the approvable fields, into every event that changes them; who wrote it is an author.
struct Subject {
  using Listens = ops::Fold<SubjectEvent>;
  std::string snapshot, author, running;
  std::set<std::string> authors;

  void on(const SubjectEvent& e, const ops::EventMeta& meta) {
    const std::string_view type = meta.type();
    if (type == Requested::type) {
      running = e.data["approval"].str();
    } else if (type == Granted::type || type == Rejected::type || type == Withdrawn::type) {
      running.clear();
      authors.clear();
    } else if (!type.starts_with("approval.") && e.data["snapshot"].is_string()) {
      snapshot = e.data["snapshot"].str();
      author = meta.actor();
      authors.insert(author);
    }
  }
  template <class A>
  void serialize(A& ar) {
    std::vector<std::string> list(authors.begin(), authors.end());
    ar(NVP(snapshot), NVP(author), NVP(running), ops::field("authors", list));
    authors = {list.begin(), list.end()};
  }
};

enum class Status { running, returned, granted, rejected, withdrawn };
OPS_ENUM(Status, running, returned, granted, rejected, withdrawn)

/// A place in the open step. `waits_for` (0: nothing) is the seat that votes first.
struct Seat {
  std::string person;
  std::optional<std::string> delegated_from;
  std::int32_t waits_for = 0;
  bool added = false, voted = false, approved = false;
  template <class A>
  void serialize(A& ar) {
    ar(NVP(person), NVP(delegated_from), NVP(waits_for), NVP(added), NVP(voted), NVP(approved));
  }
};

/// One approval, loaded by approval:<id>.
struct Instance {
  using Listens = ops::Fold<Requested, StepOpened, StepClosed, VoteCast, Transferred, SignerAdded,
                            Reminded, TimedOut, Escalated, Returned, Withdrawn, Invalidated,
                            Resubmitted, Granted, Rejected>;
  Requested request;
  Status status{};
  std::int32_t step = 0, opening = 0, votes = 0, timeouts = 0;
  std::vector<Seat> seats;
  std::vector<std::int32_t> passed;  ///< steps passed since the last start, in order
  ops::Time opened_at;
  std::optional<ops::Time> reminded_at;

  bool known() const { return !request.approval.empty(); }
  const Step& current() const { return request.steps.at(static_cast<std::size_t>(step - 1)); }
  About about() const { return request; }
  bool is_author(const std::string& person) const {
    return person == request.initiator || std::find(request.authors.begin(), request.authors.end(),
                                                    person) != request.authors.end();
  }
  /// 1-based; 0: none.
  std::int32_t seat_of(std::string_view person) const {
    for (std::size_t i = 0; i < seats.size(); ++i) {
      if (seats[i].person == person) return static_cast<std::int32_t>(i + 1);
    }
    return 0;
  }
  Seat& seat(std::int32_t number) { return seats.at(static_cast<std::size_t>(number - 1)); }
  const Seat& seat(std::int32_t number) const {
    return seats.at(static_cast<std::size_t>(number - 1));
  }
  bool is_turn_of(const Seat& s) const { return s.waits_for == 0 || seat(s.waits_for).voted; }
  std::vector<std::string> waiting() const {
    std::vector<std::string> people;
    for (const Seat& s : seats) {
      if (!s.voted) people.push_back(s.person);
    }
    return people;
  }

  void on(const Requested& e) { request = e, status = Status::running; }
  void on(const StepOpened& e, const ops::EventMeta& meta) { open(e, meta.time()); }
  void on(const StepClosed& e) {
    if (e.outcome == Outcome::passed) passed.push_back(e.step);
    seats.clear();
  }
  void on(const VoteCast& e) {
    Seat& s = seat(seat_of(e.person));
    s.voted = true, s.approved = e.verdict == Verdict::approve;
    ++votes;
  }
  void on(const Transferred& e) { hand_over(e.from, e.to); }
  void on(const Escalated& e) { hand_over(e.from, e.to); }
  void on(const SignerAdded& e) {
    const std::int32_t by = seat_of(e.by);
    seats.push_back({e.person, {}, e.place == Place::after ? by : 0, true});
    if (e.place == Place::before) seat(by).waits_for = static_cast<std::int32_t>(seats.size());
  }
  void on(const Reminded&, const ops::EventMeta& meta) { reminded_at = meta.time(); }
  void on(const TimedOut&) { ++timeouts; }
  void on(const Returned& e) {
    if (e.to_step == 0) return back_to_start();
    std::erase_if(passed, [&](std::int32_t p) { return p >= e.to_step; });
  }
  void on(const Invalidated&) { back_to_start(); }
  void on(const Resubmitted& e) {
    status = Status::running;
    request.snapshot = e.snapshot, request.snapshot_hash = e.snapshot_hash;
    request.authors = e.authors;
  }
  void on(const Withdrawn&) { status = Status::withdrawn; }
  void on(const Granted&) { status = Status::granted; }
  void on(const Rejected&) { status = Status::rejected; }

  void open(const StepOpened& e, ops::Time at) {
    step = e.step, opening = e.opening, opened_at = at, timeouts = 0;
    seats.clear();
    for (const Approver& a : e.approvers) {
      const bool in_row = e.mode == Mode::sequence;
      seats.push_back(
          {a.person, a.delegated_from, in_row ? static_cast<std::int32_t>(seats.size()) : 0});
    }
  }

  template <class A>
  void serialize(A& ar) {
    ar(NVP(request), NVP(status), NVP(step), NVP(opening), NVP(votes), NVP(timeouts), NVP(seats),
       NVP(passed), NVP(opened_at), NVP(reminded_at));
  }

 private:
  void back_to_start() {
    status = Status::returned, step = 0;
    passed.clear();
    seats.clear();
  }
  void hand_over(const std::string& from, const std::string& to) {
    Seat& s = seat(seat_of(from));
    s.person = to, s.delegated_from = std::nullopt;
  }
};

}  // namespace approval
