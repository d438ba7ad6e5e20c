// A table behind ops_table.
#pragma once

#include <opsledger/detail/guard.hpp>
#include <opsledger/fold.hpp>
#include <opsledger/rows.hpp>

namespace ops::detail {

template <class T, class E>
concept NamesKeys = requires(const E& event, Keys& keys) {
  T::keys(event, keys);
};

template <class T>
class TableImpl {
  using Row = typename T::Row;

 public:
  explicit TableImpl(std::vector<std::uint32_t> types) : dispatch_(std::move(types)) {}

  void describe(ops_table& d) {
    d.event_type_count = static_cast<std::uint32_t>(dispatch_.types().size());
    d.event_types = dispatch_.types().data();
    d.context = this;
    d.apply = apply;
    if constexpr (kNamesKeys) d.keys = keys;
  }

 private:
  template <class... E>
  static consteval bool names_keys(Fold<E...>*) {
    return (NamesKeys<T, E> || ...);
  }
  static constexpr bool kNamesKeys = names_keys(static_cast<typename T::Listens*>(nullptr));

  static ops_status apply(void* self, const ops_host* host, const ops_events* events) noexcept {
    std::uint64_t position = 0;
    return guarded(host, position, [&] {
      Rows<Row> rows(host);
      static_cast<TableImpl*>(self)->dispatch_.run(
          *events, position, [&](const auto& event, const EventMeta& meta) {
            rows.at(meta.position());
            if constexpr (requires { T::on(event, meta, rows); })
              T::on(event, meta, rows);
            else
              T::on(event, rows);
          });
      return OPS_OK;
    });
  }
  static ops_status keys(void* self, const ops_host* host, const ops_events* events) noexcept {
    std::uint64_t position = 0;
    return guarded(host, position, [&] {
      Keys keys(host);
      static_cast<TableImpl*>(self)->dispatch_.run(*events, position,
                                                   [&]<class E>(const E& event, const EventMeta&) {
                                                     if constexpr (NamesKeys<T, E>)
                                                       T::keys(event, keys);
                                                   });
      return OPS_OK;
    });
  }

  Dispatch<typename T::Listens> dispatch_;
};

}  // namespace ops::detail
