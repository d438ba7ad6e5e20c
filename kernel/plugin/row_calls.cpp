// What a table's callbacks may do to its rows.
#include "kernel/plugin/host_call.hpp"
#include "kernel/plugin/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace {

// Notes (sdk/include/opsledger/abi.h): the table's own memory, in no schema.
bool is_note(std::string_view key) {
  return key.starts_with('\0');
}

bool is_key(const ops_view& key) {
  if (!is_sound(key) || key.size == 0 || key.size > OPS_ROW_KEY_BYTES_MAX) return false;
  return is_note(text_of(key)) || is_utf8(text_of(key));
}

}  // namespace

KeysCall::KeysCall(const std::string& module) : HostCall(module, "table keys") {
  host_.key = [](const ops_host* host, ops_view key) -> ops_status {
    auto& call = of<KeysCall>(host);
    if (!is_key(key)) return call.refuse("named a row key that is not 1 to 512 bytes of UTF-8");
    call.keys.emplace_back(text_of(key));
    return OPS_OK;
  };
}

ApplyCall::ApplyCall(const std::string& module, const Schema& row,
                     std::span<const PluginEvent> events, RowAccess& rows)
    : HostCall(module, "table apply"), row_(row), events_(events), rows_(rows) {
  host_.row_get = [](const ops_host* host, ops_view key, ops_view* out) -> ops_status {
    return of<ApplyCall>(host).get(key, out);
  };
  host_.row_put = [](const ops_host* host, std::uint64_t position, ops_view key,
                     ops_view row) -> ops_status {
    return of<ApplyCall>(host).put(position, key, row);
  };
  host_.row_erase = [](const ops_host* host, std::uint64_t position, ops_view key) -> ops_status {
    return of<ApplyCall>(host).erase(position, key);
  };
}

bool ApplyCall::sound_key(ops_view key) {
  if (is_key(key)) return true;
  refuse("used a row key that is not 1 to 512 bytes of UTF-8");
  return false;
}

// A change belongs to an event of this span, and changes come in its order.
bool ApplyCall::sound_position(std::uint64_t position) {
  while (at_ < events_.size() && events_[at_].event->position.value < position) ++at_;
  if (at_ < events_.size() && events_[at_].event->position.value == position) return true;
  refuse("changed a row at position " + std::to_string(position) +
         ", which is no event it was given, or lies before its last change");
  return false;
}

ops_status ApplyCall::get(ops_view key, ops_view* out) {
  if (out == nullptr || !sound_key(key)) return refuse("asked for a row without a place for it");
  auto row = rows_.get(text_of(key));
  if (!row.ok()) return broken(row.error());
  if (!*row) return OPS_NOT_FOUND;
  *out = view_of(**row);
  return OPS_OK;
}

ops_status ApplyCall::put(std::uint64_t position, ops_view key, ops_view row) {
  if (!sound_key(key) || !sound_position(position)) return OPS_REFUSED;
  if (!is_sound(row) || row.size > plugin_limits::kRowBytesMax) {
    return refuse("put a row of " + std::to_string(row.size) + " bytes, null or too many");
  }
  if (!is_note(text_of(key))) {
    const Status fits = row_.check(text_of(row));
    if (!fits.ok()) return refuse("put a row whose " + fits.error().message);
  }
  const Status done = rows_.put(text_of(key), text_of(row), Position{position});
  return done.ok() ? OPS_OK : broken(done.error());
}

ops_status ApplyCall::erase(std::uint64_t position, ops_view key) {
  if (!sound_key(key) || !sound_position(position)) return OPS_REFUSED;
  const Status done = rows_.erase(text_of(key), Position{position});
  return done.ok() ? OPS_OK : broken(done.error());
}

}  // namespace opsledger
