// Limits of one table read. Beyond them a read is refused with a reason, never cut short in
// silence (except `limit`, whose maximum is applied as PostgREST applies its `max-rows`).
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::query_limits {

inline constexpr std::size_t kParameterBytesMax = 65'536;  ///< all names and values together
inline constexpr std::size_t kFilterNodesMax = 256;
inline constexpr unsigned kFilterDepthMax = 16;
inline constexpr std::size_t kListValuesMax = 10'000;  ///< in.(…), cs.{…}
inline constexpr std::size_t kSelectItemsMax = 256;
inline constexpr std::size_t kOrderTermsMax = 16;
inline constexpr std::uint64_t kLimitDefault = 100'000;  ///< rows, where no limit is given
inline constexpr std::uint64_t kLimitMax = 100'000;
inline constexpr std::uint64_t kRowsExaminedMax = 20'000'000;
inline constexpr std::size_t kIndexRangesMax = 64;  ///< in.(…) on an index; more values scan
inline constexpr std::size_t kSortBytesMax = 256u << 20;
inline constexpr std::size_t kPageBytesMax = 64u << 20;
inline constexpr std::size_t kGroupsMax = 100'000;
inline constexpr std::uint64_t kDiffRowsMax = 100'000;
inline constexpr std::size_t kSearchRowsMax = 10'000;  ///< entries of a question's rarest word

}  // namespace opsledger::query_limits
