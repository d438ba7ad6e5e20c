#include "kernel/access/access_model.hpp"

#include <boost/json/parse.hpp>

#include "kernel/access/guard_items.hpp"
#include "kernel/access/limits.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::string_view kOverrideSeparation = "access.override_separation";

Error module_off(std::string_view module, std::string_view department) {
  return {Code::kDisabled, "module.disabled",
          "module " + std::string(module) + " is off in department '" + std::string(department) +
              "'; an administrator can enable it"};
}

Query control_query() {
  return {{{ControlState::types(), {}}}};
}

}  // namespace

std::int32_t business_day(Time time) {
  constexpr std::int64_t kDayUs = std::chrono::microseconds(std::chrono::hours(24)).count();
  const auto shifted = time.us + std::chrono::microseconds(access_limits::kDayOffset).count();
  const auto day = shifted / kDayUs - (shifted % kDayUs < 0 ? 1 : 0);
  return static_cast<std::int32_t>(day);
}

Result<json::object> control_data(const SchemaCatalog& schemas, const EventView& event) {
  const auto unreadable = [&event](const std::string& why) {
    return Error{Code::kCorrupt, "access.unreadable",
                 "the event at position " + std::to_string(event.position.value) + " (" +
                     std::string(event.type) + ") bears on rights and cannot be read: " + why};
  };
  json::value value;
  if (event.schema.is_json()) {
    json::error_code failed;
    value = json::parse(event.data, failed);
    if (failed) return unreadable("it is not JSON");
  } else {
    const auto schema = schemas.find(event.schema);
    if (!schema) return unreadable("its schema is not in the ledger");
    OPS_TRY_ASSIGN(value, schema->decode(event.data));
  }
  return value.is_object() ? value.get_object() : json::object();
}

AccessModel::AccessModel(Ledger& ledger, const SchemaCatalog& schemas, const Clock& clock,
                         Options options)
    : ledger_(ledger),
      schemas_(schemas),
      clock_(clock),
      options_(options),
      denials_(ledger, clock),
      state_(options.modules_enabled_by_default) {}

Status AccessModel::advance(Position upto) const {
  const auto known = known_.load(std::memory_order_acquire);
  if (known == upto.value) return {};
  // Ahead of the ledger itself: what was folded was taken back when its sync failed.
  const bool ahead = known > upto.value && known > ledger_.accepted().position.value;
  if (known > upto.value && !ahead) return {};
  const std::lock_guard one(advancing_);
  if (ahead && known_.load() > ledger_.accepted().position.value) {
    const std::unique_lock lock(mutex_);
    state_ = ControlState(options_.modules_enabled_by_default);
    known_ = 0;
    ++version_;
  }
  const Position from{known_.load()};
  return from >= upto ? Status() : read(from, upto);
}

Status AccessModel::read(Position from, Position upto) const {
  ReadOptions options;
  options.after = from;
  options.upto = upto;
  options.accepted = true;
  const bool near = upto.value - from.value <= access_limits::kScanEventsMax;
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(near ? Query{} : control_query(), options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      if (ControlState::folds(event.type)) OPS_TRY(fold(event));
    }
  }
  known_.store(upto.value, std::memory_order_release);
  return {};
}

Status AccessModel::fold(const EventView& event) const {
  OPS_TRY_ASSIGN(const auto data, control_data(schemas_, event));
  const std::unique_lock lock(mutex_);
  state_.apply(event.type, data);
  ++version_;
  // A later event may be unreadable: what is folded must not be folded again.
  known_.store(event.position.value, std::memory_order_release);
  return {};
}

Result<ControlState> AccessModel::state_at(Position position) const {
  ControlState state(options_.modules_enabled_by_default);
  ReadOptions options;
  options.upto = position;
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(control_query(), options));
  for (;;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return state;
    for (const auto& event : events) {
      OPS_TRY_ASSIGN(const auto data, control_data(schemas_, event));
      state.apply(event.type, data);
    }
  }
}

std::int32_t AccessModel::today() const {
  return business_day(clock_.now());
}

bool AccessModel::passes(const RequestContext& context) const {
  return context.trusted || !state_.has_accounts();
}

Status AccessModel::authenticated(const RequestContext& context) const {
  if (passes(context)) return {};
  if (context.authenticated && state_.is_enabled(context.actor)) return {};
  return Error{Code::kUnauthenticated, "access.unauthenticated",
               "nobody is logged in; send a session cookie or Authorization: Bearer"};
}

Error AccessModel::forbidden(const Permission& asked, const RequestContext& context,
                             std::string_view department) const {
  std::string where = department.empty() ? std::string("without a department")
                                         : "in department '" + std::string(department) + "'";
  return {Code::kForbidden, "access.forbidden",
          "account " + context.actor + " has no right " + std::string(asked.name) + " " + where +
              "; an administrator can grant a role that has it"};
}

/// Under the lock, for an authenticated caller.
Result<Access::Grant> AccessModel::decide(const Permission& asked, const RequestContext& context,
                                          std::string_view department) const {
  Grant grant;
  if (passes(context)) {
    if (!context.trusted) grant.guard.push_back(first_account_item());
    grant.separated = state_.has_accounts();
    return grant;
  }
  const auto day = today();
  const auto held = scopes_cover(context.scopes, asked)
                        ? state_.holding(context.actor, asked, department, day)
                        : std::nullopt;
  if (!held) return forbidden(asked, context, department);
  grant.role = held->role;
  grant.scope = scope_name(held->scope);
  grant.guard = guard_items(context.actor, *held, department);
  return grant;
}

Result<Access::Grant> AccessModel::check(const CommandRef& command, const RequestContext& context,
                                         Position at) const {
  OPS_TRY(advance(at));
  const auto& module = command.module->info().name;
  const auto& info = command.info();
  const Permission asked{module, info.type, info.permission_class};
  auto grant = [&]() -> Result<Grant> {
    const std::shared_lock lock(mutex_);
    OPS_TRY(authenticated(context));
    std::string department = context.department;
    if (department.empty() && !passes(context)) {
      department = state_.implied_department(context.actor, today());
    }
    if (!state_.enablement().enabled(module, department)) return module_off(module, department);
    OPS_TRY_ASSIGN(auto grant, decide(asked, context, department));
    const auto& organisation = state_.organisation();
    if (!passes(context) && !department.empty() && organisation.knows_departments() &&
        !organisation.is_department(department)) {
      return Error{Code::kInvalid, "department.unknown",
                   "there is no department '" + department + "', or it is closed"};
    }
    grant.config = state_.enablement().config(module, department);
    grant.guard.push_back(switch_item(module, department));
    if (!info.separation.empty() && grant.separated) {
      const Permission override_it{"access", kOverrideSeparation, 'A'};
      grant.may_override_separation =
          state_.holding(context.actor, override_it, department, today()).has_value();
    }
    grant.department = std::move(department);
    return grant;
  }();
  if (!grant && grant.error().code == Code::kForbidden) {
    refused(asked.name, grant.error().reason, context);
  }
  return grant;
}

void AccessModel::refused(std::string_view permission, std::string_view code,
                          const RequestContext& context) const {
  denials_.record(context, permission, code);
}

Result<Access::Grant> AccessModel::require(const Permission& asked, const RequestContext& context,
                                           std::string_view department) const {
  OPS_TRY(load());
  auto grant = [&]() -> Result<Grant> {
    const std::shared_lock lock(mutex_);
    OPS_TRY(authenticated(context));
    return decide(asked, context, department);
  }();
  if (!grant && grant.error().code == Code::kForbidden) {
    refused(asked.name, grant.error().reason, context);
  }
  return grant;
}

RowScope AccessModel::visible(const Permission& asked, const RequestContext& context) const {
  RowScope nothing;
  nothing.all = false;
  if (!load().ok()) return nothing;
  const std::shared_lock lock(mutex_);
  if (!authenticated(context).ok()) return nothing;
  if (passes(context)) {
    RowScope rows;
    state_.enablement().hide_disabled(asked.module, &rows);
    return rows;
  }
  if (!scopes_cover(context.scopes, asked)) return nothing;
  return state_.read_scope(context.actor, asked, today());
}

Result<RowScope> AccessModel::read_scope(const Permission& asked,
                                         const RequestContext& context) const {
  OPS_TRY(load());
  {
    const std::shared_lock lock(mutex_);
    OPS_TRY(authenticated(context));
  }
  auto rows = visible(asked, context);
  if (!rows.nothing()) return rows;
  refused(asked.name, "access.forbidden", context);
  return forbidden(asked, context, context.department);
}

bool AccessModel::reads_everything(const RequestContext& context) const {
  if (!load().ok()) return false;
  const std::shared_lock lock(mutex_);
  if (!authenticated(context).ok()) return false;
  const Permission anything{"*", "*", 'V'};
  if (passes(context)) return state_.enablement().hides_nothing();
  if (!context.scopes.empty()) return false;
  const auto day = today();
  const auto held = state_.holding(context.actor, anything, {}, day);
  return held && (state_.enablement().hides_nothing() || state_.is_auditor(context.actor, day));
}

bool AccessModel::has_accounts() const {
  static_cast<void>(load());
  return look([](const ControlState& state) { return state.has_accounts(); });
}

bool AccessModel::enabled(std::string_view module, std::string_view department) const {
  static_cast<void>(load());
  return look([&](const ControlState& s) { return s.enablement().enabled(module, department); });
}

std::string AccessModel::config(std::string_view module, std::string_view department) const {
  static_cast<void>(load());
  return look([&](const ControlState& s) { return s.enablement().config(module, department); });
}

}  // namespace opsledger
