// Delivers what the module `notify` has queued.
#pragma once

#include <functional>

#include "kernel/effects/channel.hpp"
#include "kernel/effects/effect.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// `notification.queued` → mail, webhook or bot → `notification.record_sent|record_failed`.
class NotificationEffect final : public Effect {
 public:
  struct Options {
    unsigned bot_per_minute = 18;  ///< vendors take 20
  };
  using AddressBook = std::function<Result<Contact>(const std::string& person)>;

  /// Everything given must outlive it.
  NotificationEffect(const Ledger& ledger, const SchemaCatalog& schemas, const Clock& clock,
                     const Transport& transport, SecretSource secrets, AddressBook addresses,
                     Options options);

  std::string_view name() const override { return "notification"; }
  std::vector<std::string> types() const override;
  std::optional<EffectNote> note(const EventView& event) const override;
  EffectOutcome perform(const EffectAttempt& attempt) const override;
  CommandRequest report(const EffectAttempt& attempt, const EffectOutcome& outcome,
                        std::optional<Time> retry_at) const override;

 private:
  Result<EffectOutcome> deliver(const boost::json::object& queued, const EffectAttempt& attempt,
                                ChannelSecret* secret) const;
  Result<EffectOutcome> deliver_mail(const ChannelFacts& channel, const ChannelSecret& secret,
                                     const OutgoingMessage& message) const;

  const Ledger& ledger_;
  const SchemaCatalog& schemas_;
  const Clock& clock_;
  const Transport& transport_;
  const SecretSource secrets_;
  const AddressBook addresses_;
  const Options options_;
};

}  // namespace opsledger
