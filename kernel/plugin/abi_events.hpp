// Kernel values -> the C structs that a callback is given. Each object owns what its structs point
// to and lives for one call.
#pragma once

#include <span>
#include <vector>

#include "kernel/plugin/abi_view.hpp"
#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// A span of events, with tags and metadata for the types that want them.
class AbiEvents {
 public:
  AbiEvents(const ModuleInfo& info, std::span<const PluginEvent> events);
  const ops_events* get() const { return &span_; }

 private:
  struct Extra {
    std::size_t event;
    Bytes tags;
    std::string metadata;
  };
  std::vector<ops_event> events_;
  std::vector<Extra> extras_;
  ops_events span_{};
};

/// An envelope.
class AbiEnvelope {
 public:
  explicit AbiEnvelope(const PluginEnvelope& envelope);
  const ops_envelope* get() const { return &envelope_; }

 private:
  std::vector<ops_view> ids_;
  ops_envelope envelope_{};
};

}  // namespace opsledger
