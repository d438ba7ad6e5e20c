// Named moments at which a test may stop the program: between two effects on the disk or on callers
// that a crash could tear apart. Nothing happens there unless a hook is set: one relaxed load.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace opsledger {

/// In the order in which a ledger comes to them. Add a name below for each.
enum class SyncPoint : unsigned char {
  kOpenLocked,          ///< the directory is ours, the database not open yet
  kOpenDatabase,        ///< RocksDB has replayed its log
  kOpenRecovered,       ///< checked, the side file not written yet
  kOpenNoted,           ///< the side file says what was found
  kCommitBuilt,         ///< accepted, not yet in the write-ahead log
  kCommitSynced,        ///< in the write-ahead log, not yet visible
  kCommitPublished,     ///< visible, not yet in the side file
  kCommitNoted,         ///< in the side file, nobody answered yet
  kCommitAnswered,      ///< everybody answered
  kIndexBuilt,          ///< postings of committed events in one batch, not yet written
  kIndexWritten,        ///< in the write-ahead log, not synced
  kPackBuilt,           ///< runs read, not yet replaced
  kPackWritten,         ///< replaced in memory, not on disk
  kBackupStarted,       ///< the directory is there, nothing copied
  kBackupTaken,         ///< complete, the caller not told yet
  kRowsBuilt,           ///< rows and progress in one batch, not yet written
  kRowsWritten,         ///< in memory, not on disk
  kRowsFlushing,        ///< before a flush of rows
  kRowsFlushed,         ///< after it
  kGenerationCreated,   ///< an empty generation of tables
  kGenerationDropped,   ///< a generation was dropped
  kGenerationCaughtUp,  ///< a generation built beside the live one could take over
  kGenerationRecorded,  ///< its start is an event, it is not shown yet
};

inline constexpr std::array<std::string_view, 23> kSyncPointNames = {
    "open.locked",        "open.database",        "open.recovered",      "open.noted",
    "commit.built",       "commit.synced",        "commit.published",    "commit.noted",
    "commit.answered",    "index.built",          "index.written",       "pack.built",
    "pack.written",       "backup.started",       "backup.taken",        "rows.built",
    "rows.written",       "rows.flushing",        "rows.flushed",        "generation.created",
    "generation.dropped", "generation.caught_up", "generation.recorded",
};
static_assert(kSyncPointNames.size() ==
              static_cast<std::size_t>(SyncPoint::kGenerationRecorded) + 1);

/// Called on the thread that comes by. Set before any thread that may come by is started.
using SyncPointHook = void (*)(SyncPoint);
inline std::atomic<SyncPointHook> sync_point_hook{nullptr};

inline void sync_point(SyncPoint point) {
  if (const auto hook = sync_point_hook.load(std::memory_order_relaxed)) [[unlikely]]
    hook(point);
}

}  // namespace opsledger
