// The one exported symbol and what stands behind it.
#pragma once

#include <opsledger/module.hpp>
#include <opsledger/version.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace ops {

/// A module as a library knows it: see OPS_PART.
struct Part {
  const char* name;
  const char* version;
  void (*build)(Module&);
};

namespace detail {

using Parts = std::vector<const Part*>;

/// The modules of this library, built once by init.
class Library {
 public:
  explicit Library(const Parts& parts) {
    for (const Part* part : parts) {
      part->build(modules_.emplace_back(part->name, part->version));
      descriptors_.push_back(modules_.back().descriptor());
    }
    library_ = {sizeof(ops_library), 0, to_view("opsledger-sdk " OPS_SDK_VERSION),
                to_array(descriptors_)};
  }
  const ops_library* describe() const { return &library_; }

 private:
  std::deque<Module> modules_;
  std::vector<ops_module> descriptors_;
  ops_library library_{};
};

/// Entry points of the library whose modules `parts()` lists.
template <Parts (*parts)()>
class Entry {
 public:
  static constexpr ops_plugin plugin() {
    return {{'O', 'P', 'S', 'L', 'E', 'D', 'G', 'R'},
            OPS_ABI_MAJOR,
            OPS_ABI_MINOR,
            sizeof(ops_plugin),
            sizeof(ops_host),
            sizeof(ops_event),
            sizeof(ops_envelope),
            sizeof(ops_module),
            sizeof(void*),
            init,
            deinit,
            describe,
            get_extension};
  }

 private:
  static std::unique_ptr<Library>& library() {
    static std::unique_ptr<Library> instance;
    return instance;
  }
  static ops_status init(const ops_host* host) noexcept {
    return guarded(host, [] {
      library() = std::make_unique<Library>(parts());
      return OPS_OK;
    });
  }
  static void deinit() noexcept { library().reset(); }
  static ops_status describe(const ops_host* host, const ops_library** out) noexcept {
    return guarded(host, [&] {
      if (library() == nullptr) throw HostError("describe before init");
      *out = library()->describe();
      return OPS_OK;
    });
  }
  static const void* get_extension(ops_view) noexcept { return nullptr; }
};

}  // namespace detail
}  // namespace ops

/// One module, one library: OPS_MODULE("incident", "1.0.0") { m.events<…>(); … }
#define OPS_MODULE(name, version)                                         \
  static void ops_only_build(::ops::Module& m);                           \
  static const ::ops::Part ops_only_part{name, version, &ops_only_build}; \
  OPS_LIBRARY(&ops_only_part)                                             \
  static void ops_only_build([[maybe_unused]] ::ops::Module& m)

/// One of several modules of a library, in any of its source files:
///   OPS_PART(incident_part, "incident", "1.0.0") { m.events<…>(); … }
#define OPS_PART(id, name, version)                 \
  static void id##_build(::ops::Module& m);         \
  extern const ::ops::Part id;                      \
  const ::ops::Part id{name, version, &id##_build}; \
  static void id##_build([[maybe_unused]] ::ops::Module& m)

/// Names a part that another source file defines.
#define OPS_DECLARE_PART(id) extern const ::ops::Part id

/// Once per library with parts: OPS_LIBRARY(&incident_part, &postmortem_part)
#define OPS_LIBRARY(...)                                              \
  static ::ops::detail::Parts ops_library_parts() {                   \
    return {__VA_ARGS__};                                             \
  }                                                                   \
  extern "C" OPS_EXPORT constinit const ops_plugin opsledger_plugin = \
      ::ops::detail::Entry<&ops_library_parts>::plugin();
