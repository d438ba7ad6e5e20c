#include "kernel/http/table_parameters.hpp"

#include "kernel/http/text.hpp"

namespace opsledger {

namespace {
constexpr std::chrono::milliseconds kFirstPoll{1};
constexpr std::chrono::milliseconds kSlowestPoll{20};
}  // namespace

Result<TableParameters> table_parameters(const QueryParameters& query) {
  OPS_TRY(refuse_repeated(
      query, {"select", "order", "limit", "offset", "as_of", "as_shown", "min_position"}));
  TableParameters parameters;
  for (const auto& [name, value] : query) {
    if (name == "as_of") {
      parameters.as_of = value;
    } else if (name == "as_shown") {
      if (value != "true" && value != "false") {
        return Error{Code::kMalformed, "http.parameter",
                     "as_shown=" + value + "; it is true or false"};
      }
      parameters.as_shown = value == "true";
    } else if (name == "min_position") {
      OPS_TRY_ASSIGN(parameters.min_position.value, number_parameter(name, value));
    } else {
      parameters.others.emplace_back(name, value);
    }
  }
  return parameters;
}

Result<Position> resolve_position(const Ledger& ledger, std::string_view name,
                                  std::string_view text) {
  if (text.empty()) return kHead;
  if (const auto number = parse_u64(text)) return Position{*number};
  if (const auto time = time_parameter(text)) return position_at(ledger, *time);
  return Error{
      Code::kMalformed, "http.parameter",
      std::string(name) + "=" + std::string(text) + " is neither a position nor an RFC 3339 time"};
}

Task<Status> wait_for_position(ServerContext& server, std::string module, Position position) {
  if (position == Position{}) co_return Status();
  Timer timer(co_await asio::this_coro::executor);
  const auto deadline = std::chrono::steady_clock::now() + server.limits.min_position_timeout;
  for (auto pause = kFirstPoll;; pause = std::min(pause * 2, kSlowestPoll)) {
    Status status = server.services.projections.wait_for(module, position, {});
    if (status.ok() || status.error().code != Code::kTimeout) co_return status;
    if (server.stopping || std::chrono::steady_clock::now() >= deadline) co_return status;
    timer.expires_after(pause);
    co_await timer.async_wait(use_task);
  }
}

}  // namespace opsledger
