#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

Result<Bytes> PluginInstance::upcast(std::uint32_t event_type, std::uint32_t, BytesView) {
  return Error{
      Code::kInternal, "plugin.no_upcast",
      "module " + info().name + " has no upcaster for " + info().event_types[event_type].type};
}

Result<std::vector<SentCommand>> PluginInstance::react(std::uint32_t, std::span<const PluginEvent>,
                                                       const HostServices*, Position) {
  return Error{Code::kInternal, "plugin.no_reaction",
               "module " + info().name + " has no reactions"};
}

}  // namespace opsledger
