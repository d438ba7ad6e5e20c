// Sends import batches to a running server.
#pragma once

#include <memory>
#include <string>

#include "kernel/import/csv_import.hpp"
#include "tools/cli/http_client.hpp"

namespace opsledger::cli {

/// One request at a time, in order. A batch that meets an overloaded server is sent again, a
/// bounded number of times: its key makes that safe.
class HttpSink final : public ImportSink {
 public:
  explicit HttpSink(std::unique_ptr<HttpClient> client) : client_(std::move(client)) {}
  void submit(const ImportBatch& batch, Completion done) override;

 private:
  Result<AppendOutcome> send(const ImportBatch& batch);
  std::unique_ptr<HttpClient> client_;
};

}  // namespace opsledger::cli
