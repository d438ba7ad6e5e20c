// Everything that reaches out of the house, put together: mail, webhooks, chat bots.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/command/command_service.hpp"
#include "kernel/effects/effect_runner.hpp"
#include "kernel/effects/notification_effect.hpp"
#include "kernel/events/personal_events.hpp"
#include "kernel/http/services.hpp"
#include "kernel/keystore/key_store.hpp"

namespace opsledger {

struct OutsideConfig {
  std::vector<std::string> hosts;          ///< nothing else is called
  std::vector<std::string> private_hosts;  ///< inside, and without TLS if need be
  std::string ca_file;
  std::chrono::milliseconds timeout{20'000};
  unsigned workers = 4;
  unsigned attempts_max = 8;
  std::chrono::milliseconds backoff{30'000};
  unsigned bot_per_minute = 18;
};

/// Delivers notifications while it runs. What is given must outlive it.
class Outside {
 public:
  Outside(const OutsideConfig& config, Ledger& ledger, const SchemaCatalog& schemas,
          CommandService& commands, const Clock& clock, const KeyStore& secrets,
          const PersonalReader& persons, std::function<void(std::string_view)> log);
  ~Outside();

  /// Once. Errors: the ledger's.
  Status start();
  /// Ends running calls; idempotent.
  void stop();
  std::vector<MetricSample> metrics() const;

 private:
  const OutboundGuard guard_;
  std::atomic<bool> stopping_{false};
  const Transport transport_;
  const NotificationEffect notifications_;
  EffectRunner runner_;
};

/// Puts a channel's secret into the key store and records that it changed. Errors: kInvalid
/// `effect.secret_invalid` | `effect.channel`; the key store's and the ledger's.
Status set_channel_secret(Ledger& ledger, KeyStore& secrets, const std::string& channel,
                          std::string_view json, const RequestContext& context);

}  // namespace opsledger
