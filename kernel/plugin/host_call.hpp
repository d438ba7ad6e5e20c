// One call into a plugin: the ops_host it is given, what it did through it, and the verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/plugin/abi_view.hpp"
#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

/// Lives on the stack of one callback. Everything the plugin does is checked at once; the first
/// thing that breaks a rule is kept, and decides the verdict unless the plugin then rejects.
/// Subclasses grant functions; what they leave null is not granted.
class HostCall {
 public:
  HostCall(const std::string& module, const char* callback);
  HostCall(const HostCall&) = delete;
  HostCall& operator=(const HostCall&) = delete;

  const ops_host* host() const { return &host_; }
  /// Runs `callback(host)`, holding back exceptions, and judges: success, kRejected with the
  /// module's code, kInternal `plugin.failed` | `plugin.misbehaved`, or what the host's own side
  /// failed with.
  template <class Callback>
  Status run(Callback callback) {
    try {
      return verdict(callback(host()));
    } catch (const std::exception& thrown) {
      return misbehaved(std::string("threw ") + thrown.what());
    } catch (...) {
      return misbehaved("threw something");
    }
  }

 protected:
  template <class Call = HostCall>
  static Call& of(const ops_host* host) {
    return *static_cast<Call*>(static_cast<HostCall*>(host->self));
  }
  void grant_reject();
  /// Keeps the first breach; what to return to the plugin.
  ops_status refuse(std::string why);
  /// Keeps an error of the host's own side; what to return to the plugin.
  ops_status broken(Error error);

  ops_host host_{};

 private:
  struct Rejection {
    std::string code, text;
  };
  Status verdict(ops_status status);
  Error misbehaved(const std::string& what) const;
  Error failed() const;
  static void fail(const ops_host* host, std::uint64_t position, ops_view text);
  static ops_status reject(const ops_host* host, ops_view code, ops_view text);

  const std::string& module_;
  const char* callback_;
  std::string failure_;
  std::uint64_t failed_at_ = 0;
  std::optional<Rejection> rejection_;
  std::optional<std::string> breach_;
  std::optional<Error> broken_;
};

/// create, fold: nothing but fail.
using PlainCall = HostCall;

/// upcast, series: one reply.
class ReplyCall : public HostCall {
 public:
  ReplyCall(const std::string& module, const char* callback, bool may_reject);
  Bytes reply;
};

/// load tags.
class TagsCall : public HostCall {
 public:
  explicit TagsCall(const std::string& module);
  std::vector<std::vector<std::string>> sets;
};

/// decide.
class DecideCall : public HostCall {
 public:
  DecideCall(const std::string& module, const ModuleInfo& info);
  Decision decision;

 private:
  ops_status emit(std::uint32_t type, ops_view data);
  ops_status tag(ops_view tag);
  ops_status warn(ops_view code, ops_view text);
  const ModuleInfo& info_;
};

/// table keys.
class KeysCall : public HostCall {
 public:
  explicit KeysCall(const std::string& module);
  std::vector<Bytes> keys;
};

/// table apply.
class ApplyCall : public HostCall {
 public:
  ApplyCall(const std::string& module, const Schema& row, std::span<const PluginEvent> events,
            RowAccess& rows);

 private:
  ops_status get(ops_view key, ops_view* out);
  ops_status put(std::uint64_t position, ops_view key, ops_view row);
  ops_status erase(std::uint64_t position, ops_view key);
  bool sound_key(ops_view key);
  bool sound_position(std::uint64_t position);

  const Schema& row_;
  std::span<const PluginEvent> events_;
  RowAccess& rows_;
  std::size_t at_ = 0;  // the event whose changes come now
};

}  // namespace opsledger
