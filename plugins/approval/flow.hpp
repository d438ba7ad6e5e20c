// A running approval moving on: every step is an event, folded at once into the state at hand.
#pragma once

#include <opsledger/expression.hpp>
#include <opsledger/expression/json.hpp>

#include "commands.hpp"
#include "seating.hpp"
#include "tally.hpp"

namespace approval {

inline constexpr const char* kSla = "sla";
inline constexpr std::int32_t kTimeoutsMax = 5;  ///< reminders of one opening

/// One decision about one approval. Not thread safe; lives inside one call of decide.
class Flow {
 public:
  Flow(Instance instance, const Directory& directory, const ops::Envelope& envelope)
      : state_(std::move(instance)), directory_(directory), envelope_(envelope) {}

  const Instance& state() const { return state_; }
  ops::Decision take() && { return std::move(decision_); }
  ops::Decision& decision() { return decision_; }

  template <class E>
  void write(const E& e) {
    decision_.emit(e);
    if constexpr (std::same_as<E, StepOpened>)
      state_.open(e, envelope_.time());
    else if constexpr (requires { state_.on(e); })
      state_.on(e);
  }
  template <class E>
  E of_approval() const {
    E e;
    e.approval = state_.request.approval;
    return e;
  }

  /// Opens the first step from `step` on that applies; grants when there is none. False when a
  /// step has no approver and says so is a failure, and nobody could be found instead.
  bool open_from(std::int32_t step) {
    const auto data = json_of(state_.request.snapshot);
    for (auto i = step; i <= static_cast<std::int32_t>(state_.request.steps.size()); ++i) {
      const Step& candidate = state_.request.steps[static_cast<std::size_t>(i - 1)];
      if (!applies(candidate, data)) {
        skip(i, "condition: " + candidate.condition);
        continue;
      }
      auto approvers = Seating(state_, directory_, data, envelope_.time()).of(candidate);
      if (approvers.empty() && candidate.empty == Empty::skip) {
        skip(i, "no approver");
        continue;
      }
      if (approvers.empty() && candidate.empty == Empty::escalate)
        approvers = Seating(state_, directory_, data, envelope_.time()).fallback();
      if (approvers.empty()) return false;
      open(i, candidate, std::move(approvers), data);
      return true;
    }
    grant();
    return true;
  }

  /// After a vote: closes the step when it is decided, and goes on.
  void settle() {
    const auto outcome = tally(state_);
    if (outcome == Outcome::passed) pass();
    if (outcome == Outcome::rejected) reject("");
  }
  void pass() {
    const std::int32_t next = state_.step + 1;
    close(Outcome::passed);
    if (!open_from(next)) return_to(next, 0, "nobody may approve step " + std::to_string(next));
  }
  void reject(const std::string& comment) {
    close(Outcome::rejected);
    Rejected e;
    static_cast<About&>(e) = state_.about();
    e.step = state_.step, e.comment = comment;
    write(e);
  }
  void close(Outcome outcome) {
    auto e = of_approval<StepClosed>();
    e.step = state_.step, e.opening = state_.opening, e.outcome = outcome;
    e.waiting = state_.waiting();
    e.chain = state_.request.chain, e.name = state_.current().name;
    e.took_s = (envelope_.time() - state_.opened_at).count() / 1'000'000;
    write(e);
    decision_.cancel_timer(kSla, timer_id());
  }
  void return_to(std::int32_t from, std::int32_t to, const std::string& comment) {
    Returned e;
    static_cast<About&>(e) = state_.about();
    e.from_step = from, e.to_step = to, e.comment = comment;
    write(e);
  }
  /// Back to the initiator: the subject is not what the approvers were asked about.
  void invalidate(const std::string& now) {
    if (state_.step > 0) close(Outcome::invalidated);
    Invalidated e;
    static_cast<About&>(e) = state_.about();
    e.changed_fields = changed_fields(state_.request.snapshot, now);
    write(e);
  }
  void set_timer() {
    const auto minutes = std::chrono::minutes(state_.current().sla_minutes);
    if (minutes.count() == 0 || !envelope_.has_timers()) return;
    decision_.timer(kSla, timer_id(), ops::after_working(minutes),
                    TimeOut{state_.request.approval, state_.opening});
  }
  /// Every seat that has not voted goes to the person's manager. False when none could.
  bool escalate() {
    bool moved = false;
    for (const std::string& person : state_.waiting()) {
      for (const std::string& manager : directory_.chart.managers(person, 1)) {
        if (state_.is_author(manager) || state_.seat_of(manager) != 0) continue;
        auto e = of_approval<Escalated>();
        e.step = state_.step, e.from = person, e.to = manager;
        write(e);
        moved = true;
        break;
      }
    }
    return moved;
  }

 private:
  std::string timer_id() const {
    return state_.request.approval + "/" + std::to_string(state_.opening);
  }
  /// A condition that cannot be evaluated applies: a mistake must not skip an approver.
  bool applies(const Step& step, const ops::Json& data) const {
    if (step.condition.empty()) return true;
    try {
      auto names = ops::expr::record_of(data);
      names.set("data", ops::expr::record_of(data));
      names.set("initiator", state_.request.initiator);
      names.set("department", state_.request.department);
      return ops::Expression::parse(step.condition).test(names);
    } catch (const std::exception&) {
      return true;
    }
  }
  void skip(std::int32_t step, std::string why) {
    auto e = of_approval<StepSkipped>();
    e.step = step, e.why = std::move(why);
    write(e);
  }
  void open(std::int32_t number, const Step& step, std::vector<Approver> approvers,
            const ops::Json& data) {
    auto e = of_approval<StepOpened>();
    const Requested& r = state_.request;
    e.step = number, e.opening = state_.opening + 1, e.name = step.name, e.mode = step.mode;
    e.approvers = std::move(approvers);
    e.chain = r.chain, e.subject_type = r.subject_type, e.subject = r.subject;
    e.title = r.title, e.initiator = r.initiator;
    write(e);
    set_timer();
    copy(step, data);
  }
  void copy(const Step& step, const ops::Json& data) {
    auto e = of_approval<Copied>();
    for (const std::string& text : step.cc) {
      const auto selector = parse_selector(text);
      if (!selector) continue;
      for (const auto& person : directory_.resolve(*selector, state_.request, data))
        e.to.push_back(person);
    }
    if (e.to.empty()) return;
    e.subject_type = state_.request.subject_type, e.subject = state_.request.subject;
    e.title = state_.request.title;
    write(e);
  }
  void grant() {
    Granted e;
    static_cast<About&>(e) = state_.about();
    e.chain = state_.request.chain, e.version = state_.request.version;
    e.votes = state_.votes, e.snapshot_hash = state_.request.snapshot_hash;
    write(e);
  }
  static std::vector<std::string> changed_fields(const std::string& before,
                                                 const std::string& after) {
    const auto was = json_of(before), is = json_of(after);
    std::set<std::string> names;
    for (const auto& [name, value] : was.object()) {
      if (!(is[name] == value)) names.insert(name);
    }
    for (const auto& [name, value] : is.object()) {
      if (!(was[name] == value)) names.insert(name);
    }
    return {names.begin(), names.end()};
  }

  Instance state_;
  const Directory& directory_;
  const ops::Envelope& envelope_;
  ops::Decision decision_;
};

}  // namespace approval
