// Limits of schemas and of what is said about values that do not fit them.
#pragma once

#include <cstddef>

namespace opsledger::schema_limits {

inline constexpr unsigned kDepthMax = 16;             ///< type nodes on one path, the root included
inline constexpr std::size_t kTextBytesMax = 32'768;  ///< fits one `schema.registered` event
inline constexpr std::size_t kFieldsMax = 512;        ///< fields of one struct, alternatives, names
inline constexpr std::size_t kNameBytesMax = 64;      ///< field, alternative
inline constexpr std::size_t kEnumeratorBytesMax = 100;
inline constexpr std::size_t kAliasesMax = 16;
inline constexpr unsigned kDecimalScaleMax = 18;
/// Errors reported for one value; what is beyond is only counted.
inline constexpr std::size_t kFieldErrorsMax = 64;

}  // namespace opsledger::schema_limits
