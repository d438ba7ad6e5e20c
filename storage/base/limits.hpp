// Every fixed limit of the ledger in one place. Format constants: changing one changes what a
// ledger accepts, so it needs a new format version (storage/FORMAT.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace opsledger::limits {

inline constexpr std::size_t kEventBytesMax = 65'535;      ///< encoded event, a tlog entry
inline constexpr std::size_t kProposalBytesMax = 1 << 20;  ///< all encoded events of one append
inline constexpr std::size_t kProposalEventsMax = 16'384;
inline constexpr std::size_t kTypeBytesMax = 128;
inline constexpr std::size_t kTagsPerEventMax = 64;
inline constexpr std::size_t kTagKeyBytesMax = 32;
inline constexpr std::size_t kTagValueBytesMax = 200;
inline constexpr std::size_t kNameBytesMax = 200;  ///< department, actor, correlation, caller id
inline constexpr std::size_t kMetadataEntriesMax = 32;
inline constexpr std::size_t kMetadataKeyBytesMax = 64;
inline constexpr std::size_t kMetadataValueBytesMax = 4'096;
inline constexpr std::size_t kQueryItemsMax = 64;
inline constexpr std::size_t kItemTypesMax = 64;
inline constexpr std::size_t kItemTagsMax = 64;
/// Posting-list steps that one condition may walk before it is refused as too broad; each of its
/// items may use an equal share. Counted on the posting lists alone (never on chunks or caches),
/// so that every node agrees: storage/core/posting_walk.hpp.
inline constexpr std::uint64_t kConditionStepsMax = 1'000'000;
/// Caller-supplied idempotency keys are forgotten this many positions after their event.
inline constexpr std::uint64_t kKeyLifetimePositions = 50'000'000;

}  // namespace opsledger::limits
