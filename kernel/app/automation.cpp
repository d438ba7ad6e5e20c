// Timers and rules of a node that serves.
#include "kernel/app/node.hpp"

namespace opsledger {

namespace {

void add(std::vector<MetricSample>* samples, const char* name, const char* help,
         std::initializer_list<std::pair<const char*, std::uint64_t>> outcomes) {
  for (const auto& [outcome, count] : outcomes) {
    samples->push_back({name, help, static_cast<double>(count), {{"outcome", outcome}}});
  }
}

}  // namespace

void Node::start_automation(std::function<void(const std::string&)> log) {
  const auto enabled = [this](std::string_view module, std::string_view department) {
    return access_->enabled(module, department);
  };
  Scheduler::Options timers;
  timers.enabled = enabled;
  timers.log = log;
  scheduler_ = std::make_unique<Scheduler>(ledger(), registry_, store_->schemas(), *commands_,
                                           *projections_, *calendars_, clock_, std::move(timers));
  ReactionRunner::Options rules;
  rules.enabled = enabled;
  rules.log = std::move(log);
  reactions_ =
      std::make_unique<PluginReactions>(registry_, store_->schemas(), host_services_.get());
  reaction_runner_ = std::make_unique<ReactionRunner>(
      ledger(), registry_, *commands_,
      std::vector<ReactionSource*>{reactions_.get(), data_rules_.get()}, std::move(rules));
  scheduler_->start();
  reaction_runner_->start();
}

std::vector<MetricSample> Node::automation_metrics() const {
  std::vector<MetricSample> samples;
  if (!scheduler_ || !reaction_runner_) return samples;
  const auto timers = scheduler_->metrics();
  add(&samples, "opsledger_timers_total", "Timers by what became of them.",
      {{"fired", timers.fired},
       {"rejected", timers.rejected},
       {"failed", timers.failed},
       {"rescheduled", timers.rescheduled}});
  const auto rules = reaction_runner_->metrics();
  add(&samples, "opsledger_rules_total", "Rules by what came of them.",
      {{"fired", rules.fired},
       {"rejected", rules.rejected},
       {"failed", rules.failed},
       {"shadowed", rules.shadowed},
       {"halted", rules.halted}});
  return samples;
}

}  // namespace opsledger
