// The two-process trial: a module runs in a forked child, called over a socket pair. It shows that
// the ABI needs no shared memory and one round trip per batch. Not the production worker: no
// sandbox, no limits.
#pragma once

#include <opsledger/kit/runner.hpp>

#include <sys/types.h>

#include <string>

namespace trial {

struct Answer;
struct Request;

/// Owns the child: it ends with this object. Not thread safe.
class RemoteRunner : public ops::kit::Runner {
 public:
  /// Forks; the child loads the library at `path`. Throws std::runtime_error.
  RemoteRunner(const std::string& path, const std::string& module);
  ~RemoteRunner() override;
  RemoteRunner(const RemoteRunner&) = delete;
  RemoteRunner& operator=(const RemoteRunner&) = delete;

  /// Frames that went to the child so far.
  std::uint64_t round_trips() const { return round_trips_; }

  const ops::kit::ModuleValue& module() const override { return module_; }
  State create(std::uint32_t model) override;
  void fold(std::uint32_t model, State state, std::span<const ops::kit::Delivered> events) override;
  std::string save(std::uint32_t model, State state) override;
  State restore(std::uint32_t model, const std::string& saved) override;
  void destroy(std::uint32_t model, State state) override;
  ops::kit::Outcome load_tags(std::uint32_t command, std::uint32_t load, const std::string& data,
                              const States& before) override;
  ops::kit::Outcome series(std::uint32_t command, const std::string& data,
                           const ops::kit::EnvelopeValue& envelope) override;
  ops::kit::Outcome decide(std::uint32_t command, const std::string& data, const States& states,
                           const ops::kit::EnvelopeValue& envelope) override;
  std::vector<std::string> keys(std::uint32_t table,
                                std::span<const ops::kit::Delivered> events) override;
  void apply(std::uint32_t table, std::span<const ops::kit::Delivered> events,
             ops::kit::RowStore& rows) override;
  ops::kit::Outcome react(std::uint32_t reaction,
                          std::span<const ops::kit::Delivered> events) override;
  std::string upcast(std::uint32_t event_type, std::uint32_t upcast,
                     const std::string& data) override;

 private:
  int socket_ = -1;
  pid_t child_ = -1;
  std::uint64_t round_trips_ = 0;
  ops::kit::ModuleValue module_;

  Answer ask(const Request& request, ops::kit::RowStore* rows = nullptr);
};

}  // namespace trial
