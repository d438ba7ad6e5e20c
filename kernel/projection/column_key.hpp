// Order-preserving bytes of a column value: comparing two keys of one column with memcmp gives the
// order of their values, and equal values have equal keys. Head indexes are stored under these
// bytes, and the query evaluator filters, sorts and groups by them, so that an index and a scan can
// never disagree. The bytes are on disk inside table generations (a new encoding = a new module
// hash or a rebuild); the golden test in tests/projection fixes them.
//
//   null (an empty optional)  00
//   a value                   01, then by type, big-endian so that bytes compare as numbers:
//     bool                    1 byte, 0 or 1
//     i8..i64, Time, Date     8 bytes, sign bit flipped
//     u8..u64                 8 bytes
//     f64                     8 bytes IEEE 754; negative: all bits flipped, else the sign bit
//                             (-0 is stored as 0)
//     enum                    4 bytes, place in the declaration
//     Decimal                 16 bytes: value x 10^18 as a signed 128-bit number, sign bit flipped
//                             (so 2.5 and 2.50 are one key)
//     Money                   3 bytes currency, then 8 bytes minor units as i64
//     string, bytes           each 00 written as 00 ff, closed by 00 00
//
// No key is a prefix of another one of its column: keys can be concatenated, and complemented
// bytewise for a descending order.
#pragma once

#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/type_node.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// Whether values of `type` have an order: scalars, enums, Decimal, Money, text, and optionals of
/// them. Lists, maps, variants, structs and personal data have none.
bool has_column_key(const TypeNode& type);

/// Appends the key of `value` (the bytes of one value of `type`). False when the bytes are not such
/// a value or the type has no order; `out` is then unspecified beyond its old size.
bool append_column_key(const TypeNode& type, BytesView value, Bytes* out);
/// The same for the value that `in` stands before; `in` moves behind it.
bool append_next_column_key(const TypeNode& type, PayloadReader& in, Bytes* out);

/// The keys of null and of a text value.
void append_null_key(Bytes* out);
void append_text_key(BytesView text, Bytes* out);
void append_u64_key(std::uint64_t value, Bytes* out);

/// The smallest bytes greater than everything that begins with `prefix`; empty = there are none.
Bytes end_of_prefix(BytesView prefix);

/// `type` without the optionals around it.
const TypeNode& inner_type(const TypeNode& type);

}  // namespace opsledger
