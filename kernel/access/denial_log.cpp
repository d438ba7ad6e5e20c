#include "kernel/access/denial_log.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "kernel/access/limits.hpp"
#include "kernel/access/permission.hpp"

namespace opsledger {

void DenialLog::record(const RequestContext& context, std::string_view permission,
                       std::string_view code) {
  const auto suppressed = take(context.actor);
  if (!suppressed) return;
  NewEvent event;
  event.type = "access.denied";
  event.tags = {"account:" + context.actor};
  event.actor = context.actor;
  if (is_department(context.department))
    event.department = context.department;  // else only in data
  event.data = boost::json::serialize(boost::json::object{{"account", context.actor},
                                                          {"permission", permission},
                                                          {"code", code},
                                                          {"department", context.department},
                                                          {"suppressed", *suppressed}});
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  // The refusal stands whether or not it could be written down; a ledger that takes no appends
  // says so by its own health.
  static_cast<void>(ledger_.append(std::move(proposal), [](const auto&) {}));
}

std::optional<std::uint64_t> DenialLog::take(const std::string& account) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  if (!accounts_.contains(account)) make_room();
  const auto [found, fresh] = accounts_.try_emplace(account);
  auto& allowance = found->second;
  constexpr double kIntervalUs =
      std::chrono::duration<double, std::micro>(access_limits::kDenialInterval).count();
  constexpr double kFull = access_limits::kDenialsAtOnce;
  const double gained = static_cast<double>(now.us - allowance.at.us) / kIntervalUs;
  allowance.left = fresh ? kFull : std::min(kFull, allowance.left + std::max(0.0, gained));
  allowance.at = now;
  if (allowance.left < 1) {
    ++allowance.suppressed;
    ++counts_.suppressed;
    return std::nullopt;
  }
  allowance.left -= 1;
  ++counts_.recorded;
  return std::exchange(allowance.suppressed, 0);
}

void DenialLog::make_room() {
  if (accounts_.size() < access_limits::kDenialAccountsMax) return;
  accounts_.erase(accounts_.begin());  // any: searching for the oldest would cost every refusal
}

DenialLog::Counts DenialLog::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace opsledger
