#include "kernel/import/batch_sender.hpp"

#include <algorithm>
#include <charconv>

#include "kernel/import/batch_builder.hpp"
#include "kernel/import/limits.hpp"

namespace opsledger {

namespace {

/// 3 of `/events/3/data/price`.
std::optional<std::size_t> event_of(std::string_view pointer) {
  constexpr std::string_view kEvents = "/events/";
  if (!pointer.starts_with(kEvents)) return std::nullopt;
  pointer.remove_prefix(kEvents.size());
  std::size_t number = 0;
  const auto [end, error] =
      std::from_chars(pointer.data(), pointer.data() + pointer.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

std::string rest_of(std::string_view pointer) {
  const auto slash = pointer.find('/', std::string_view("/events/").size());
  return slash == std::string_view::npos ? std::string() : std::string(pointer.substr(slash));
}

Error in_batch(Error error, const ImportBatch& batch) {
  std::string place =
      "rows " + std::to_string(batch.first_row) + " to " + std::to_string(batch.last_row);
  if (!error.fields.empty()) {
    const auto& field = error.fields.front();
    const auto event = event_of(field.pointer);
    if (event && *event < batch.rows.size()) {
      place = "row " + std::to_string(batch.rows[*event]) + ", " + rest_of(field.pointer) + ": " +
              field.detail;
    }
  }
  error.message = place + ": " + error.message;
  return error;
}

}  // namespace

BatchSender::BatchSender(ImportSink& sink, const ImportOptions& options)
    : sink_(sink), options_(options), thread_([this] { run(); }) {}

BatchSender::~BatchSender() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  std::unique_lock lock(mutex_);  // completions may still be on their way
  changed_.wait(lock, [this] { return in_flight_ == 0; });
}

bool BatchSender::push(ImportBatch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return error_ || in_flight_ < import_limits::kBatchesInFlightMax; });
  if (error_) return false;
  ++in_flight_;
  queue_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

Status BatchSender::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return in_flight_ == 0; });
  if (error_) return *error_;
  return {};
}

ImportReport BatchSender::report() const {
  std::lock_guard lock(mutex_);
  return report_;
}

void BatchSender::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    ImportBatch batch = std::move(queue_.front());
    queue_.pop_front();
    if (error_) {  // after a failure nothing more is sent
      --in_flight_;
      changed_.notify_all();
      continue;
    }
    lock.unlock();
    send(std::move(batch));
  }
}

void BatchSender::send(ImportBatch batch) {
  for (unsigned resends = 0;; ++resends) {
    if (batch.rows.empty()) break;  // no row left to import
    const auto attempt = std::make_shared<Attempt>();
    sink_.submit(batch, [this, attempt, events = batch.rows.size()](Result<AppendOutcome> answer) {
      on_answer(*attempt, events, std::move(answer));
    });
    std::unique_lock lock(mutex_);
    attempt->submitting = false;
    if (!attempt->refused) return;  // answered, or will be
    auto error = *attempt->refused;
    lock.unlock();
    const bool may_skip =
        options_.on_error == ImportOptions::OnError::kSkip && resends < import_limits::kResendsMax;
    if (!may_skip || !skip_refused(error, &batch)) return fail(in_batch(std::move(error), batch));
  }
  std::lock_guard lock(mutex_);
  --in_flight_;
  changed_.notify_all();
}

void BatchSender::on_answer(Attempt& attempt, std::size_t events, Result<AppendOutcome> answer) {
  {
    std::lock_guard lock(mutex_);
    if (!answer && attempt.submitting) {
      attempt.refused = answer.error();
      return;
    }
  }
  if (!answer) return fail(std::move(answer).error());
  count(events, *answer);
}

void BatchSender::count(std::size_t events, const AppendOutcome& outcome) {
  std::lock_guard lock(mutex_);
  report_.events += events;
  ++report_.batches;
  if (outcome.replayed) ++report_.batches_known;
  if (outcome.first.value != 0 && (report_.first.value == 0 || outcome.first < report_.first)) {
    report_.first = outcome.first;
  }
  report_.last = std::max(report_.last, outcome.last);
  --in_flight_;
  changed_.notify_all();
}

void BatchSender::fail(Error error) {
  std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  --in_flight_;
  changed_.notify_all();
}

/// Reports the rows that the sink named and takes them out; false when it named none.
bool BatchSender::skip_refused(const Error& error, ImportBatch* batch) {
  if (error.code != Code::kInvalid) return false;
  std::vector<std::uint64_t> rows;
  for (const auto& field : error.fields) {
    const auto event = event_of(field.pointer);
    if (!event || *event >= batch->rows.size()) continue;
    const auto row = batch->rows[*event];
    if (std::find(rows.begin(), rows.end(), row) != rows.end()) continue;
    rows.push_back(row);
    if (options_.on_rejected) {
      options_.on_rejected({row, 0, rest_of(field.pointer), field.detail});
    }
  }
  if (rows.empty()) return false;
  std::sort(rows.begin(), rows.end());
  *batch = without_rows(*batch, rows);
  std::lock_guard lock(mutex_);
  report_.rejected += rows.size();
  return true;
}

}  // namespace opsledger
