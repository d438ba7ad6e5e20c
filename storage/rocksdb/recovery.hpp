// What opening a ledger checks before anybody may read or write.
#pragma once

#include <optional>

#include "storage/core/tiles.hpp"
#include "storage/rocksdb/ack_file.hpp"
#include "storage/rocksdb/commit_builder.hpp"
#include "storage/rocksdb/index_entries.hpp"
#include "storage/rocksdb/ledger_db.hpp"

namespace opsledger::rocks {

struct Recovered {
  LedgerId id{};
  LogHead head;
  merkle::TileEdge edge;
  Position packed_upto{};
  IndexNote indexed;
};

/// Loads the identity, the head and the right edge, and checks: the chain of the last commit
/// records, the last chunk of the log, the root over the right edge. Errors: kCorrupt, kIo.
Result<Recovered> recover(const LedgerDb& db);

/// Compares the head with the side file. kCorrupt `ledger.torn_tail` when acknowledged events are
/// missing at the end, `ledger.rewritten` when the log has another root at the acknowledged
/// position, `ledger.no_ack` when events are there but no side file.
Status check_acknowledged(const LedgerDb& db, const Recovered& recovered,
                          const std::optional<Acknowledged>& acknowledged);

/// Where the packer notes how far it got: before every event.
Bytes packed_key();
Bytes encode_packed(Position position);
Bytes ledger_id_key();
std::optional<LedgerId> parse_ledger_id(BytesView bytes);

}  // namespace opsledger::rocks
