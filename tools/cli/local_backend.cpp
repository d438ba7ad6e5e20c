// Backend over a data directory that no server holds.
#include <boost/json.hpp>
#include <charconv>
#include <future>
#include <optional>
#include <thread>

#include "kernel/app/node.hpp"
#include "kernel/app/serving_file.hpp"
#include "kernel/app/system_clock.hpp"
#include "kernel/query/table_query.hpp"
#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/time_text.hpp"
#include "tools/cli/backend.hpp"

namespace opsledger::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::minutes kProjectTimeout{60};
constexpr std::chrono::milliseconds kRebuildPollInterval{100};

/// Reading opens the store alone (no plugin needed); the rest opens the node when first asked.
class LocalBackend final : public Backend {
 public:
  LocalBackend(const Config& config, const Target& target) : config_(config), target_(target) {}

  Status open_store() {
    OPS_TRY_ASSIGN(store_, Store::open(config_, clock_, {.create = target_.create}));
    return {};
  }

  Result<std::string> append(const std::string& body, const std::string& key) override {
    OPS_TRY(open_node());
    OPS_TRY_ASSIGN(const auto parsed, parse_json(body));
    RequestContext context;
    context.actor = target_.actor;
    if (!key.empty()) context.idempotency_key = key;
    OPS_TRY_ASSIGN(auto proposal, node_->raw_append().parse(parsed, context));
    OPS_TRY_ASSIGN(const auto outcome, append_and_wait(node_->ledger(), std::move(proposal)));
    return json::serialize(
        json::object{{"first", outcome.first.value}, {"last", outcome.last.value}});
  }

  Result<std::string> command(const std::string& type, json::object data) override {
    OPS_TRY(open_node());
    CommandRequest request;
    request.type = type;
    request.data = std::move(data);
    request.context.actor = target_.actor;
    request.context.trusted = true;
    std::promise<Result<CommandOutcome>> promise;
    auto answer = promise.get_future();
    node_->commands().execute(std::move(request),
                              [&](Result<CommandOutcome> r) { promise.set_value(std::move(r)); });
    OPS_TRY_ASSIGN(const auto outcome, answer.get());
    return json::serialize(
        json::object{{"position", outcome.position.value}, {"events", outcome.events.size()}});
  }

  Status read(const EventSelection& selection, const EventSink& sink) override {
    Store& store = this->store();
    OPS_TRY_ASSIGN(const auto cursor, store.ledger().read(selection.query, selection.options));
    std::string text;
    for (;;) {
      OPS_TRY_ASSIGN(const auto events, cursor->next());
      if (events.empty()) return {};
      for (const auto& event : events) {
        text.clear();
        store.renderer().render(event, &text);
        if (!sink(text)) return {};
      }
    }
  }

  Result<std::string> table(
      const std::string& name,
      const std::vector<std::pair<std::string, std::string>>& parameters) override {
    OPS_TRY(project());
    QueryParameters rest;
    Position as_of = kHead;
    for (const auto& parameter : parameters) {
      if (parameter.first == "as_of") {
        OPS_TRY_ASSIGN(as_of, parse_as_of(parameter.second));
      } else {
        rest.push_back(parameter);
      }
    }
    OPS_TRY_ASSIGN(const auto snapshot, node_->projections().open(name, as_of));
    OPS_TRY_ASSIGN(auto page, read_table(snapshot, rest, false));
    return std::move(page.json);
  }

  Result<std::string> history(const std::string& table, const std::string& key) override {
    OPS_TRY(project());
    OPS_TRY_ASSIGN(const auto snapshot, node_->projections().open(table, kHead));
    return read_history(snapshot, node_->ledger(), key);
  }

  Result<std::string> diff(const std::string& table, Position from, Position to) override {
    OPS_TRY(project());
    OPS_TRY_ASSIGN(const auto snapshot, node_->projections().open(table, kHead));
    return diff_table(snapshot, from, to);
  }

  Result<std::string> modules() override {
    OPS_TRY(open_node());
    json::array out;
    for (const auto& module : node_->registry().modules()) {
      const auto& info = module->info();
      json::array commands, tables;
      for (const auto& command : info.commands) commands.emplace_back(command.type);
      for (const auto& table : info.tables) tables.emplace_back(info.name + "." + table.name);
      out.push_back(json::object{{"name", info.name},
                                 {"version", info.version},
                                 {"hash", hex(info.hash.bytes)},
                                 {"commands", std::move(commands)},
                                 {"tables", std::move(tables)}});
    }
    return json::serialize(out);
  }

  Status rebuild(const std::string& module, const RebuildProgress& progress) override {
    OPS_TRY(project());
    OPS_TRY(node_->projections().rebuild(module));
    for (;;) {
      std::this_thread::sleep_for(kRebuildPollInterval);
      for (const auto& status : node_->projections().status()) {
        if (status.module != module) continue;
        if (status.parked) return *status.parked;
        progress(status.rebuild_position.value, status.head.value);
        if (status.state != ProjectionStatus::State::kRebuilding) return {};
      }
    }
  }

 private:
  Store& store() { return node_ ? node_->store() : *store_; }

  Status open_node() {
    if (node_) return {};
    store_.reset();  // one lock: the node opens the directory again
    OPS_TRY_ASSIGN(node_, Node::open(config_, clock_, {.create = target_.create}));
    return {};
  }

  Status project() {
    if (projecting_) return {};
    OPS_TRY(open_node());
    OPS_TRY(node_->start_projections());
    projecting_ = true;
    return node_->wait_projected(kProjectTimeout);
  }

  Result<Position> parse_as_of(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size()) return Position{number};
    const auto time = parse_rfc3339(text);
    if (!time) {
      return Error{Code::kInvalid, "query.invalid",
                   "as_of '" + text +
                       "' is neither a position nor an RFC 3339 time such as "
                       "2026-11-11T20:04:00Z"};
    }
    return position_at(node_->ledger(), *time);
  }

  SystemClock clock_;
  Config config_;
  Target target_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Node> node_;
  bool projecting_ = false;
};

}  // namespace

Result<std::unique_ptr<Backend>> make_local_backend(const Config& config, const Target& target) {
  auto backend = std::make_unique<LocalBackend>(config, target);
  OPS_TRY(backend->open_store());
  return std::unique_ptr<Backend>(std::move(backend));
}

std::string serving_url(const Config& config) {
  return read_serving_file(config.data_directory);
}

Result<std::unique_ptr<Backend>> open_backend(const Config& config, const Target& target) {
  if (!target.url.empty()) return make_http_backend(target.url, target.token);
  if (const auto url = serving_url(config); !url.empty()) {
    return make_http_backend(url, target.token);
  }
  return make_local_backend(config, target);
}

}  // namespace opsledger::cli
