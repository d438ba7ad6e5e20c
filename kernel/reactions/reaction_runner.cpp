#include "kernel/reactions/reaction_runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <set>
#include <thread>

#include "kernel/reactions/limits.hpp"
#include "kernel/reactions/rule_book.hpp"

namespace opsledger {

namespace {

constexpr const char* kActor = "opsledger";

bool matches(std::string_view pattern, std::string_view type) {
  if (!pattern.ends_with('*')) return pattern == type;
  return type.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// Nothing but the same answer is to be had by asking again.
bool lasting(const Error& error) {
  switch (error.code) {
    case Code::kTimeout:
    case Code::kNotReady:
    case Code::kOverloaded:
    case Code::kIo:
    case Code::kConflict:
      return false;
    default:
      return true;
  }
}

/// One command of one rule on its way.
struct Sending {
  RuleInfo rule;
  RuleCommand command;
  Position trigger{};
  std::size_t number = 0;
  std::string department, correlation, on_behalf_of;
  unsigned depth = 0;
  unsigned failures = 0;
  std::chrono::steady_clock::time_point not_before{};
};
using SendingPtr = std::shared_ptr<Sending>;

unsigned depth_of(const EventView& event) {
  const auto text = event.metadata(kDepthMetadata).value_or("0");
  unsigned depth = 0;
  for (const char digit : text) depth = depth * 10 + static_cast<unsigned>(digit - '0') % 10;
  return depth;
}

}  // namespace

struct ReactionRunner::Impl {
  Impl(Ledger& l, const Registry& r, CommandService& c, std::vector<ReactionSource*> s, Options o)
      : ledger(l),
        registry(r),
        commands(c),
        sources(std::move(s)),
        options(std::move(o)),
        book(options.default_mode) {}

  struct Running {
    RuleInfo info;
    ReactionSource* source = nullptr;
    Position progress{};         ///< looked at everything up to here
    std::size_t unrecorded = 0;  ///< triggers since progress was recorded
  };

  void run();
  Status pass();
  Status see_rules(Position head);
  Status refresh_rules();
  void complain_about(const Status& status);
  Status publish(const RuleInfo& rule);
  Status look_at(const EventView& event);
  Status react(Running& rule, const EventView& event);
  Status carry_out(const Running& rule, const EventView& event, std::vector<RuleCommand> commands);
  Status record(NewEvent event, const Running& rule, const EventView& trigger,
                std::uint64_t* counter);
  void send(const SendingPtr& sending);
  void sent(const SendingPtr& sending, Result<CommandOutcome> outcome);
  void settle_failed();
  void record_failure(const SendingPtr& sending, const Error& error);
  void send_again(bool all);
  void wait_for_room(std::size_t flying_max);
  Status record_progress(bool all);
  bool drained() const { return flying == 0 && failed.empty() && again.empty(); }
  Query triggers() const;

  Ledger& ledger;
  const Registry& registry;
  CommandService& commands;
  const std::vector<ReactionSource*> sources;
  const Options options;

  // the runner's thread alone
  RuleBook book;
  std::map<std::string, Running> rules;
  std::vector<std::uint64_t> revisions;
  Position read{};
  std::string last_complaint;

  mutable std::mutex mutex;  // guards all below
  std::condition_variable wake;
  std::size_t flying = 0;
  std::vector<std::pair<SendingPtr, Error>> failed;
  std::vector<SendingPtr> again;
  bool poked = false, stopping = false;
  Metrics counted;

  std::shared_ptr<void> subscription;
  std::thread thread;
};

ReactionRunner::ReactionRunner(Ledger& ledger, const Registry& registry, CommandService& commands,
                               std::vector<ReactionSource*> sources, Options options)
    : impl_(std::make_unique<Impl>(ledger, registry, commands, std::move(sources),
                                   std::move(options))) {}

ReactionRunner::~ReactionRunner() {
  stop();
}

void ReactionRunner::start() {
  auto* impl = impl_.get();
  impl->complain_about(impl->see_rules(impl->ledger.durable().position));
  impl->subscription = impl->ledger.subscribe([impl](Position) {
    const std::lock_guard lock(impl->mutex);
    impl->poked = true;
    impl->wake.notify_all();
  });
  impl->thread = std::thread([impl] { impl->run(); });
}

void ReactionRunner::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopping) return;
    impl_->stopping = true;
    impl_->wake.notify_all();
  }
  impl_->subscription.reset();
  if (impl_->thread.joinable()) impl_->thread.join();
  std::unique_lock lock(impl_->mutex);
  impl_->wake.wait(lock, [&] { return impl_->flying == 0; });
}

Status ReactionRunner::run_until_idle() {
  for (;;) {
    OPS_TRY(impl_->pass());
    std::unique_lock lock(impl_->mutex);
    impl_->wake.wait(lock, [&] { return impl_->flying == 0; });
    if (impl_->drained() && impl_->read >= impl_->ledger.durable().position) return {};
  }
}

ReactionRunner::Metrics ReactionRunner::metrics() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counted;
}

void ReactionRunner::Impl::run() {
  for (;;) {
    complain_about(pass());
    std::unique_lock lock(mutex);
    if (stopping) break;
    wake.wait_for(lock, reaction_limits::kPassMin, [&] { return stopping; });
    wake.wait_for(lock, reaction_limits::kSleepMax,
                  [&] { return stopping || std::exchange(poked, false) || !failed.empty(); });
  }
  wait_for_room(1);
  static_cast<void>(record_progress(true));  // else a restart looks at a little more
}

/// Once for the same reason.
void ReactionRunner::Impl::complain_about(const Status& status) {
  if (status.ok() || status.error().message == last_complaint) return;
  last_complaint = status.error().message;
  if (options.log) options.log("rules wait: " + last_complaint);
}

Status ReactionRunner::Impl::see_rules(Position head) {
  OPS_TRY(book.read(ledger, head));
  return refresh_rules();
}

/// Everything that can be done now.
Status ReactionRunner::Impl::pass() {
  settle_failed();
  send_again(false);
  const Position head = ledger.durable().position;
  OPS_TRY(see_rules(head));
  if (rules.empty() || read >= head) {
    read = head;
    return {};
  }
  ReadOptions options_now;
  options_now.after = read;
  options_now.upto = head;
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(triggers(), options_now));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      {
        const std::lock_guard lock(mutex);
        if (stopping) return {};
      }
      OPS_TRY(look_at(event));
      read = event.position;
    }
  }
  read = head;
  return record_progress(false);
}

/// Patterns have no index: then everything is read.
Query ReactionRunner::Impl::triggers() const {
  std::set<std::string> types;
  for (const auto& [id, rule] : rules) {
    for (const auto& type : rule.info.event_types) {
      if (type.ends_with('*')) return {};
      types.insert(type);
    }
  }
  Query query;
  for (const auto& type : types) query.items.push_back({{type}, {}});
  return query;
}

Status ReactionRunner::Impl::refresh_rules() {
  std::vector<std::uint64_t> now;
  for (const auto* source : sources) now.push_back(source->revision());
  if (now == revisions) return {};
  std::map<std::string, Running> next;
  for (auto* source : sources) {
    for (auto& info : source->rules()) {
      if (book.version(info.id) != info.version) OPS_TRY(publish(info));
      Running rule;
      const auto known = rules.find(info.id);
      if (known != rules.end()) rule = known->second;
      rule.progress = std::max(rule.progress, book.progress(info.id));
      rule.source = source;
      rule.info = std::move(info);
      next[rule.info.id] = std::move(rule);
    }
  }
  rules = std::move(next);
  revisions = std::move(now);
  for (const auto& [id, rule] : rules) read = std::min(read, rule.progress);
  return {};
}

/// The first one is also where the rule begins.
Status ReactionRunner::Impl::publish(const RuleInfo& rule) {
  OPS_TRY_ASSIGN(const auto outcome, append_and_wait(ledger, {{rule_published(rule)}, {}, {}}));
  return book.read(ledger, outcome.last);
}

Status ReactionRunner::Impl::look_at(const EventView& event) {
  for (auto& [id, rule] : rules) {
    if (event.position <= rule.progress) continue;
    const bool wanted = std::ranges::any_of(
        rule.info.event_types, [&](const auto& pattern) { return matches(pattern, event.type); });
    if (wanted) OPS_TRY(react(rule, event));
    rule.progress = event.position;
  }
  return {};
}

Status ReactionRunner::Impl::react(Running& rule, const EventView& event) {
  const auto mode =
      rule.info.always ? RuleMode::kOn : book.mode(rule.info.id, event.department, event.position);
  const bool runs = rule.info.module.empty() || !options.enabled ||
                    options.enabled(rule.info.module, event.department);
  ++rule.unrecorded;
  if (mode == RuleMode::kOff || !runs) return {};
  {
    const std::lock_guard lock(mutex);
    ++counted.triggers;
  }
  auto commands = rule.source->react(rule.info, event);
  if (!commands.ok()) {
    if (!lasting(commands.error())) return commands.error();
    return record(rule_halted(rule.info, event.position, commands.error().message, 0), rule, event,
                  &counted.halted);
  }
  if (commands->empty()) return {};
  if (commands->size() > reaction_limits::kCommandsMax) {
    return record(rule_halted(rule.info, event.position, "more than 50 commands for one event",
                              commands->size()),
                  rule, event, &counted.halted);
  }
  if (depth_of(event) >= reaction_limits::kDepthMax) {
    return record(rule_halted(rule.info, event.position, "8 rules in a row: this may be a loop",
                              commands->size()),
                  rule, event, &counted.halted);
  }
  if (mode == RuleMode::kShadow) {
    return record(rule_would_have_fired(rule.info, event.position, *commands), rule, event,
                  &counted.shadowed);
  }
  return carry_out(rule, event, std::move(*commands));
}

/// An event about a trigger, once.
Status ReactionRunner::Impl::record(NewEvent event, const Running& rule, const EventView& trigger,
                                    std::uint64_t* counter) {
  Proposal proposal;
  event.department = trigger.department;
  event.correlation = trigger.correlation;
  proposal.events.push_back(std::move(event));
  proposal.condition =
      AppendCondition{{{trigger_item(rule.info.id, trigger.position, 0)}}, trigger.position};
  const auto outcome = append_and_wait(ledger, std::move(proposal));
  const std::lock_guard lock(mutex);
  if (outcome.ok()) {
    ++*counter;
  } else if (outcome.error().code != Code::kConflict) {
    return outcome.error();
  } else {
    ++counted.repeated;
  }
  return {};
}

Status ReactionRunner::Impl::carry_out(const Running& rule, const EventView& event,
                                       std::vector<RuleCommand> list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto sending = std::make_shared<Sending>();
    sending->rule = rule.info;
    sending->department =
        list[i].department.empty() ? std::string(event.department) : list[i].department;
    sending->command = std::move(list[i]);
    sending->trigger = event.position;
    sending->number = i;
    sending->correlation = event.correlation;
    sending->on_behalf_of = event.metadata("on_behalf_of").value_or(event.actor);
    sending->depth = depth_of(event) + 1;
    wait_for_room(reaction_limits::kFlyingMax);
    {
      const std::lock_guard lock(mutex);
      ++flying;
    }
    send(sending);
  }
  return {};
}

void ReactionRunner::Impl::send(const SendingPtr& sending) {
  auto trigger = std::make_shared<Trigger>();
  trigger->guard = trigger_item(sending->rule.id, sending->trigger, sending->number);
  trigger->after = sending->trigger;
  trigger->rule = sending->rule.id + "@" + std::to_string(sending->rule.version);
  trigger->depth = sending->depth;
  trigger->events = [sending](const Error* refusal) {
    return std::vector{
        rule_fired(sending->rule, sending->trigger, sending->number, sending->command, refusal)};
  };
  CommandRequest request;
  request.type = sending->command.type;
  request.data = sending->command.data;
  request.context.actor = kActor;
  request.context.trusted = true;
  request.context.department = sending->department;
  request.context.correlation = sending->correlation;
  request.context.on_behalf_of = sending->on_behalf_of;
  request.context.reason = "rule " + sending->rule.id;
  request.causation = sending->trigger;
  request.internal = true;
  request.trigger = std::move(trigger);
  commands.execute(std::move(request), [this, sending](Result<CommandOutcome> outcome) {
    sent(sending, std::move(outcome));
  });
}

/// On any thread; appends nothing.
void ReactionRunner::Impl::sent(const SendingPtr& sending, Result<CommandOutcome> outcome) {
  const std::lock_guard lock(mutex);
  if (outcome.ok()) {
    ++(outcome->refusal ? counted.rejected : counted.fired);
  } else if (outcome.error().reason == "trigger.done") {
    ++counted.repeated;
  } else if (lasting(outcome.error())) {
    failed.emplace_back(sending, outcome.error());
    wake.notify_all();
    return;  // still flying until that is recorded
  } else {
    const auto wait = reaction_limits::kRetryMin * (1 << std::min(sending->failures++, 7u));
    sending->not_before = std::chrono::steady_clock::now() +
                          std::min<std::chrono::milliseconds>(wait, reaction_limits::kRetryMax);
    again.push_back(sending);
  }
  --flying;
  wake.notify_all();
}

/// Refused before anything was decided: that, too, is what became of the trigger.
void ReactionRunner::Impl::settle_failed() {
  std::vector<std::pair<SendingPtr, Error>> all;
  {
    const std::lock_guard lock(mutex);
    all = std::exchange(failed, {});
  }
  for (const auto& [sending, error] : all) record_failure(sending, error);
}

void ReactionRunner::Impl::record_failure(const SendingPtr& sending, const Error& error) {
  Proposal proposal;
  proposal.events.push_back(
      rule_fired(sending->rule, sending->trigger, sending->number, sending->command, &error));
  proposal.events.back().department = sending->department;
  proposal.events.back().correlation = sending->correlation;
  proposal.condition = AppendCondition{
      {{trigger_item(sending->rule.id, sending->trigger, sending->number)}}, sending->trigger};
  const auto outcome = append_and_wait(ledger, std::move(proposal));
  const std::lock_guard lock(mutex);
  if (outcome.ok()) {
    ++counted.failed;
  } else if (outcome.error().code == Code::kConflict) {
    ++counted.repeated;
  } else {
    again.push_back(sending);
  }
  --flying;
  wake.notify_all();
}

void ReactionRunner::Impl::send_again(bool all) {
  std::vector<SendingPtr> due;
  {
    const std::lock_guard lock(mutex);
    const auto now = std::chrono::steady_clock::now();
    const auto later = std::partition(again.begin(), again.end(), [&](const auto& sending) {
      return !all && sending->not_before > now;
    });
    due.assign(later, again.end());
    again.erase(later, again.end());
    flying += due.size();
  }
  for (const auto& sending : due) send(sending);
}

/// Until fewer than `flying_max` are on their way; settles what came back refused meanwhile.
void ReactionRunner::Impl::wait_for_room(std::size_t flying_max) {
  for (;;) {
    settle_failed();
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return flying < flying_max || !failed.empty(); });
    if (flying < flying_max && failed.empty()) return;
  }
}

/// Only when nothing is on its way: what is not recorded yet would be lost.
Status ReactionRunner::Impl::record_progress(bool all) {
  Proposal proposal;
  for (auto& [id, rule] : rules) {
    if (rule.unrecorded == 0 || (!all && rule.unrecorded < reaction_limits::kUnrecordedMax))
      continue;
    proposal.events.push_back(rule_progressed(id, std::max(rule.progress, read)));
  }
  if (proposal.events.empty()) return {};
  wait_for_room(1);
  {
    const std::lock_guard lock(mutex);
    if (!drained()) return {};
  }
  OPS_TRY(append_and_wait(ledger, std::move(proposal)));
  for (auto& [id, rule] : rules) {
    if (all || rule.unrecorded >= reaction_limits::kUnrecordedMax) rule.unrecorded = 0;
  }
  return {};
}

}  // namespace opsledger
