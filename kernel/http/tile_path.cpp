#include "kernel/http/tile_path.hpp"

#include <string>

#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

constexpr unsigned kLevelMax = 63;

/// The canonical text of a tile number: 1234067 -> x001/x234/067.
std::string index_text(std::uint64_t index) {
  std::string text;
  bool last = true;
  do {
    const std::string digits = std::to_string(1000 + index % 1000).substr(1);
    text = (last ? digits : "x" + digits + "/" + text);
    last = false;
    index /= 1000;
  } while (index > 0);
  return text;
}

std::optional<std::uint64_t> parse_index(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c != 'x' && c != '/') digits.push_back(c);
  }
  const auto index = parse_u64(digits);
  if (!index || index_text(*index) != text) return {};
  return index;
}

std::optional<unsigned> parse_small(std::string_view text, unsigned min, unsigned max) {
  const auto number = parse_u64(text);
  if (!number || *number < min || *number > max || std::to_string(*number) != text) return {};
  return static_cast<unsigned>(*number);
}

}  // namespace

std::optional<TilePath> parse_tile_path(std::string_view path) {
  TilePath tile;
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  tile.entries = path.substr(0, slash) == "entries";
  if (!tile.entries) {
    const auto level = parse_small(path.substr(0, slash), 0, kLevelMax);
    if (!level) return {};
    tile.level = *level;
  }
  path.remove_prefix(slash + 1);
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    const auto width = parse_small(path.substr(partial + 3), 1, kTileWidth - 1);
    if (!width) return {};
    tile.width = *width;
    path = path.substr(0, partial);
  }
  const auto index = parse_index(path);
  if (!index) return {};
  tile.index = *index;
  return tile;
}

}  // namespace opsledger
