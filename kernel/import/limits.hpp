// Every limit of the import in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::import_limits {

inline constexpr std::size_t kRecordBytesMax = 1 << 20;  ///< one CSV record, quotes included
inline constexpr std::size_t kColumnsMax = 1'024;        ///< columns of a file
inline constexpr std::size_t kReadBytes = 256 << 10;     ///< bytes asked of a file at once
inline constexpr std::size_t kMapBytesMax = 1 << 20;     ///< a map file
inline constexpr std::size_t kBatchRowsMax = 10'000;     ///< `batch_rows` of a map
/// A batch ends early with the row that takes its body past this, so that wide rows fit into a
/// proposal. Part of the borders: changing it changes the keys of batches.
inline constexpr std::size_t kBatchBodyBytes = 512 << 10;
inline constexpr std::size_t kEntitiesMax = 5'000'000;  ///< keys whose last row is remembered
inline constexpr std::size_t kBatchesInFlightMax = 4;   ///< parsed, not yet answered
/// How often one batch is sent again without the rows that the server refused.
inline constexpr unsigned kResendsMax = 8;
inline constexpr std::size_t kSpoolBytesMax = std::size_t{64} << 30;  ///< standard input

}  // namespace opsledger::import_limits
