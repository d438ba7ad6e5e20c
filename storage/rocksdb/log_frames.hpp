// RocksDB's log files (write-ahead log, manifest) read strictly. RocksDB itself takes some flipped
// bytes for the end of the log: a length that reaches beyond the file, a type of frame that it
// uses for recycled files. Here every byte belongs to a whole frame or is told.
#pragma once

#include <rocksdb/env.h>

#include <filesystem>
#include <optional>

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger::rocks {

/// The first byte of a log file that is not part of a whole record.
struct FrameDamage {
  std::uint64_t offset = 0;
  /// No later record is behind it: it could be the rest of a write that a crash cut short.
  bool at_end = false;
};

/// Nothing when `log`, the content of a log file, consists of whole records and, behind them,
/// zeros (prepared_log.hpp). Time linear.
std::optional<FrameDamage> find_frame_damage(BytesView log);

/// Checks every write-ahead log and manifest in `directory`. What could be a torn write is no
/// error: `torn` then names the file and the byte; so is any damage of a manifest that is not the
/// current one. Memory: the largest log file.
/// Errors: kCorrupt names file and byte; kIo.
Status check_log_files(rocksdb::Env& env, const std::filesystem::path& directory,
                       std::string* torn);

/// Cuts the damaged end off the newest write-ahead log, where that is all that is damaged: RocksDB
/// takes a log that ends early, but not one whose last write reached the disk in parts. What is cut
/// off is kept beside it as `<name>.torn`. Whether anything acknowledged was in it, the side file
/// says. After check_log_files. Errors: kIo.
Status drop_torn_write(rocksdb::Env& env, const std::filesystem::path& directory);

}  // namespace opsledger::rocks
