// Every fixed limit of attachments.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace opsledger::blob_limits {

inline constexpr std::size_t kSniffBytesMax = 1u << 20;
inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kMentionsMax = 1'000;  ///< events looked at to decide who may read
inline constexpr std::size_t kListMax = 1'000;      ///< blobs of one list
inline constexpr std::uint64_t kImagePixelsMax = 50'000'000;  ///< decoded; more is a bomb
inline constexpr int kImageSideMax = 30'000;
inline constexpr unsigned kThumbnailSide = 256;
inline constexpr std::chrono::seconds kThumbnailTimeMax{10};

}  // namespace opsledger::blob_limits
