// Random and truncated bytes into every callback of a built plugin: failures, never crashes.
#include <gtest/gtest.h>

#include <opsledger/testing.hpp>

#include "tests/sdk/seed.hpp"

namespace ops::kit {
namespace {

class HostileBytes : public testing::Test {
 protected:
  HostileBytes()
      : library_(OPS_PLUGIN_PATH), runner_(library_.module("contract")), random_(test_seed()) {}

  std::string bytes() {
    std::string out(random_() % 64, '\0');
    for (char& c : out) c = static_cast<char>(random_() % 3 == 0 ? random_() % 4 : random_());
    return out;
  }
  Delivered event() {
    const auto& types = runner_.module().event_types;
    Delivered e{static_cast<std::uint32_t>(random_() % types.size()),
                random_(),
                {},
                {},
                bytes(),
                bytes(),
                bytes(),
                bytes(),
                bytes(),
                {}};
    if (random_() % 2 == 0) e.tags = {bytes(), bytes()};
    return e;
  }
  /// Counts what was refused; only PluginFailure may come out.
  template <class Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const PluginFailure&) {
      ++failures_;
    }
  }

  PluginLibrary library_;
  LocalRunner runner_;
  std::mt19937_64 random_;
  int failures_ = 0;
};

class GarbageRows : public RowStore {
 public:
  explicit GarbageRows(std::string row) : row_(std::move(row)) {}
  std::optional<std::string> get(std::string_view) override { return row_; }
  void put(std::uint64_t, std::string_view, std::string_view) override {}
  void erase(std::uint64_t, std::string_view) override {}

 private:
  std::string row_;
};

TEST_F(HostileBytes, Tables) {
  for (int i = 0; i < 5000; ++i) {
    const Delivered e = event();
    GarbageRows rows(bytes());
    attempt([&] { runner_.keys(0, {&e, 1}); });
    attempt([&] { runner_.apply(0, {&e, 1}, rows); });
  }
  EXPECT_GT(failures_, 1000);
}

TEST_F(HostileBytes, Commands) {
  const auto& commands = runner_.module().commands;
  for (int i = 0; i < 5000; ++i) {
    const auto command = static_cast<std::uint32_t>(random_() % commands.size());
    const std::string data = bytes();
    if (!commands[command].load_models.empty()) {
      attempt([&] { runner_.load_tags(command, 0, data, {}); });
    } else {
      attempt([&] { runner_.decide(command, data, {}, EnvelopeValue()); });
    }
    if (commands[command].numbered)
      attempt([&] { runner_.series(command, data, EnvelopeValue()); });
  }
  EXPECT_GT(failures_, 1000);
}

TEST_F(HostileBytes, FewerStatesThanLoadsIsAFailure) {
  EXPECT_THROW(runner_.decide(0, std::string(10, '\0'), {}, EnvelopeValue()), PluginFailure);
  EXPECT_THROW(runner_.load_tags(0, 1, std::string(10, '\0'), {}), PluginFailure);
}

TEST_F(HostileBytes, StatesReactionsAndUpcasts) {
  const auto& models = runner_.module().models;
  for (int i = 0; i < 5000; ++i) {
    const auto model = static_cast<std::uint32_t>(random_() % models.size());
    const Delivered e = event();
    const auto state = runner_.create(model);
    attempt([&] { runner_.fold(model, state, {&e, 1}); });
    runner_.destroy(model, state);
    if (models[model].savable)
      attempt([&] { runner_.destroy(model, runner_.restore(model, bytes())); });
    attempt([&] { runner_.react(0, {&e, 1}); });
    attempt([&] { runner_.upcast(0, 0, bytes()); });
  }
  EXPECT_GT(failures_, 1000);
}

/// Each host function absent in turn: a failure that names it.
TEST_F(HostileBytes, FunctionThatIsNotGrantedIsNamed) {
  const auto& module = library_.module("contract");
  const auto& table = *static_cast<const ops_table*>(module.tables.data);
  const ops_event* none = nullptr;
  const ops_events events{none, 0, sizeof(ops_event)};
  HostCall call(Callback::kPlain);
  EXPECT_EQ(table.apply(table.context, call.host(), &events),
            OPS_OK);  // nothing to do, nothing asked
  const auto& command = *static_cast<const ops_command*>(module.commands.data);
  const auto& load = *static_cast<const ops_load*>(command.loads.data);
  const std::string join(
      "\x01"
      "a\x01"
      "g\0\0\0\0\0\0\0\0",
      12);
  ASSERT_EQ(load.tags(load.context, call.host(), to_view(join), nullptr, 0), OPS_FAILED);
  try {
    call.finish(OPS_FAILED);
  } catch (const PluginFailure& failure) {
    EXPECT_STREQ(failure.what(), "tag_set is not granted here");
  }
}

/// A host that keeps no timers: cancelling is nothing to do, setting fails by name.
TEST_F(HostileBytes, HostWithoutTimersCancelsNothingAndSetsNone) {
  const auto& commands = library_.module("contract").commands;
  const auto decide = [&](std::uint32_t index, const std::string& data) {
    const auto& command = ops::detail::element(static_cast<const ops_command*>(commands.data),
                                               commands.stride, index);
    HostCall call(Callback::kDecide);
    ops_host host = *call.host();
    host.timer_set = nullptr;
    host.timer_cancel = nullptr;
    const ops_view ids[] = {to_view("id-1"), to_view("id-2")};
    ops_envelope envelope{};
    envelope.size = sizeof envelope;
    envelope.number = to_view("T-1");
    envelope.ids = ids;
    envelope.id_count = 2;
    return command.decide(command.context, &host, to_view(data), nullptr, 0, &envelope);
  };
  EXPECT_EQ(decide(1, "\x01T"), OPS_FAILED);  // contract.open sets one
  EXPECT_EQ(decide(2, "\x01T"), OPS_OK);      // contract.expire cancels one
}

}  // namespace
}  // namespace ops::kit
