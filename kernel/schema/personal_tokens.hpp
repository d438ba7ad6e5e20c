// Personal fields inside payload bytes: finding their tokens and putting others in their place.
//
// A token's first byte says what it is:
//   00  the value in the clear, as a caller sent it: never stored, shown to who may see it
//   01  sealed: kernel/keystore/personal_data.hpp has the rest
//   02  erased: the key is gone; only while something is shown
//   03  withheld: the value stays with the host while a plugin decides; then the number of the
//       value, a varint
// An empty token is null.
#pragma once

#include <functional>
#include <string_view>

#include "kernel/schema/type_node.hpp"
#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

inline constexpr char kPersonalClear = '\0';
inline constexpr char kPersonalSealed = '\1';
inline constexpr char kPersonalErased = '\2';
inline constexpr char kPersonalWithheld = '\3';

/// Whether a value of `type` may hold personal fields.
bool has_personal(const TypeNode& type);

/// The token that takes the place of `token` (never empty) of the field at `pointer` (RFC 6901).
using ReplaceToken = std::function<Result<Bytes>(BytesView token, std::string_view pointer)>;

/// Appends `value` (the bytes of one value of `type`) to `out` with every token replaced. Cheap
/// where the type has no personal field. Errors: kCorrupt `schema.bytes_invalid`; the callback's.
Status replace_tokens(const TypeNode& type, BytesView value, const ReplaceToken& replace,
                      Bytes* out);

}  // namespace opsledger
