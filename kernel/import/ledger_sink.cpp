#include "kernel/import/ledger_sink.hpp"

#include <boost/json/monotonic_resource.hpp>

#include "kernel/schema/json_parse.hpp"

namespace opsledger {

namespace {

Result<Proposal> to_proposal(const RawAppend& raw_append, const ImportBatch& batch,
                             const RequestContext& context) {
  boost::json::monotonic_resource memory;
  OPS_TRY_ASSIGN(const auto body, parse_json(batch.body, 32, &memory));
  return raw_append.parse(body, context);
}

}  // namespace

void LedgerSink::submit(const ImportBatch& batch, Completion done) {
  RequestContext context = context_;
  context.idempotency_key = batch.key;
  auto proposal = to_proposal(raw_append_, batch, context);
  if (!proposal) return done(std::move(proposal).error());
  const auto accepted = ledger_.append(std::move(*proposal), done);
  if (!accepted) done(accepted.error());
}

void CheckSink::submit(const ImportBatch& batch, Completion done) {
  const auto proposal = to_proposal(raw_append_, batch, {});
  if (!proposal) return done(proposal.error());
  done(AppendOutcome{});
}

}  // namespace opsledger
