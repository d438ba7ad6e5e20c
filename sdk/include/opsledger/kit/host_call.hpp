// The host functions during one callback: they write down what the module says.
#pragma once

#include <opsledger/kit/calendar.hpp>
#include <opsledger/kit/runner.hpp>
#include <opsledger/view.hpp>

#include <string>

namespace ops::kit {

/// Which callback it is; functions that are not its are null.
enum class Callback { kPlain, kReply, kLoad, kSeries, kDecide, kKeys, kApply, kReact };

class HostCall {
 public:
  explicit HostCall(Callback callback, std::string config = "{}", RowStore* rows = nullptr)
      : config_(std::move(config)), rows_(rows) {
    host_.size = sizeof host_;
    host_.abi_minor = OPS_ABI_MINOR;
    host_.self = this;
    host_.config = to_view(config_);
    grant(callback);
  }
  HostCall(const HostCall&) = delete;
  HostCall& operator=(const HostCall&) = delete;

  const ops_host* host() const { return &host_; }
  /// What was said; throws PluginFailure when the callback's status says so.
  Outcome finish(ops_status status) {
    if (status == OPS_REJECTED && outcome_.rejection) return std::move(outcome_);
    if (status != OPS_OK) {
      throw PluginFailure(failed_at_,
                          failure_.empty() ? "the plugin failed and did not say why" : failure_);
    }
    outcome_.rejection.reset();
    return std::move(outcome_);
  }

 private:
  static HostCall& of(const ops_host* host) { return *static_cast<HostCall*>(host->self); }
  static std::string text(ops_view view) { return std::string(from_view(view)); }

  void grant(Callback callback) {
    host_.fail = [](const ops_host* h, std::uint64_t position, ops_view why) {
      of(h).failed_at_ = position;
      of(h).failure_ = text(why);
    };
    host_.get_extension = [](const ops_host*, ops_view) -> const void* { return nullptr; };
    if (callback == Callback::kDecide || callback == Callback::kReact) {
      host_.get_extension = [](const ops_host*, ops_view id) -> const void* {
        return from_view(id) == OPS_CALENDAR_EXTENSION ? OfficeHours::table() : nullptr;
      };
    }
    switch (callback) {
      case Callback::kPlain:
        break;
      case Callback::kReply:
        grant_reply();
        break;
      case Callback::kSeries:
        grant_reply(), grant_reject();
        break;
      case Callback::kLoad:
        grant_tags(), grant_reject();
        break;
      case Callback::kDecide:
        grant_decide(), grant_reject();
        break;
      case Callback::kKeys:
        grant_keys();
        break;
      case Callback::kApply:
        grant_rows();
        break;
      case Callback::kReact:
        grant_command();
        break;
    }
  }
  void grant_reply() {
    host_.reply = [](const ops_host* h, ops_view bytes) -> ops_status {
      of(h).outcome_.reply = text(bytes);
      return OPS_OK;
    };
  }
  void grant_reject() {
    host_.reject = [](const ops_host* h, ops_view code, ops_view why) -> ops_status {
      of(h).outcome_.rejection = Text{text(code), text(why)};
      return OPS_OK;
    };
  }
  void grant_tags() {
    host_.tag_set = [](const ops_host* h) -> ops_status {
      auto& sets = of(h).outcome_.tag_sets;
      if (sets.size() == OPS_TAG_SETS_MAX) return OPS_REFUSED;
      sets.emplace_back();
      return OPS_OK;
    };
    host_.tag = [](const ops_host* h, ops_view tag) -> ops_status {
      auto& sets = of(h).outcome_.tag_sets;
      if (sets.empty() || sets.back().tags.size() == OPS_TAGS_PER_SET_MAX) return OPS_REFUSED;
      sets.back().tags.push_back(text(tag));
      return OPS_OK;
    };
    host_.type = [](const ops_host* h, ops_view type) -> ops_status {
      auto& sets = of(h).outcome_.tag_sets;
      if (sets.empty()) return OPS_REFUSED;
      sets.back().types.push_back(text(type));
      return OPS_OK;
    };
  }
  void grant_decide() {
    host_.emit = [](const ops_host* h, std::uint32_t type, ops_view data) -> ops_status {
      auto& events = of(h).outcome_.events;
      if (events.size() == OPS_EMITTED_MAX) return OPS_REFUSED;
      events.push_back({type, text(data), {}, {}});
      return OPS_OK;
    };
    host_.tag = [](const ops_host* h, ops_view tag) -> ops_status {
      auto& events = of(h).outcome_.events;
      if (events.empty() || events.back().tags.size() == OPS_TAGS_PER_SET_MAX) return OPS_REFUSED;
      events.back().tags.push_back(text(tag));
      return OPS_OK;
    };
    host_.emit_time = [](const ops_host* h, std::int64_t time_us) -> ops_status {
      if (of(h).outcome_.events.empty()) return OPS_REFUSED;
      of(h).outcome_.events.back().time = Time{time_us};
      return OPS_OK;
    };
    host_.warn = [](const ops_host* h, ops_view code, ops_view why) -> ops_status {
      of(h).outcome_.warnings.push_back({text(code), text(why)});
      return OPS_OK;
    };
    grant_timers();
  }
  void grant_timers() {
    host_.timer_set = [](const ops_host* h, const ops_timer_request* r) -> ops_status {
      of(h).outcome_.timers.push_back(
          {r->timer, text(r->id), text(r->data), false, r->at_us, r->after_us, r->basis});
      return OPS_OK;
    };
    host_.timer_cancel = [](const ops_host* h, std::uint32_t timer, ops_view id) -> ops_status {
      of(h).outcome_.timers.push_back({timer, text(id), "", true, 0, 0, 0});
      return OPS_OK;
    };
  }
  void grant_keys() {
    host_.key = [](const ops_host* h, ops_view key) -> ops_status {
      of(h).outcome_.keys.push_back(text(key));
      return OPS_OK;
    };
  }
  void grant_rows() {
    host_.row_get = [](const ops_host* h, ops_view key, ops_view* out) -> ops_status {
      return of(h).shielded(key, [&] {
        auto row = of(h).rows_->get(from_view(key));
        if (!row) return OPS_NOT_FOUND;
        of(h).row_ = std::move(*row);
        *out = to_view(of(h).row_);
        return OPS_OK;
      });
    };
    host_.row_put = [](const ops_host* h, std::uint64_t position, ops_view key,
                       ops_view row) -> ops_status {
      return of(h).shielded(key, [&] {
        of(h).rows_->put(position, from_view(key), from_view(row));
        return OPS_OK;
      });
    };
    host_.row_erase = [](const ops_host* h, std::uint64_t position, ops_view key) -> ops_status {
      return of(h).shielded(key, [&] {
        of(h).rows_->erase(position, from_view(key));
        return OPS_OK;
      });
    };
  }
  void grant_command() {
    host_.command = [](const ops_host* h, std::uint64_t position, std::uint32_t call,
                       ops_view data) -> ops_status {
      of(h).outcome_.commands.push_back({call, position, text(data)});
      return OPS_OK;
    };
  }
  /// A store's exception must not run through the plugin.
  template <class Body>
  static ops_status shielded(ops_view key, Body&& body) noexcept {
    try {
      if (key.size == 0 || key.size > OPS_ROW_KEY_BYTES_MAX) return OPS_REFUSED;
      return body();
    } catch (...) {
      return OPS_FAILED;
    }
  }

  ops_host host_{};
  std::string config_;
  RowStore* rows_;
  Outcome outcome_;
  std::string failure_, row_;
  std::uint64_t failed_at_ = 0;
};

}  // namespace ops::kit
