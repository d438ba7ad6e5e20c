#include "tools/cli/http_sink.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <thread>

namespace opsledger::cli {
namespace {

constexpr int kTriesMax = 8;
constexpr std::chrono::milliseconds kFirstPause{100};

Result<AppendOutcome> parse_outcome(const std::string& body) {
  boost::json::error_code failed;
  const auto value = boost::json::parse(body, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto number = [&](const char* name) -> std::uint64_t {
    const auto* field = object == nullptr ? nullptr : object->if_contains(name);
    return field != nullptr && field->is_number() ? field->to_number<std::uint64_t>() : 0;
  };
  AppendOutcome outcome;
  outcome.first = {number("first")};
  outcome.last = {number("last")};
  if (outcome.first.value == 0) {
    return Error{Code::kInternal, "http.answer",
                 "the server's answer to an append names no position"};
  }
  return outcome;
}

}  // namespace

Result<AppendOutcome> HttpSink::send(const ImportBatch& batch) {
  auto pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    OPS_TRY_ASSIGN(
        auto response,
        client_->send({"POST",
                       "/v1/events",
                       batch.body,
                       {{"Content-Type", "application/json"}, {"Idempotency-Key", batch.key}}}));
    const bool busy = response.status == 503 || response.status == 429;
    if (!busy || attempt == kTriesMax) {
      const bool replayed = response.header("idempotent-replayed") == "true";
      OPS_TRY_ASSIGN(const auto body, require_success(std::move(response)));
      auto outcome = parse_outcome(body);
      if (outcome.ok()) outcome->replayed = replayed;
      return outcome;
    }
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

void HttpSink::submit(const ImportBatch& batch, Completion done) {
  done(send(batch));
}

}  // namespace opsledger::cli
