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
  /// The module's settings for this call, JSON text; lives as long as the call.
  void configure(const std::string& config) { host_.config = view_of(config); }
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
  static std::string words(const ops_view& view);
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

/// What decide and react have in common: looking up rows, and working time by the extension
/// `ops.calendar/1`. Without services neither is granted.
class ServedCall : public HostCall {
 public:
  ServedCall(const std::string& module, const char* callback, const HostServices* services,
             Position at, const std::string& department);

 protected:
  std::vector<Lookup> lookups_;
  std::vector<std::string> calendars_;

 private:
  friend struct CalendarExtension;
  void grant_extensions();
  ops_status look_up(ops_view table, ops_view key, ops_view* out);
  /// The department meant, noted; null when the name is unsound.
  const std::string* calendar_of(ops_view department);
  template <class T, class Store>
  ops_status answer(Result<T> result, Store store);

  const HostServices* services_;
  const Position at_;
  const std::string department_;
  std::string found_;
};

/// decide.
class DecideCall : public ServedCall {
 public:
  DecideCall(const std::string& module, const ModuleInfo& info, const PluginEnvelope& envelope);
  /// Once, after a success.
  Decision take();

 private:
  ops_status timer_set(const ops_timer_request& request);
  ops_status timer_cancel(std::uint32_t timer, ops_view id);
  bool sound_timer(std::uint32_t timer, ops_view id);
  void change(TimerChange change);
  Decision decision;
  const HostServices* const host_services_;

  ops_status emit(std::uint32_t type, ops_view data);
  ops_status tag(ops_view tag);
  ops_status warn(ops_view code, ops_view text);
  const ModuleInfo& info_;
};

/// react.
class ReactCall : public ServedCall {
 public:
  ReactCall(const std::string& module, const ModuleInfo& info, std::span<const PluginEvent> events,
            const HostServices* services, Position at);
  std::vector<SentCommand> sent;

 private:
  ops_status send(std::uint64_t position, std::uint32_t call, ops_view data);
  const ModuleInfo& info_;
  std::span<const PluginEvent> events_;
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
