#include "kernel/command/command_service.hpp"

#include <utility>

#include "kernel/command/admission.hpp"
#include "kernel/command/durable_waiters.hpp"
#include "kernel/command/fresh_ids.hpp"
#include "kernel/command/loader.hpp"
#include "kernel/command/proposal.hpp"
#include "kernel/command/replay.hpp"
#include "kernel/command/separation.hpp"
#include "kernel/command/timer_events.hpp"

namespace opsledger {

namespace {
/// Loads begun anew because turns were taken or a state had moved on; beyond this many the tag
/// sets never settle and the command is refused.
constexpr unsigned kRestartsMax = 64;
}  // namespace

struct CommandService::Impl : std::enable_shared_from_this<Impl> {
  Impl(Ledger& ledger, const Registry& registry, const SchemaCatalog& schemas, const Clock& clock,
       Limits limits, const Access* access, const HostServices* services, PersonalData* personal)
      : ledger(ledger),
        registry(registry),
        clock(clock),
        limits(limits),
        access(access),
        services(services),
        personal(personal),
        fresh_ids(ledger.id(), clock.now()),
        turns(limits.queued_commands_max),
        cache(limits.cached_states_max),
        loader(ledger, schemas, turns, cache, counters),
        waiters(std::make_shared<DurableWaiters>(ledger)) {}

  using JobPtr = std::shared_ptr<Job>;
  using Tickets = std::vector<Turns::Ticket*>;
  enum class Next { kDone, kAgain, kWantsTurns };

  Status prepare(Job& job);
  void fill_envelope(Job& job);
  void take_grant(Job& job);
  void run(JobPtr job);
  void drive(const JobPtr& job, Tickets* ready);
  Next attempt(const JobPtr& job);
  Result<bool> answer_from_key(Job& job);
  Status check_trigger(const Job& job) const;
  Status drop_idle_cancellations(const Job& job, Decision* decision) const;
  Next decide(const JobPtr& job);
  Next append(const JobPtr& job, Decision decision);
  Next append_failed(Job& job, Error error);
  Next refuse(Job& job, Error error);
  Next answer(Job& job, Result<CommandOutcome> result, Position after);
  void on_durable(Job& job, Result<AppendOutcome> appended);
  void deliver(const JobPtr& job);
  void finish(Job& job, Result<CommandOutcome> result);

  Ledger& ledger;
  const Registry& registry;
  const Clock& clock;
  const Limits limits;
  const Access* const access;
  const HostServices* const services;
  PersonalData* const personal;
  FreshIds fresh_ids;
  CommandCounters counters;
  Turns turns;
  StateCache cache;
  Loader loader;
  std::shared_ptr<DurableWaiters> waiters;
};

CommandService::CommandService(Ledger& ledger, const Registry& registry,
                               const SchemaCatalog& schemas, const Clock& clock, Limits limits,
                               const Access* access, const HostServices* services,
                               PersonalData* personal)
    : impl_(std::make_shared<Impl>(ledger, registry, schemas, clock, limits, access, services,
                                   personal)) {
  impl_->waiters->start();
}

CommandService::~CommandService() {
  impl_->waiters->fail({Code::kNotReady, "command.stopping", "the server is stopping; try again"});
}

void CommandService::execute(CommandRequest request, Completion done) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->done = std::move(done);
  job->personal = impl_->personal;
  if (auto status = impl_->prepare(*job); !status) {
    return impl_->finish(*job, std::move(status).error());
  }
  job->keep = job;
  switch (impl_->turns.enter(*job)) {
    case Turns::Entry::kHolds:
      return impl_->run(std::exchange(job->keep, nullptr));
    case Turns::Entry::kWaits:
      return;  // whoever ends its turn before this one runs it
    case Turns::Entry::kFull:
      job->keep.reset();
      return impl_->finish(*job, Error{Code::kOverloaded, "command.overloaded",
                                       std::to_string(impl_->limits.queued_commands_max) +
                                           " commands wait for their turn; try again later"});
  }
}

CommandService::Metrics CommandService::metrics() const {
  const auto& c = impl_->counters;
  Metrics m;
  m.accepted = c.accepted;
  m.rejected = c.rejected;
  m.failed = c.failed;
  m.replayed = c.replayed;
  m.conflicts = c.conflicts;
  m.decides = c.decides;
  m.folded_events = c.folded_events;
  m.cache_hits = c.cache_hits;
  m.cache_misses = c.cache_misses;
  m.waiting = impl_->turns.waiting();
  m.cached_states = impl_->cache.size();
  return m;
}

Status CommandService::Impl::prepare(Job& job) {
  OPS_TRY(admit(registry, job));
  fill_envelope(job);
  if (access) {
    OPS_TRY_ASSIGN(job.grant,
                   access->check(job.command, job.request.context, ledger.accepted().position));
    take_grant(job);
  }
  return plan_first_turns(job);
}

void CommandService::Impl::fill_envelope(Job& job) {
  const auto& context = job.request.context;
  job.envelope.time = clock.now();
  job.envelope.actor = context.actor;
  job.envelope.department = context.department;
  job.envelope.reason = context.reason;
  job.envelope.correlation = context.correlation;
  job.envelope.services = services;
  if (job.request.trigger) {
    job.envelope.timer_id = job.request.trigger->timer_id;
    job.envelope.late_by = job.request.trigger->late_by;
  }
  for (unsigned i = 0; i < job.command.info().id_count; ++i) {
    job.envelope.ids.push_back(fresh_ids.next(job.envelope.time));
  }
}

/// What the right says goes to the module; the department that it implies is the command's.
void CommandService::Impl::take_grant(Job& job) {
  if (!job.grant.department.empty()) {
    job.request.context.department = job.envelope.department = job.grant.department;
  }
  job.envelope.role = job.grant.role;
  job.envelope.scope = job.grant.scope;
  job.envelope.config = job.grant.config;
}

/// Runs `job`, then every job that got its turn thereby: the thread that ends a turn hands it on
/// by doing the next one's work, so a hot tag costs no thread switch and blocks no worker.
void CommandService::Impl::run(JobPtr job) {
  Tickets ready;
  for (std::size_t done = 0;;) {
    drive(job, &ready);
    if (done == ready.size()) return;
    job = std::exchange(static_cast<Job*>(ready[done++])->keep, nullptr);
    if (done == ready.size()) {
      ready.clear();
      done = 0;
    }
  }
}

void CommandService::Impl::drive(const JobPtr& job, Tickets* ready) {
  for (;;) {
    switch (attempt(job)) {
      case Next::kAgain:
        break;
      case Next::kWantsTurns:
        job->keep = job;
        if (!turns.requeue(*job, job->wanted, ready)) return;  // no longer ours
        job->keep.reset();
        break;
      case Next::kDone:
        turns.leave(*job, ready);
        return deliver(job);
    }
  }
}

CommandService::Impl::Next CommandService::Impl::attempt(const JobPtr& job) {
  if (!std::exchange(job->key_looked_up, true)) {
    auto known = answer_from_key(*job);
    if (!known) return refuse(*job, std::move(known).error());
    if (*known) return Next::kDone;
  }
  auto loaded = loader.load(*job);
  if (!loaded) return refuse(*job, std::move(loaded).error());
  if (*loaded == Loader::Step::kReady) return decide(job);
  if (++job->restarts > kRestartsMax) {
    return refuse(*job, {Code::kConflict, "append.conflict",
                         "what the command rests on kept changing; try again"});
  }
  return *loaded == Loader::Step::kMoved ? Next::kAgain : Next::kWantsTurns;
}

/// True when the first outcome under this key is the answer.
Result<bool> CommandService::Impl::answer_from_key(Job& job) {
  if (!job.key) return false;
  OPS_TRY_ASSIGN(const auto known, ledger.find(*job.key));
  if (!known) return false;
  OPS_TRY_ASSIGN(auto outcome, read_outcome(ledger, *known));
  answer(job, std::move(outcome), known->last);
  return true;
}

/// Up to the position that is decided at; the append's condition looks after the rest.
Status CommandService::Impl::check_trigger(const Job& job) const {
  const Trigger& trigger = *job.request.trigger;
  ReadOptions options;
  options.after = trigger.after;
  options.upto = job.envelope.position;
  options.limit = 1;
  options.accepted = true;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read({{trigger.guard}}, options));
  OPS_TRY_ASSIGN(const auto found, cursor->next());
  if (found.empty()) return {};
  return Error{Code::kConflict, "trigger.done",
               "event " + std::to_string(found.front().position.value) +
                   " already says what became of what sent this command"};
}

/// A timer that nobody waits for needs no cancelling.
Status CommandService::Impl::drop_idle_cancellations(const Job& job, Decision* decision) const {
  std::vector<TimerChange> kept;
  for (auto& change : decision->timers) {
    if (change.cancel) {
      ReadOptions newest;
      newest.after = job.envelope.position.next();
      newest.direction = Direction::kBackward;
      newest.limit = 1;
      newest.accepted = true;
      const auto name = timer_name(job.module(), change.timer, change.id);
      OPS_TRY_ASSIGN(const auto cursor, ledger.read({{timer_item(name)}}, newest));
      OPS_TRY_ASSIGN(const auto found, cursor->next());
      const bool waits = !found.empty() && (found.front().type == kTimerScheduled ||
                                            found.front().type == kTimerRescheduled);
      if (!waits) continue;
    }
    kept.push_back(std::move(change));
  }
  decision->timers = std::move(kept);
  return {};
}

CommandService::Impl::Next CommandService::Impl::decide(const JobPtr& job) {
  if (job->request.trigger) {
    if (auto status = check_trigger(*job); !status) return refuse(*job, std::move(status).error());
  }
  job->refusal.reset();
  if (access) {
    auto grant = access->check(job->command, job->request.context, job->envelope.position);
    if (!grant) return refuse(*job, std::move(grant).error());
    job->grant = std::move(*grant);
    take_grant(*job);
  }
  job->envelope.number = next_number(*job);
  count(counters.decides);
  auto decision =
      job->command.module->decide(job->command.index, job->data, job->states, job->envelope);
  if (!decision) {
    if (!job->request.trigger || decision.error().code != Code::kRejected) {
      return answer(*job, std::move(decision).error(), job->rests_on);
    }
    job->refusal = std::move(decision).error();
    return append(job, {});
  }
  if (auto status = drop_idle_cancellations(*job, &*decision); !status) {
    return refuse(*job, std::move(status).error());
  }
  if (decision->events.empty() && decision->timers.empty() && !job->request.trigger) {
    CommandOutcome outcome;
    outcome.position = job->envelope.position;
    outcome.warnings = std::move(decision->warnings);
    return answer(*job, std::move(outcome), job->rests_on);
  }
  if (access) {
    if (auto status = separate_duties(ledger, *job, *decision); !status) {
      if (status.error().code == Code::kForbidden) {
        access->refused(job->request.type, status.error().reason, job->request.context);
      }
      return refuse(*job, std::move(status).error());
    }
  }
  return append(job, std::move(*decision));
}

CommandService::Impl::Next CommandService::Impl::append(const JobPtr& job, Decision decision) {
  auto proposal = make_proposal(*job, std::move(decision));
  if (!proposal) return refuse(*job, std::move(proposal).error());
  if (job->request.dry_run) {
    CommandOutcome outcome;
    outcome.position = job->envelope.position;
    outcome.warnings = std::move(job->warnings);
    return answer(*job, std::move(outcome), job->rests_on);
  }
  auto accepted = ledger.append(std::move(*proposal),
                                [self = shared_from_this(), job](Result<AppendOutcome> appended) {
                                  self->on_durable(*job, std::move(appended));
                                });
  if (accepted) {
    if (!accepted->replayed) loader.fold_own(*job, *accepted);
    return Next::kDone;
  }
  return append_failed(*job, std::move(accepted).error());
}

CommandService::Impl::Next CommandService::Impl::append_failed(Job& job, Error error) {
  if (error.code == Code::kConflict) {
    count(counters.conflicts);
    if (++job.tries < limits.tries_max) return Next::kAgain;
    error.message = "another writer changed what the command rests on, " +
                    std::to_string(job.tries) + " times in a row; try again";
  }
  if (error.code == Code::kNotReady) waiters->fail_lost();
  if (error.code == Code::kInvalid && error.reason == "event.invalid") {
    // Tags and headers were checked: what is left is the module's own doing.
    error.code = Code::kInternal;
    error.reason = "plugin.invalid_event";
    error.message = "module " + job.module().name + ", command " + job.request.type +
                    ": emitted an event that no ledger takes: " + error.message;
  }
  return refuse(job, std::move(error));
}

CommandService::Impl::Next CommandService::Impl::refuse(Job& job, Error error) {
  return answer(job, std::move(error), Position{});
}

CommandService::Impl::Next CommandService::Impl::answer(Job& job, Result<CommandOutcome> result,
                                                        Position after) {
  job.answer = std::move(result);
  job.answer_after = after;
  return Next::kDone;
}

/// On the committer's thread.
void CommandService::Impl::on_durable(Job& job, Result<AppendOutcome> appended) {
  if (!appended) {
    cache.clear();
    loader.forget_recent();
    waiters->fail(appended.error());
    return finish(job, std::move(appended).error());
  }
  if (appended->replayed) return finish(job, read_outcome(ledger, *appended));
  CommandOutcome outcome;
  outcome.position = appended->last;
  outcome.warnings = std::move(job.warnings);
  outcome.refusal = std::move(job.refusal);
  outcome.events.reserve(job.types.size());
  Position position = appended->first;
  for (auto& type : job.types) {
    outcome.events.emplace_back(std::move(type), position);
    position = position.next();
  }
  finish(job, std::move(outcome));
}

void CommandService::Impl::deliver(const JobPtr& job) {
  if (!job->answer) return;
  if (job->answer_after <= ledger.durable().position) return finish(*job, std::move(*job->answer));
  waiters->wait(job->answer_after, [self = shared_from_this(), job](Status status) {
    if (!status) return self->finish(*job, std::move(status).error());
    self->finish(*job, std::move(*job->answer));
  });
}

void CommandService::Impl::finish(Job& job, Result<CommandOutcome> result) {
  if (result && result->refusal) {
    count(counters.rejected);
  } else if (!result) {
    count(result.error().code == Code::kRejected ? counters.rejected : counters.failed);
  } else {
    count(result->replayed ? counters.replayed : counters.accepted);
  }
  const auto done = std::move(job.done);
  done(std::move(result));
}

}  // namespace opsledger
