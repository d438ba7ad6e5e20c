// How a command is declared: who may, what it reads, how it decides.
#pragma once

#include <opsledger/detail/command_impl.hpp>

#include <initializer_list>
#include <string>
#include <tuple>
#include <utility>

namespace ops {

class Module;

enum class Permission : char { kView = 'V', kAct = 'C', kApprove = 'A', kManage = 'M' };

/// Grows by one load with each reads(…); decide(…) ends it and enters the command.
template <class C, class... Loads>
class CommandBuilder {
 public:
  CommandBuilder(Module& module, ops_command descriptor) : module_(module), d_(descriptor) {}
  CommandBuilder(Module& module, ops_command descriptor, std::string separation, std::string grants,
                 detail::Series<C> series, std::tuple<Loads...> loads)
      : module_(module),
        d_(descriptor),
        separation_(std::move(separation)),
        grants_(std::move(grants)),
        series_(series),
        loads_(std::move(loads)) {}

  /// Loads one model, folded from the events that have all of the tags that `tags(command[, states
  /// of the loads before])` returns. What was read here guards the append.
  template <class Model, class F>
  auto reads(F tags) && {
    return std::move(*this).template add<detail::Load<Model, false, F>>({std::move(tags)});
  }
  /// Loads any number of states of one model: `tags` returns TagSets. decide gets a Many<Model>.
  template <class Model, class F>
  auto reads_each(F tags) && {
    return std::move(*this).template add<detail::Load<Model, true, F>>({std::move(tags)});
  }

  CommandBuilder permission(Permission permission) && {
    d_.permission_class = static_cast<std::uint32_t>(permission);
    return std::move(*this);
  }
  /// A reason must be given (Envelope::reason).
  CommandBuilder needs_reason() && {
    d_.flags |= OPS_COMMAND_REASON;
    return std::move(*this);
  }
  /// For timers and reactions only.
  CommandBuilder internal() && {
    d_.flags |= OPS_COMMAND_INTERNAL;
    return std::move(*this);
  }
  /// Roles that hold the permission by default.
  CommandBuilder granted_to(std::initializer_list<const char*> roles) && {
    grants_ = "[";
    for (const char* role : roles) {
      if (grants_.size() > 1) grants_ += ',';
      detail::append_json_string(role, grants_);
    }
    grants_ += ']';
    return std::move(*this);
  }
  /// Who wrote an event of this type with the same `tag_key` tag may not send this command.
  CommandBuilder not_by_actor_of(const char* event_type, const char* tag_key) && {
    separation_ = separation_.empty() ? "[{" : separation_.substr(0, separation_.size() - 1) + ",{";
    separation_ += "\"not_actor_of\":";
    detail::append_json_string(event_type, separation_);
    separation_ += ",\"tag\":";
    detail::append_json_string(tag_key, separation_);
    separation_ += "}]";
    return std::move(*this);
  }
  /// Asks for the next number of a series, e.g. `IN-20261123` → IN-20261123-02 with width 2.
  CommandBuilder series(detail::Series<C> name, std::uint32_t width) && {
    series_ = name;
    d_.number_width = width;
    return std::move(*this);
  }
  /// Asks for this many fresh ids (Envelope::id).
  CommandBuilder ids(std::uint32_t count) && {
    d_.id_count = count;
    return std::move(*this);
  }

  /// `decide(command, models…, envelope)` → Decision, pure. Trailing arguments may be left out.
  template <class Decide>
  Module& decide(Decide decide) &&;

 private:
  template <class Load>
  CommandBuilder<C, Loads..., Load> add(Load load) && {
    static_assert(sizeof...(Loads) < OPS_LOADS_MAX, "too many loads");
    return {module_,
            d_,
            std::move(separation_),
            std::move(grants_),
            series_,
            std::tuple_cat(std::move(loads_), std::tuple<Load>(std::move(load)))};
  }

  Module& module_;
  ops_command d_;
  std::string separation_, grants_;
  detail::Series<C> series_ = nullptr;
  std::tuple<Loads...> loads_;
};

}  // namespace ops
