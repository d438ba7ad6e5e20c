// What a call through the C ABI costs in process.
#include <benchmark/benchmark.h>

#include "kernel/plugin/plugin_library.hpp"
#include "kernel/schema/payload_writer.hpp"

namespace opsledger {
namespace {

std::shared_ptr<PluginInstance> sample() {
  return (*load_plugin(std::string(SAMPLE_PLUGINS_DIR) + "/sample_plugin.so"))[0];
}

Bytes command() {
  Bytes bytes;
  append_sized("incident-4711", &bytes);
  append_fixed(std::int32_t{1}, &bytes);
  append_sized("", &bytes);
  return bytes;
}

void Decide(benchmark::State& state) {
  const auto module = sample();
  const auto model = *module->create_state(0);
  const Bytes data = command();
  PluginEnvelope envelope;
  envelope.number = "S-1";
  envelope.ids = {"0190163d-8694-739b-aea5-966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad92"};
  for (auto _ : state) {
    benchmark::DoNotOptimize(module->decide(0, data, {{model.get()}}, envelope).ok());
  }
}
BENCHMARK(Decide);

void LoadTags(benchmark::State& state) {
  const auto module = sample();
  const Bytes data = command();
  for (auto _ : state) benchmark::DoNotOptimize(module->load_tags(0, 0, data, {}).ok());
}
BENCHMARK(LoadTags);

}  // namespace
}  // namespace opsledger
