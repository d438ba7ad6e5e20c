#include "kernel/app/bulk.hpp"

#include "kernel/app/kernel_events.hpp"
#include "storage/rocksdb/bulk_load.hpp"

namespace opsledger {

Result<std::unique_ptr<BulkLoad>> begin_backfill(const Config& config, const Clock& clock,
                                                 const std::string& source, Time from, Time to) {
  OPS_TRY_ASSIGN(auto load, begin_bulk_load({.directory = config.data_directory}, clock));
  std::vector<NewEvent> first{ledger_created(load->id()), ledger_backfilled(source, from, to)};
  OPS_TRY_ASSIGN(const auto outcome, load->append(std::move(first), from));
  static_cast<void>(outcome);
  return load;
}

}  // namespace opsledger
