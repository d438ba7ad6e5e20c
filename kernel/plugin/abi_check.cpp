#include "kernel/plugin/abi_check.hpp"

#include <cstring>
#include <string>

#include "kernel/plugin/abi_view.hpp"

namespace opsledger {

namespace {

Error mismatch(const std::string& member, const std::string& plugin, const std::string& host,
               const std::string& action) {
  return {Code::kInvalid, "plugin.abi_mismatch",
          "the plugin's " + member + " is " + plugin + ", this host has " + host + "; " + action};
}

// Structs only grow at their end: with the same minor they are equal, with an older one not
// larger, with a newer one not smaller.
Status check_size(const char* member, std::uint32_t plugin, std::size_t host, std::uint32_t minor) {
  const auto order = minor <=> std::uint32_t{OPS_ABI_MINOR};
  const bool fits = order == 0  ? plugin == host
                    : order < 0 ? plugin > 0 && plugin <= host
                                : plugin >= host;
  if (fits) return {};
  return mismatch(member, std::to_string(plugin), std::to_string(host),
                  "the two were not compiled from the same kind of abi.h: rebuild the plugin with "
                  "the SDK of this host's release");
}

}  // namespace

Status check_abi(const ops_plugin& plugin) {
  if (std::memcmp(plugin.magic, OPS_ABI_MAGIC, sizeof(plugin.magic)) != 0) {
    return mismatch("magic", hex(BytesView(plugin.magic, sizeof(plugin.magic))),
                    hex(BytesView(OPS_ABI_MAGIC, sizeof(plugin.magic))),
                    "this is no OpsLedger plugin: build it with the SDK");
  }
  if (plugin.abi_major != OPS_ABI_MAJOR) {
    return mismatch("abi_major", std::to_string(plugin.abi_major), std::to_string(OPS_ABI_MAJOR),
                    plugin.abi_major > OPS_ABI_MAJOR
                        ? "upgrade this server, or rebuild the plugin with an SDK of ABI 1"
                        : "rebuild the plugin with a current SDK");
  }
  const std::uint32_t minor = plugin.abi_minor;
  OPS_TRY(check_size("size", plugin.size, sizeof(ops_plugin), minor));
  OPS_TRY(check_size("host_size", plugin.host_size, sizeof(ops_host), minor));
  OPS_TRY(check_size("event_size", plugin.event_size, sizeof(ops_event), minor));
  OPS_TRY(check_size("envelope_size", plugin.envelope_size, sizeof(ops_envelope), minor));
  OPS_TRY(check_size("module_size", plugin.module_size, sizeof(ops_module), minor));
  if (plugin.pointer_size != sizeof(void*)) {
    return mismatch("pointer_size", std::to_string(plugin.pointer_size),
                    std::to_string(sizeof(void*)), "rebuild the plugin for this machine");
  }
  if (plugin.describe == nullptr || plugin.init == nullptr || plugin.deinit == nullptr) {
    return mismatch("init, deinit or describe", "null", "a function",
                    "rebuild the plugin with the SDK");
  }
  return {};
}

}  // namespace opsledger
