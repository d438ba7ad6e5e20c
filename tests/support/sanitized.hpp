// Whether this build is instrumented, for the few tests that measure memory: the sanitizers'
// allocators keep what was freed.
#pragma once

namespace opsledger::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace opsledger::testing
