// Who may: the one place that decides it. In memory, advanced from the control events.
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "kernel/access/control_state.hpp"
#include "kernel/access/denial_log.hpp"
#include "kernel/command/access.hpp"
#include "kernel/events/raw_append.hpp"
#include "kernel/modules/row_scope.hpp"
#include "kernel/schema/catalog.hpp"
#include "storage/api/ledger.hpp"
#include "storage/base/clock.hpp"

namespace opsledger {

/// Answers at the position asked or a later one, never an earlier one: every question first folds
/// the control events up to there, accepted ones included. Thread safe; what it is given must
/// outlive it.
///
/// Three kinds of callers: `trusted` (the kernel itself, the operator on the host) and everybody
/// while the ledger has no account (set-up mode) have every right; all others must be
/// authenticated, and have what roles and positions give them, narrowed by their token's scopes.
/// Nobody passes a module that is off. Every refusal for lack of right is recorded (DenialLog).
class AccessModel final : public Access {
 public:
  struct Options {
    bool modules_enabled_by_default = true;
  };
  AccessModel(Ledger& ledger, const SchemaCatalog& schemas, const Clock& clock, Options options);

  /// Folds everything up to the accepted head; what the other functions do by themselves.
  /// Errors: the ledger's; kCorrupt `access.unreadable` naming the control event.
  Status load() const { return advance(ledger_.accepted().position); }
  Status advance(Position upto) const;

  Result<Grant> check(const CommandRef& command, const RequestContext& context,
                      Position at) const override;
  void refused(std::string_view permission, std::string_view code,
               const RequestContext& context) const override;

  /// For what is no command: may `context` do `asked` for `department` (empty: for the whole
  /// installation, which needs scope all)? Errors: kUnauthenticated `access.unauthenticated`,
  /// kForbidden `access.forbidden`.
  Result<Grant> require(const Permission& asked, const RequestContext& context,
                        std::string_view department) const;
  /// What of `asked` (a table, a module's events) `context` may see. Errors: as `require`;
  /// kForbidden when it is nothing at all.
  Result<RowScope> read_scope(const Permission& asked, const RequestContext& context) const;
  /// The same where seeing nothing is an answer: no error and no record.
  RowScope visible(const Permission& asked, const RequestContext& context) const;
  /// Whether `context` sees every event there is: rights, and nothing switched off.
  bool reads_everything(const RequestContext& context) const;

  bool has_accounts() const;
  bool enabled(std::string_view module, std::string_view department) const;
  std::string config(std::string_view module, std::string_view department) const;

  /// Grows with every control event that was folded.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Calls f(state) while nothing changes; `upto`: what it has folded at least.
  template <class F>
  auto look(F f) const {
    const std::shared_lock lock(mutex_);
    return f(std::as_const(state_));
  }
  /// What held at an earlier position, folded anew. Errors: as `load`.
  Result<ControlState> state_at(Position position) const;
  Position known() const { return {known_.load(std::memory_order_acquire)}; }
  DenialLog::Counts denials() const { return denials_.counts(); }
  /// Today, as appointments count days.
  std::int32_t today() const;

 private:
  bool passes(const RequestContext& context) const;
  Status authenticated(const RequestContext& context) const;
  Result<Grant> decide(const Permission& asked, const RequestContext& context,
                       std::string_view department) const;
  Error forbidden(const Permission& asked, const RequestContext& context,
                  std::string_view department) const;
  Status read(Position from, Position upto) const;
  Status fold(const EventView& event) const;

  Ledger& ledger_;
  const SchemaCatalog& schemas_;
  const Clock& clock_;
  const Options options_;
  mutable DenialLog denials_;

  mutable std::mutex advancing_;  // one reader of the ledger at a time
  mutable std::atomic<std::uint64_t> known_{0}, version_{0};
  mutable std::shared_mutex mutex_;  // guards state_
  mutable ControlState state_;
};

/// The days of `time`, as appointments count them.
std::int32_t business_day(Time time);

/// The JSON of a control event's data. Errors: kCorrupt `access.unreadable`.
Result<boost::json::object> control_data(const SchemaCatalog& schemas, const EventView& event);

}  // namespace opsledger
