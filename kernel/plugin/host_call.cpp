#include "kernel/plugin/host_call.hpp"

#include "kernel/plugin/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

// A plugin's words in our texts: cut, and never invalid UTF-8.
std::string HostCall::words(const ops_view& view) {
  if (!is_sound(view)) return "(null)";
  std::string_view text = text_of(view).substr(0, plugin_limits::kMessageBytesMax);
  for (int cut = 0; cut < 4 && !is_utf8(text); ++cut) text.remove_suffix(1);
  return is_utf8(text) ? std::string(text) : "(not UTF-8)";
}

HostCall::HostCall(const std::string& module, const char* callback)
    : module_(module), callback_(callback) {
  host_.size = sizeof(host_);
  host_.abi_minor = OPS_ABI_MINOR;
  host_.self = this;
  host_.config = view_of("{}");
  host_.fail = fail;
  host_.get_extension = [](const ops_host*, ops_view) -> const void* { return nullptr; };
}

void HostCall::grant_reject() {
  host_.reject = reject;
}

ops_status HostCall::refuse(std::string why) {
  if (!breach_) breach_ = std::move(why);
  return OPS_REFUSED;
}

ops_status HostCall::broken(Error error) {
  if (!broken_) broken_ = std::move(error);
  return OPS_FAILED;
}

void HostCall::fail(const ops_host* host, std::uint64_t position, ops_view text) {
  HostCall& call = of(host);
  call.failure_ = words(text);
  call.failed_at_ = position;
}

ops_status HostCall::reject(const ops_host* host, ops_view code, ops_view text) {
  HostCall& call = of(host);
  std::string word = words(code);
  if (!is_module_type(word)) {
    return call.refuse("rejected with the code \"" + word +
                       "\"; a code is words joined by dots, such as incident.exists");
  }
  call.rejection_ = {std::move(word), words(text)};
  return OPS_OK;
}

Error HostCall::misbehaved(const std::string& what) const {
  return {Code::kInternal, "plugin.misbehaved",
          "module " + module_ + ", " + callback_ + ": the plugin " + what +
              "; report it to the plugin's author, `opsledger plugin check` shows it"};
}

Error HostCall::failed() const {
  Error error{Code::kInternal, "plugin.failed",
              "module " + module_ + ", " + callback_ +
                  ": the plugin failed: " + (failure_.empty() ? "it gave no reason" : failure_)};
  if (breach_) error.message += " (after it " + *breach_ + ")";
  if (failed_at_ != 0) {
    error.message += " (at position " + std::to_string(failed_at_) + ")";
    error.fields = {{"/position", std::to_string(failed_at_)}};
  }
  return error;
}

Status HostCall::verdict(ops_status status) {
  if (broken_) return std::move(*broken_);
  switch (status) {
    case OPS_OK:
      if (breach_) return misbehaved(*breach_);
      if (rejection_) return misbehaved("called reject and then returned OK");
      return {};
    case OPS_REJECTED:
      if (!rejection_) return misbehaved("returned REJECTED without calling reject");
      return Error{Code::kRejected, std::move(rejection_->code), std::move(rejection_->text)};
    case OPS_FAILED:
      return failed();
    default:
      return misbehaved("returned the unknown status " + std::to_string(status));
  }
}

ReplyCall::ReplyCall(const std::string& module, const char* callback, bool may_reject)
    : HostCall(module, callback) {
  if (may_reject) grant_reject();
  host_.reply = [](const ops_host* host, ops_view bytes) -> ops_status {
    auto& call = of<ReplyCall>(host);
    if (!is_sound(bytes) || bytes.size > plugin_limits::kReplyBytesMax) {
      return call.refuse("replied " + std::to_string(bytes.size) + " bytes, null or too many");
    }
    call.reply.assign(text_of(bytes));
    return OPS_OK;
  };
}

TagsCall::TagsCall(const std::string& module) : HostCall(module, "load tags") {
  grant_reject();
  host_.tag_set = [](const ops_host* host) -> ops_status {
    auto& call = of<TagsCall>(host);
    if (call.sets.size() == OPS_TAG_SETS_MAX) return call.refuse("named more than 64 tag sets");
    if (!call.sets.empty() && call.sets.back().empty())
      return call.refuse("named an empty tag set");
    call.sets.emplace_back();
    return OPS_OK;
  };
  host_.tag = [](const ops_host* host, ops_view tag) -> ops_status {
    auto& call = of<TagsCall>(host);
    if (call.sets.empty()) return call.refuse("named a tag before any tag set");
    auto& set = call.sets.back();
    if (set.size() == OPS_TAGS_PER_SET_MAX) return call.refuse("named more than 16 tags in a set");
    if (!is_sound(tag) || !is_tag(text_of(tag))) {
      return call.refuse("named \"" + words(tag) + "\" as a tag; a tag is key:value");
    }
    set.emplace_back(text_of(tag));
    return OPS_OK;
  };
}

DecideCall::DecideCall(const std::string& module, const ModuleInfo& info,
                       const PluginEnvelope& envelope)
    : ServedCall(module, "decide", envelope.services, envelope.position, envelope.department),
      host_services_(envelope.services),
      info_(info) {
  grant_reject();
  host_.emit = [](const ops_host* host, std::uint32_t type, ops_view data) -> ops_status {
    return of<DecideCall>(host).emit(type, data);
  };
  host_.tag = [](const ops_host* host, ops_view tag) -> ops_status {
    return of<DecideCall>(host).tag(tag);
  };
  host_.emit_time = [](const ops_host* host, std::int64_t time_us) -> ops_status {
    auto& call = of<DecideCall>(host);
    if (call.decision.events.empty()) return call.refuse("set a time before any event");
    call.decision.events.back().time = Time{time_us};
    return OPS_OK;
  };
  host_.warn = [](const ops_host* host, ops_view code, ops_view text) -> ops_status {
    return of<DecideCall>(host).warn(code, text);
  };
  host_.timer_set = [](const ops_host* host, const ops_timer_request* request) -> ops_status {
    if (request == nullptr) return of<DecideCall>(host).refuse("set a timer without a request");
    return of<DecideCall>(host).timer_set(*request);
  };
  host_.timer_cancel = [](const ops_host* host, std::uint32_t timer, ops_view id) -> ops_status {
    return of<DecideCall>(host).timer_cancel(timer, id);
  };
}

ops_status DecideCall::emit(std::uint32_t type, ops_view data) {
  if (decision.events.size() == OPS_EMITTED_MAX) return refuse("emitted more than 1000 events");
  if (type >= info_.event_types.size()) {
    return refuse("emitted event type number " + std::to_string(type) + " of " +
                  std::to_string(info_.event_types.size()));
  }
  const EventTypeInfo& info = info_.event_types[type];
  if (!info.owned || !info.schema) {
    return refuse("emitted " + info.type + ", which the module does not own");
  }
  if (!is_sound(data)) return refuse("emitted " + info.type + " with null data");
  if (const Status fits = info.schema->check(text_of(data)); !fits.ok()) {
    return refuse("emitted " + info.type + " whose " + fits.error().message);
  }
  decision.events.push_back({type, Bytes(text_of(data))});
  return OPS_OK;
}

ops_status DecideCall::tag(ops_view tag) {
  if (decision.events.empty()) return refuse("named a tag before any event");
  Emitted& event = decision.events.back();
  if (event.tags.size() == OPS_TAGS_PER_SET_MAX) return refuse("put more than 16 tags on an event");
  if (!is_sound(tag) || !is_tag(text_of(tag))) {
    return refuse("put \"" + words(tag) + "\" on an event; a tag is key:value");
  }
  event.tags.emplace_back(text_of(tag));
  return OPS_OK;
}

ops_status DecideCall::warn(ops_view code, ops_view text) {
  if (decision.warnings.size() == plugin_limits::kWarningsMax) {
    return refuse("gave more than 100 warnings");
  }
  decision.warnings.push_back({words(code), words(text)});
  return OPS_OK;
}

}  // namespace opsledger
