// A module being declared: the `m` of OPS_MODULE.
#pragma once

#include <opsledger/command.hpp>
#include <opsledger/detail/model_impl.hpp>
#include <opsledger/detail/pool.hpp>
#include <opsledger/detail/reaction_impl.hpp>
#include <opsledger/table.hpp>

#include <map>
#include <string>
#include <typeindex>
#include <vector>

namespace ops {

/// Declares what a module has; order does not matter, but that a timer names a declared command.
/// Used once, inside OPS_MODULE; functions throw DeclarationError for a mistake, which the host
/// shows when it loads the library.
class Module {
 public:
  Module(std::string name, std::string version)
      : name_(std::move(name)), version_(std::move(version)) {}
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// How people call it.
  Module& label(const char* en, const char* zh) {
    label_ = {en, zh};
    return *this;
  }
  /// Prefixes of its event and command types; without a call: its own name.
  template <class... Prefix>
  Module& owns(const Prefix&... prefixes) {
    (prefixes_.push_back(pool_.text(prefixes)), ...);
    return *this;
  }
  /// Modules that must be enabled with it.
  template <class... Name>
  Module& needs(const Name&... modules) {
    (requirements_.push_back(pool_.text(modules)), ...);
    return *this;
  }
  /// The shape of its settings (Envelope::config).
  template <class Settings>
  Module& config() {
    config_schema_ = pool_.text(schema_of<Settings>());
    return *this;
  }

  /// The events it declares and may emit.
  template <Event... E>
  Module& events() {
    (own<E>(), ...);
    return *this;
  }
  /// A table shown as `<module>.<name>`; T has Row, Listens and static on(event[, meta], rows).
  template <class T>
  TableOptions table(const char* name) {
    auto& impl =
        pool_.make<detail::TableImpl<T>>(event_types(static_cast<typename T::Listens*>(nullptr)));
    ops_table& d = tables_.emplace_back();
    d.name = pool_.text(name);
    d.version = detail::version_of<T>();
    d.schema = pool_.text(schema_of<typename T::Row>());
    d.label = pool_.label({name, name});
    d.key_column = pool_.text("key");
    impl.describe(d);
    return TableOptions(pool_, columns_[tables_.size() - 1], tables_, tables_.size() - 1);
  }
  /// A command and how people call it; continue with reads(…) and end with decide(…).
  template <class C>
  CommandBuilder<C> command(const char* en, const char* zh) {
    ops_command d{};
    d.type = pool_.text(C::type);
    d.schema = pool_.text(schema_of<C>());
    d.label = pool_.label({en, zh});
    d.permission_class = 'C';
    return CommandBuilder<C>(*this, d);
  }
  /// A kind of timer that sends the (declared) command C when it is due.
  template <class C>
  Module& timer(const char* name, const char* en, const char* zh) {
    for (std::uint32_t i = 0; i < commands_.size(); ++i) {
      if (from_view(commands_[i].type) != C::type) continue;
      timers_.push_back({pool_.text(name), i, 0, pool_.label({en, zh})});
      names_.add_timer(name, C::type);
      return *this;
    }
    throw DeclarationError(std::string("timer ") + name + " sends " + C::type +
                           ": declare that command first");
  }
  /// Each event E becomes the command C that `react(event[, meta])` returns (C or optional<C>).
  /// C may be another module's command: a struct of your own with its type and the fields you fill.
  template <Event E, class C, class React>
  Module& reaction(const char* name, const char* en, const char* zh, React react,
                   std::uint32_t flags = 0) {
    auto& impl =
        pool_.make<detail::ReactionImpl<E, C, React>>(event_type<E>(), call<C>(), std::move(react));
    ops_reaction& d = reactions_.emplace_back();
    d.name = pool_.text(name);
    d.version = 1;
    d.flags = flags;
    d.label = pool_.label({en, zh});
    impl.describe(d);
    return *this;
  }
  /// A page as JSON text.
  Module& page(const char* id, const char* en, const char* zh, std::string json) {
    pages_.push_back({pool_.text(id), pool_.label({en, zh}), pool_.text(std::move(json))});
    return *this;
  }

  /// For the SDK: the descriptor, valid as long as this object and until the next change.
  ops_module descriptor() {
    for (auto& [table, columns] : columns_) {
      tables_[table].index_count = static_cast<std::uint32_t>(columns.indexes.size());
      tables_[table].indexes = columns.indexes.data();
      tables_[table].search_count = static_cast<std::uint32_t>(columns.search.size());
      tables_[table].search = columns.search.data();
    }
    ops_module d{};
    d.name = to_view(name_);
    d.version = to_view(version_);
    d.label = pool_.label(label_);
    d.config_schema = config_schema_;
    d.prefix_count = static_cast<std::uint32_t>(prefixes_.size());
    d.prefixes = prefixes_.data();
    d.requirement_count = static_cast<std::uint32_t>(requirements_.size());
    d.requirements = requirements_.data();
    d.event_types = detail::to_array(event_types_);
    d.models = detail::to_array(models_);
    d.commands = detail::to_array(commands_);
    d.tables = detail::to_array(tables_);
    d.timers = detail::to_array(timers_);
    d.reactions = detail::to_array(reactions_);
    d.calls = detail::to_array(calls_);
    d.pages = detail::to_array(pages_);
    return d;
  }

 private:
  template <class C, class... Loads>
  friend class CommandBuilder;

  /// Index of the type in this shape; entered when it is new.
  template <Event E>
  std::uint32_t event_type() {
    const std::string schema = detail::event_schema<E>();
    for (std::uint32_t i = 0; i < event_types_.size(); ++i) {
      if (from_view(event_types_[i].type) == E::type && from_view(event_types_[i].schema) == schema)
        return i;
    }
    ops_event_type d{};
    d.type = pool_.text(E::type);
    d.version = detail::version_of<E>();
    d.flags = detail::event_flags<E>();
    d.schema = pool_.text(schema);
    if constexpr (requires { E::label; })
      d.label = pool_.label(E::label);
    else
      d.label = pool_.label({E::type, E::type});
    if constexpr (requires { typename E::Older; })
      d.upcasts = upcasts<E>(static_cast<typename E::Older*>(nullptr));
    event_types_.push_back(d);
    return static_cast<std::uint32_t>(event_types_.size() - 1);
  }
  template <Event... E>
  std::vector<std::uint32_t> event_types(Fold<E...>*) {
    return {event_type<E>()...};
  }
  template <Event E>
  void own() {
    static_assert(!detail::is_json_event<E>, "an event of one's own is a struct");
    const auto index = event_type<E>();
    event_types_[index].flags |= OPS_EVENT_OWNED;
    names_.own(std::string(E::type), detail::version_of<E>(), index);
  }
  template <class E, class... Old>
  ops_array upcasts(OlderShapes<Old...>*) {
    auto& list = pool_.make<std::vector<ops_upcast>>();
    (list.push_back(
         {detail::version_of<Old>(), 0, pool_.text(schema_of<Old>()), nullptr, upcast<E, Old>}),
     ...);
    return detail::to_array(list);
  }
  template <class E, class Old>
  static ops_status upcast(void*, const ops_host* host, ops_view data) noexcept {
    return detail::guarded(host, [&] {
      const E newer = E::upcast(from_bytes<Old>(from_view(data)));
      return detail::granted(host->reply, "reply")(host, to_view(to_bytes(newer)));
    });
  }
  template <class M>
  std::uint32_t model() {
    const auto [found, is_new] =
        model_index_.try_emplace(typeid(M), static_cast<std::uint32_t>(models_.size()));
    if (is_new) {
      auto& impl =
          pool_.make<detail::ModelImpl<M>>(event_types(static_cast<typename M::Listens*>(nullptr)));
      models_.push_back(impl.descriptor(pool_.text(detail::type_name<M>())));
    }
    return found->second;
  }
  template <class C>
  std::uint32_t call() {
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      if (from_view(calls_[i].type) == C::type) return i;
    }
    calls_.push_back({pool_.text(C::type), pool_.text(schema_of<C>())});
    return static_cast<std::uint32_t>(calls_.size() - 1);
  }

  std::string name_, version_;
  Label label_{name_.c_str(), name_.c_str()};
  ops_view config_schema_{};
  detail::Pool pool_;
  detail::Names names_;
  std::vector<ops_view> prefixes_, requirements_;
  std::vector<ops_event_type> event_types_;
  std::vector<ops_model> models_;
  std::vector<ops_command> commands_;
  std::vector<ops_table> tables_;
  std::vector<ops_timer> timers_;
  std::vector<ops_reaction> reactions_;
  std::vector<ops_call> calls_;
  std::vector<ops_page> pages_;
  std::map<std::size_t, TableOptions::Columns> columns_;
  std::map<std::type_index, std::uint32_t> model_index_;
};

template <class C, class... Loads>
template <class Decide>
Module& CommandBuilder<C, Loads...>::decide(Decide decide) && {
  using Impl = detail::CommandImpl<C, Decide, Loads...>;
  auto& impl = module_.pool_.template make<Impl>(module_.names_, std::move(decide), series_,
                                                 std::move(loads_));
  d_.separation = module_.pool_.text(std::move(separation_));
  d_.grants = module_.pool_.text(std::move(grants_));
  const std::vector<std::uint32_t> models{module_.template model<typename Loads::Model>()...};
  impl.describe(d_, models);
  module_.commands_.push_back(d_);
  return module_;
}

}  // namespace ops
