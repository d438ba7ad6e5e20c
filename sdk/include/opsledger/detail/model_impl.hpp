// A decision model behind ops_model.
#pragma once

#include <opsledger/detail/guard.hpp>
#include <opsledger/fold.hpp>

namespace ops::detail {

template <class M>
class ModelImpl {
 public:
  static_assert(std::is_default_constructible_v<M>, "a model starts from its default value");

  explicit ModelImpl(std::vector<std::uint32_t> types) : dispatch_(std::move(types)) {}

  ops_model descriptor(ops_view name) {
    ops_model d{};
    d.name = name;
    d.version = version_of<M>();
    d.event_type_count = static_cast<std::uint32_t>(dispatch_.types().size());
    d.event_types = dispatch_.types().data();
    d.context = this;
    d.create = create;
    d.fold = fold;
    d.destroy = [](void*, void* state) noexcept { delete static_cast<M*>(state); };
    if constexpr (kSavable) {
      d.save = save;
      d.restore = restore;
    }
    return d;
  }

 private:
  static constexpr bool kSavable = cereal::traits::has_member_serialize<M, OutputArchive>::value;

  static ops_status create(void*, const ops_host* host, void** out) noexcept {
    return guarded(host, [&] {
      *out = new M();
      return OPS_OK;
    });
  }
  static ops_status fold(void* self, const ops_host* host, void* state,
                         const ops_events* events) noexcept {
    std::uint64_t position = 0;
    return guarded(host, position, [&] {
      M& model = *static_cast<M*>(state);
      static_cast<ModelImpl*>(self)->dispatch_.run(
          *events, position, [&](const auto& event, const EventMeta& meta) {
            if constexpr (requires { model.on(event, meta); })
              model.on(event, meta);
            else
              model.on(event);
          });
      return OPS_OK;
    });
  }
  static ops_status save(void*, const ops_host* host, const void* state) noexcept {
    return guarded(
        host, [&] { return host->reply(host, to_view(to_bytes(*static_cast<const M*>(state)))); });
  }
  static ops_status restore(void*, const ops_host* host, ops_view saved, void** out) noexcept {
    return guarded(host, [&] {
      *out = new M(from_bytes<M>(from_view(saved)));
      return OPS_OK;
    });
  }

  Dispatch<typename M::Listens> dispatch_;
};

}  // namespace ops::detail
