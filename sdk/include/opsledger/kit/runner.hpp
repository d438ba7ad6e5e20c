// A module that can be called, wherever it runs: in this process or in another.
#pragma once

#include <opsledger/kit/description.hpp>
#include <opsledger/kit/types.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ops::kit {

/// The rows of one table during one apply.
class RowStore {
 public:
  virtual ~RowStore() = default;
  virtual std::optional<std::string> get(std::string_view key) = 0;
  virtual void put(std::uint64_t position, std::string_view key, std::string_view row) = 0;
  virtual void erase(std::uint64_t position, std::string_view key) = 0;
};

/// One module. A state is a handle that means something to its runner only. Functions throw
/// PluginFailure when the callback failed.
class Runner {
 public:
  using State = std::uint64_t;
  using States = std::vector<std::vector<State>>;  ///< per load, per tag set

  virtual ~Runner() = default;
  virtual const ModuleValue& module() const = 0;

  virtual State create(std::uint32_t model) = 0;
  virtual void fold(std::uint32_t model, State state, std::span<const Delivered> events) = 0;
  virtual std::string save(std::uint32_t model, State state) = 0;
  virtual State restore(std::uint32_t model, const std::string& saved) = 0;
  virtual void destroy(std::uint32_t model, State state) = 0;

  /// Outcome::tag_sets or a rejection.
  virtual Outcome load_tags(std::uint32_t command, std::uint32_t load, const std::string& data,
                            const States& before) = 0;
  virtual Outcome series(std::uint32_t command, const std::string& data,
                         const EnvelopeValue& envelope) = 0;
  virtual Outcome decide(std::uint32_t command, const std::string& data, const States& states,
                         const EnvelopeValue& envelope) = 0;

  virtual std::vector<std::string> keys(std::uint32_t table, std::span<const Delivered> events) = 0;
  virtual void apply(std::uint32_t table, std::span<const Delivered> events, RowStore& rows) = 0;
  virtual Outcome react(std::uint32_t reaction, std::span<const Delivered> events) = 0;
  virtual std::string upcast(std::uint32_t event_type, std::uint32_t upcast,
                             const std::string& data) = 0;
};

}  // namespace ops::kit
