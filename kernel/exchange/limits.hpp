// Limits of taking data out and in; a file beyond one of them is refused by name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::exchange_limits {

inline constexpr std::size_t kExportPageRows = 5'000;  ///< read and written at once
inline constexpr std::uint64_t kExportBytesMax = std::uint64_t{4} << 30;
inline constexpr std::uint64_t kImportRowsMax = 1'000'000;
inline constexpr std::size_t kImportStepRows = 256;      ///< commands under way at once
inline constexpr std::size_t kRejectedRowsMax = 10'000;  ///< one more: the import stops there
inline constexpr std::size_t kJsonCellDepthMax = 16;
inline constexpr std::size_t kCopyBytes = 256 << 10;

}  // namespace opsledger::exchange_limits
