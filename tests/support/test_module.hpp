// A C++ module behind the PluginInstance seam: accounts that are opened, paid into, drawn from and
// closed. For kernel tests that need a module without a shared library. Knobs make it misbehave.
//
// events   wallet.opened{id, backup, limit}  wallet.deposited{id, amount}
//          wallet.withdrawn{id, amount}      wallet.closed{id}        (tags wallet:<id>)
//          misc.note (foreign, JSON)
// models   balance (opened, deposited, withdrawn, closed)
// commands wallet.open | deposit | withdraw | close (reason required) | sweep (second load found
//          through the state of the first) | gather (one load of many accounts) | number (series) |
//          note (no loads) | misbehave{id, what}
// table    wallet.accounts {id, balance, moves}, key id, index balance
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/plugin/plugin_instance.hpp"
#include "tests/support/test_bytes.hpp"

namespace opsledger::testing {

/// Seen and turned from tests; shared with the module, so that it may be changed while it runs.
struct TestModuleKnobs {
  std::atomic<std::uint64_t> decides{0}, folded{0}, applied{0}, states{0};
  std::atomic<bool> fail_fold{false}, fail_decide{false}, fail_apply{false}, fail_load{false};
  std::atomic<std::uint64_t> fail_apply_at{0};  ///< position of the poison event; 0 = none
  std::function<void()> in_decide;              ///< runs inside every decide
  std::function<void()> in_load;                ///< runs inside every load_tags
};

inline std::shared_ptr<const Schema> test_schema(std::string_view text) {
  return Schema::parse(text).value();
}

struct BalanceState : ModelState {
  bool open = false;
  std::string backup;
  std::int64_t balance = 0, limit = 0;
  std::uint64_t folded = 0;
};

class TestModule : public PluginInstance {
 public:
  enum Event : std::uint32_t { kOpened, kDeposited, kWithdrawn, kClosed, kForeignNote };
  enum Command : std::uint32_t {
    kOpen,
    kDeposit,
    kWithdraw,
    kClose,
    kSweep,
    kGather,
    kNumber,
    kNote,
    kMisbehave,
  };

  explicit TestModule(std::shared_ptr<TestModuleKnobs> knobs = std::make_shared<TestModuleKnobs>(),
                      std::string version = "1.0.0")
      : knobs_(std::move(knobs)) {
    info_.name = "wallet";
    info_.version = std::move(version);
    info_.hash.bytes[0] = static_cast<std::uint8_t>(info_.version.front());
    info_.prefixes = {"wallet"};
    describe_events();
    info_.models = {{"balance", {kOpened, kDeposited, kWithdrawn, kClosed}}};
    describe_commands();
    describe_table();
  }

  TestModuleKnobs& knobs() { return *knobs_; }
  const ModuleInfo& info() const override { return info_; }

  Result<std::unique_ptr<ModelState>> create_state(std::uint32_t) override {
    ++knobs_->states;
    return std::unique_ptr<ModelState>(std::make_unique<BalanceState>());
  }

  Status fold(std::uint32_t, ModelState& state, std::span<const PluginEvent> events) override {
    if (knobs_->fail_fold) return broken("fold");
    for (const auto& event : events) fold_one(static_cast<BalanceState&>(state), event);
    return {};
  }

  Result<std::vector<std::vector<std::string>>> load_tags(std::uint32_t command, std::uint32_t load,
                                                          BytesView data,
                                                          const States& before) override {
    if (knobs_->in_load) knobs_->in_load();
    if (knobs_->fail_load) return broken("load_tags");
    PayloadReader in(data);
    std::vector<std::vector<std::string>> sets;
    if (command == kGather) {
      for (const auto& id : in.list()) sets.push_back({"wallet:" + id});
    } else if (load == 1) {  // sweep: the backup wallet stands in the first state
      const auto& first = static_cast<const BalanceState&>(*before[0][0]);
      if (first.open) sets.push_back({"wallet:" + first.backup});
    } else {
      sets.push_back({"wallet:" + in.str()});
    }
    return sets;
  }

  Result<std::string> series(std::uint32_t, BytesView data, const PluginEnvelope&) override {
    return PayloadReader(data).str();
  }

  Result<Decision> decide(std::uint32_t command, BytesView data, const States& states,
                          const PluginEnvelope& envelope) override {
    ++knobs_->decides;
    if (knobs_->in_decide) knobs_->in_decide();
    if (knobs_->fail_decide) return broken("decide");
    PayloadReader in(data);
    switch (command) {
      case kOpen:
        return decide_open(in, state_of(states, 0));
      case kDeposit:
        return decide_deposit(in, state_of(states, 0));
      case kWithdraw:
        return decide_withdraw(in, state_of(states, 0));
      case kClose:
        return decide_close(in, state_of(states, 0));
      case kSweep:
        return decide_sweep(in, states);
      case kGather:
        return decide_gather(in, states);
      case kNumber:
        return emit({opened(envelope.number, "", 0)});
      case kNote:
        return decide_note(in);
      default:
        return misbehave(in);
    }
  }

  Result<std::vector<Bytes>> table_keys(std::uint32_t,
                                        std::span<const PluginEvent> events) override {
    std::vector<Bytes> keys;
    for (const auto& event : events) {
      if (event.type != kForeignNote) keys.push_back(PayloadReader(event.data).str());
    }
    return keys;
  }

  Status table_apply(std::uint32_t, std::span<const PluginEvent> events, RowAccess& rows) override {
    for (const auto& event : events) {
      if (knobs_->fail_apply || knobs_->fail_apply_at == event.event->position.value) {
        return broken("table_apply");
      }
      OPS_TRY(apply_one(event, rows));
      ++knobs_->applied;
    }
    return {};
  }

  static Emitted opened(const std::string& id, const std::string& backup, std::int64_t limit) {
    return {kOpened, PayloadWriter().str(id).str(backup).i64(limit).bytes, {"wallet:" + id}};
  }
  static Emitted moved(std::uint32_t type, const std::string& id, std::int64_t amount) {
    return {type, PayloadWriter().str(id).i64(amount).bytes, {"wallet:" + id}};
  }
  static Bytes row(const std::string& id, std::int64_t balance, std::int64_t moves) {
    return PayloadWriter().str(id).i64(balance).i64(moves).bytes;
  }

 private:
  static Error broken(const char* callback) {
    return {Code::kInternal, "plugin.failed",
            std::string("module wallet failed in ") + callback + ": thrown on purpose"};
  }
  static Error reject(std::string reason, std::string message) {
    return {Code::kRejected, std::move(reason), std::move(message)};
  }
  static Result<Decision> emit(std::vector<Emitted> events, std::vector<Warning> warnings = {}) {
    return Decision{std::move(events), std::move(warnings)};
  }
  static const BalanceState& state_of(const States& states, std::size_t load) {
    return static_cast<const BalanceState&>(*states[load][0]);
  }

  void fold_one(BalanceState& state, const PluginEvent& event) {
    PayloadReader in(event.data);
    in.str();
    switch (event.type) {
      case kOpened:
        state.open = true;
        state.backup = in.str();
        state.limit = in.i64();
        break;
      case kDeposited:
        state.balance += in.i64();
        break;
      case kWithdrawn:
        state.balance -= in.i64();
        break;
      default:
        state.open = false;
    }
    ++state.folded;
    ++knobs_->folded;
  }

  static Result<Decision> decide_open(PayloadReader& in, const BalanceState& wallet) {
    const auto id = in.str();
    const auto backup = in.str();
    if (wallet.open) return reject("wallet.exists", "wallet " + id + " exists");
    return emit({opened(id, backup, in.i64())});
  }
  static Result<Decision> decide_deposit(PayloadReader& in, const BalanceState& wallet) {
    const auto id = in.str();
    const auto amount = in.i64();
    if (!wallet.open) return reject("wallet.unknown", "wallet " + id + " is not open");
    std::vector<Warning> warnings;
    if (amount > 1000) warnings.push_back({"wallet.large", "more than 1000"});
    return emit({moved(kDeposited, id, amount)}, std::move(warnings));
  }
  static Result<Decision> decide_withdraw(PayloadReader& in, const BalanceState& wallet) {
    const auto id = in.str();
    const auto amount = in.i64();
    if (wallet.balance + wallet.limit < amount) {
      return reject("wallet.overdrawn", "balance is " + std::to_string(wallet.balance));
    }
    return emit({moved(kWithdrawn, id, amount)});
  }
  static Result<Decision> decide_close(PayloadReader& in, const BalanceState& wallet) {
    const auto id = in.str();
    if (!wallet.open) return reject("wallet.unknown", "wallet " + id + " is not open");
    return emit({{kClosed, PayloadWriter().str(id).bytes, {"wallet:" + id}}});
  }
  static Result<Decision> decide_sweep(PayloadReader& in, const States& states) {
    const auto id = in.str();
    if (states[1].empty()) return reject("wallet.unknown", "wallet " + id + " is not open");
    const auto& from = state_of(states, 1);
    if (from.balance <= 0) return reject("wallet.empty", "nothing to sweep");
    const auto& backup = state_of(states, 0).backup;
    return emit({moved(kWithdrawn, backup, from.balance), moved(kDeposited, id, from.balance)});
  }
  static Result<Decision> decide_note(PayloadReader& in) {
    const auto id = in.str();
    return emit({moved(kDeposited, id, in.i64())});
  }
  /// Moves everything into the first wallet; the sum over all accounts stays the same.
  static Result<Decision> decide_gather(PayloadReader& in, const States& states) {
    const auto ids = in.list();
    std::vector<Emitted> events;
    for (std::size_t i = 1; i < ids.size(); ++i) {
      const auto& other = static_cast<const BalanceState&>(*states[0][i]);
      if (other.balance == 0) continue;
      events.push_back(moved(kWithdrawn, ids[i], other.balance));
      events.push_back(moved(kDeposited, ids[0], other.balance));
    }
    return emit(std::move(events));
  }
  static Result<Decision> misbehave(PayloadReader& in) {
    const auto id = in.str();
    const auto what = in.str();
    if (what == "foreign") return emit({{kForeignNote, "{}", {}}});
    if (what == "unknown_type") return emit({{99, "", {}}});
    if (what == "garbage") return emit({{kDeposited, "\x05zz", {"wallet:" + id}}});
    if (what == "bad_tag") return emit({{kClosed, PayloadWriter().str(id).bytes, {"wallet"}}});
    if (what == "warn") return emit({}, {{"wallet.nothing", "nothing to do"}});
    return emit({});
  }

  static Status apply_one(const PluginEvent& event, RowAccess& rows) {
    if (event.type == kForeignNote) return {};
    PayloadReader in(event.data);
    const auto id = in.str();
    if (event.type == kClosed) return rows.erase(id, event.event->position);
    OPS_TRY_ASSIGN(auto old, rows.get(id));
    std::int64_t balance = 0, moves = 0;
    if (old) {
      PayloadReader was(*old);
      was.str();
      balance = was.i64();
      moves = was.i64();
    }
    if (event.type == kDeposited) balance += in.i64();
    if (event.type == kWithdrawn) balance -= in.i64();
    return rows.put(id, row(id, balance, moves + 1), event.event->position);
  }

  void describe_events() {
    const auto move =
        test_schema(R"({"struct":[{"name":"id","type":"string"},{"name":"amount","type":"i64"}]})");
    const auto open =
        test_schema(R"({"struct":[{"name":"id","type":"string"},{"name":"backup","type":"string"},)"
                    R"({"name":"limit","type":"i64"}]})");
    const auto only_id = test_schema(R"({"struct":[{"name":"id","type":"string"}]})");
    info_.event_types = {{"wallet.opened", 1, open, true, {"Opened", "开户"}},
                         {"wallet.deposited", 1, move, true, {"Deposited", "存入"}},
                         {"wallet.withdrawn", 1, move, true, {"Withdrawn", "取出"}},
                         {"wallet.closed", 1, only_id, true, {"Closed", "销户"}},
                         {"misc.note", 1, nullptr, false, {"Note", "备注"}}};
  }

  void add_command(std::string type, std::shared_ptr<const Schema> schema, std::size_t loads,
                   bool reason = false, std::string number_series = "") {
    CommandInfo command;
    command.type = std::move(type);
    command.schema = std::move(schema);
    command.label = {command.type, command.type};
    command.reason_required = reason;
    command.number_series = std::move(number_series);
    command.loads.assign(loads, LoadInfo{0});
    info_.commands.push_back(std::move(command));
  }

  void describe_commands() {
    const auto& events = info_.event_types;
    const auto ids = test_schema(R"({"struct":[{"name":"ids","type":{"list":"string"}}]})");
    const auto what = test_schema(
        R"({"struct":[{"name":"id","type":"string"},{"name":"what","type":"string"}]})");
    add_command("wallet.open", events[kOpened].schema, 1);
    add_command("wallet.deposit", events[kDeposited].schema, 1);
    add_command("wallet.withdraw", events[kWithdrawn].schema, 1);
    add_command("wallet.close", events[kClosed].schema, 1, true);
    add_command("wallet.sweep", events[kClosed].schema, 2);
    add_command("wallet.gather", ids, 1);
    add_command("wallet.number", events[kClosed].schema, 0, false, "wallet");
    add_command("wallet.note", events[kDeposited].schema, 0);
    add_command("wallet.misbehave", what, 1);
  }

  void describe_table() {
    TableInfo table;
    table.name = "accounts";
    table.event_types = {kOpened, kDeposited, kWithdrawn, kClosed, kForeignNote};
    table.row =
        test_schema(R"({"struct":[{"name":"id","type":"string"},{"name":"balance","type":"i64"},)"
                    R"({"name":"moves","type":"i64"}]})");
    table.key_column = "id";
    table.indexes = {"balance"};
    table.search = {"id"};
    table.label = {"Accounts", "账户"};
    info_.tables.push_back(std::move(table));
  }

  std::shared_ptr<TestModuleKnobs> knobs_;
  ModuleInfo info_;
};

}  // namespace opsledger::testing
