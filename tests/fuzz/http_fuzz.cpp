#include "kernel/http/binary_event.hpp"
#include "kernel/http/request.hpp"
#include "kernel/http/text.hpp"
#include "kernel/http/tile_path.hpp"
#include "storage/base/assert.hpp"
#include "storage/core/validate.hpp"
#include "tests/fuzz/targets.hpp"

namespace opsledger::fuzz {

namespace {

BytesView line(BytesView* text) {
  const BytesView first = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(first.size() + 1, text->size()));
  return first;
}

void look_at_target(BytesView text) {
  const auto target = parse_target(text);
  if (!target.ok()) return;
  const auto path = percent_decode(target->path);
  OPS_ASSERT(!path || is_utf8(*path));
  for (const auto& [name, value] : target->query) OPS_ASSERT(is_utf8(name) && is_utf8(value));
}

void look_at_value(BytesView value) {
  static_cast<void>(media_type(value));
  static_cast<void>(header_lists(value, "gzip"));
  static_cast<void>(time_parameter(value));
  if (const auto number = parse_u64(value)) OPS_ASSERT(number_parameter("n", value).ok());
  const auto tile = parse_tile_path(value);
  if (tile) OPS_ASSERT(tile->width >= 1 && tile->width <= kTileWidth);
}

/// Header lines are what the HTTP parser lets through: token names, no control characters.
bool add_header(BytesView text, Request* request) {
  const auto colon = text.find(": ");
  if (colon == BytesView::npos || colon == 0) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  const BytesView name = text.substr(0, colon), value = text.substr(colon + 2);
  look_at_value(value);
  request->message.insert({name.data(), name.size()}, {value.data(), value.size()});
  return true;
}

}  // namespace

void fuzz_http(BytesView input) {
  look_at_target(line(&input));
  Request request;
  while (!input.empty()) {
    const BytesView header = line(&input);
    if (header.empty()) break;
    look_at_value(header);
    if (!add_header(header, &request)) return;
  }
  request.message.body() = std::string(input);
  if (!is_binary_event(request)) return;
  const auto event = binary_event(request, {});
  OPS_ASSERT(event.ok() || event.error().code == Code::kMalformed);
}

}  // namespace opsledger::fuzz
