// C2SP tlog-tiles paths.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace opsledger {

/// `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]` after `/tlog/tile/`.
struct TilePath {
  bool entries = false;
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = 256;
};
inline constexpr unsigned kTileWidth = 256;

/// Nothing unless `path` is the one canonical form: groups of three digits, all but the last with
/// an `x`, no needless leading groups, width 1..255 only where partial.
std::optional<TilePath> parse_tile_path(std::string_view path);

}  // namespace opsledger
