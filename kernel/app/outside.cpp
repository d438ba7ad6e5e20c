#include "kernel/app/outside.hpp"

#include <boost/json.hpp>

#include "kernel/effects/ledger_facts.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

SecretSource secrets_in(const KeyStore& secrets) {
  return [&secrets](std::string_view channel) -> Result<std::optional<ChannelSecret>> {
    OPS_TRY_ASSIGN(const auto found, secrets.get({kBotSecret, channel}));
    if (!found) return std::optional<ChannelSecret>();
    OPS_TRY_ASSIGN(auto secret, parse_channel_secret(*found));
    return std::optional(std::move(secret));
  };
}

EffectRunner::Options runner_options(const OutsideConfig& config, const Ledger& ledger,
                                     std::function<void(std::string_view)> log) {
  EffectRunner::Options options;
  options.workers = config.workers;
  options.attempts_max = config.attempts_max;
  options.backoff = config.backoff;
  // Two ledgers that lost the same mail server do not come back in step.
  for (const auto byte : ledger.id().bytes) options.seed = options.seed * 257 + byte;
  options.log = std::move(log);
  return options;
}

Transport::Options transport_options(const OutsideConfig& config) {
  Transport::Options options;
  options.timeout = config.timeout;
  options.ca_file = config.ca_file;
  return options;
}

}  // namespace

Outside::Outside(const OutsideConfig& config, Ledger& ledger, const SchemaCatalog& schemas,
                 CommandService& commands, const Clock& clock, const KeyStore& secrets,
                 const PersonalReader& persons, std::function<void(std::string_view)> log)
    : guard_({config.hosts, config.private_hosts}),
      transport_(guard_, stopping_, transport_options(config)),
      notifications_(ledger, schemas, clock, transport_, secrets_in(secrets),
                     [&ledger, &schemas, persons](const std::string& person) {
                       return read_contact(ledger, schemas, persons, person);
                     },
                     {config.bot_per_minute}),
      runner_(ledger, commands, clock, notifications_,
              runner_options(config, ledger, std::move(log))) {}

Outside::~Outside() {
  stop();
}

Status Outside::start() {
  return runner_.start();
}

void Outside::stop() {
  stopping_ = true;
  runner_.stop();
}

std::vector<MetricSample> Outside::metrics() const {
  const auto metrics = runner_.metrics();
  const auto number = [](auto value) { return static_cast<double>(value); };
  std::vector<MetricSample> samples{
      {"opsledger_effects_pending",
       "Calls to the outside that are wanted.",
       number(metrics.pending),
       {}},
      {"opsledger_effects_running",
       "Calls to the outside being made.",
       number(metrics.running),
       {}},
  };
  const std::pair<const char*, std::uint64_t> kOutcomes[] = {
      {"done", metrics.done}, {"failed", metrics.failed}, {"given_up", metrics.given_up}};
  for (const auto& [outcome, count] : kOutcomes) {
    samples.push_back({"opsledger_effects_attempts_total",
                       "Calls to the outside by outcome.",
                       number(count),
                       {{"outcome", outcome}}});
  }
  return samples;
}

Status set_channel_secret(Ledger& ledger, KeyStore& secrets, const std::string& channel,
                          std::string_view json, const RequestContext& context) {
  const auto tag = "channel:" + channel;
  if (!is_tag(tag)) {
    return Error{Code::kInvalid, "effect.channel", "this cannot be a channel's name"};
  }
  OPS_TRY_ASSIGN(const auto checked, parse_channel_secret(json));
  static_cast<void>(checked);
  OPS_TRY(secrets.put({kBotSecret, channel}, json));
  NewEvent event;
  event.type = "effect.secret_changed";
  event.tags = {tag};
  event.actor = context.actor;
  event.department = context.department;
  event.data = boost::json::serialize(boost::json::object{{"channel", channel}});
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  OPS_TRY_ASSIGN(const auto done, append_and_wait(ledger, std::move(proposal)));
  static_cast<void>(done);
  return {};
}

}  // namespace opsledger
