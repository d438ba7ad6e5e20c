// Sends batches on a thread of its own while the next ones are parsed.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "kernel/import/csv_import.hpp"

namespace opsledger {

/// Keeps at most kBatchesInFlightMax batches, in order. `push` and `finish` are called by one
/// thread; the sink by the sender's own.
class BatchSender {
 public:
  BatchSender(ImportSink& sink, const ImportOptions& options);
  ~BatchSender();

  /// Waits for room. False when an earlier batch failed: nothing more is sent.
  bool push(ImportBatch batch);
  /// Waits until everything pushed is answered. Errors: the first failure.
  Status finish();
  /// What the sink has answered so far (rows and rejected: by the sink alone).
  ImportReport report() const;

 private:
  struct Attempt {  ///< one submit; guarded by mutex_
    bool submitting = true;
    std::optional<Error> refused;
  };
  void run();
  void send(ImportBatch batch);
  void on_answer(Attempt& attempt, std::size_t events, Result<AppendOutcome> answer);
  void count(std::size_t events, const AppendOutcome& outcome);
  void fail(Error error);
  bool skip_refused(const Error& error, ImportBatch* batch);

  ImportSink& sink_;
  const ImportOptions& options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ImportBatch> queue_;
  std::size_t in_flight_ = 0;  ///< pushed, not yet answered
  bool stopping_ = false;
  std::optional<Error> error_;
  ImportReport report_;
  std::thread thread_;
};

}  // namespace opsledger
