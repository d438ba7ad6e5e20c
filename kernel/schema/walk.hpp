// One walk over payload bytes under a type, checking every rule of sdk/SCHEMA.md, and telling a
// sink what it sees. Checking, JSON text and JSON trees are sinks.
#pragma once

#include <cmath>
#include <type_traits>

#include "kernel/schema/decimal.hpp"
#include "kernel/schema/json_text.hpp"
#include "kernel/schema/limits.hpp"
#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/personal_tokens.hpp"
#include "kernel/schema/time_text.hpp"
#include "kernel/schema/type_node.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

/// Sinks derive from this and shadow what they care about. Containers tell their size first, so
/// that a sink needs no stack of its own.
struct NullSink {
  void null() {}
  void boolean(bool) {}
  void integer(std::int64_t) {}
  void integer(std::uint64_t) {}
  void number(double) {}
  void string(std::string_view) {}
  void bytes(BytesView) {}
  void time(Time) {}
  void date(std::int32_t) {}
  void money(std::int64_t, std::string_view) {}
  void decimal(const DecimalValue&) {}
  void enumerator(const TypeNode&, std::uint32_t) {}
  void sealed() {}
  void erased() {}
  void begin_list(std::uint32_t) {}
  void element(std::uint32_t) {}
  void end_list(std::uint32_t) {}
  void begin_map(std::uint32_t) {}
  void map_key(std::uint32_t, std::string_view) {}
  void end_map(std::uint32_t) {}
  void begin_struct(const TypeNode&) {}
  void field(const TypeNode&, std::uint32_t) {}
  void end_struct(const TypeNode&) {}
  void begin_variant(const TypeNode&, std::uint32_t) {}
  void end_variant() {}
};

/// Keeps the last integer.
struct IntegerSink : NullSink {
  void integer(std::int64_t value) { bits = static_cast<std::uint64_t>(value), is_signed = true; }
  void integer(std::uint64_t value) { bits = value, is_signed = false; }
  std::int64_t small() const { return static_cast<std::int64_t>(bits); }
  std::uint64_t bits = 0;
  bool is_signed = false;
};

/// Calls `sink` for one value of `type` at `in`. False (and in.problem() says why) when the bytes
/// break a rule; the sink may then have been told a beginning. Depth is bounded by the schema's.
template <class Sink>
class Walker {
 public:
  Walker(PayloadReader& in, Sink& sink) : in_(in), sink_(sink) {}

  bool walk(const TypeNode& type) {
    using Kind = TypeNode::Kind;
    switch (type.kind) {
      case Kind::kBool:
        return boolean();
      case Kind::kI8:
        return integer<std::int8_t>();
      case Kind::kI16:
        return integer<std::int16_t>();
      case Kind::kI32:
        return integer<std::int32_t>();
      case Kind::kI64:
        return integer<std::int64_t>();
      case Kind::kU8:
        return integer<std::uint8_t>();
      case Kind::kU16:
        return integer<std::uint16_t>();
      case Kind::kU32:
        return integer<std::uint32_t>();
      case Kind::kU64:
        return integer<std::uint64_t>();
      case Kind::kF64:
        return number();
      case Kind::kString:
        return string();
      case Kind::kBytes:
        return told(&Sink::bytes, in_.bytes());
      case Kind::kTime:
        return time();
      case Kind::kDate:
        return date();
      case Kind::kMoney:
        return money();
      case Kind::kDecimal:
        return decimal();
      case Kind::kEnum:
        return enumerator(type);
      case Kind::kOptional:
        return optional(type);
      case Kind::kList:
        return list(type);
      case Kind::kMap:
        return map(type);
      case Kind::kVariant:
        return variant(type);
      case Kind::kStruct:
        return structure(type);
      case Kind::kPersonal:
        return personal(type);
    }
    return in_.fail("type of an unknown kind");
  }

 private:
  template <class Member, class Value>
  bool told(Member member, const Value& value) {
    if (in_.ok()) (sink_.*member)(value);
    return in_.ok();
  }
  bool boolean() {
    const auto value = in_.fixed<std::uint8_t>();
    if (value > 1) return in_.fail("bool is neither 0 nor 1");
    sink_.boolean(value != 0);
    return in_.ok();
  }
  template <class T>
  bool integer() {
    const T value = in_.fixed<T>();
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    if (in_.ok()) sink_.integer(static_cast<Wide>(value));
    return in_.ok();
  }
  bool number() {
    const auto value = in_.fixed<double>();
    if (!std::isfinite(value)) return in_.fail("f64 is not finite");
    return told(&Sink::number, value);
  }
  bool string() {
    const BytesView text = in_.bytes();
    if (!is_utf8(text)) return in_.fail("string is not UTF-8");
    return told(&Sink::string, text);
  }
  bool time() {
    const Time value{in_.fixed<std::int64_t>()};
    if (!time_in_range(value)) return in_.fail("time is outside the years 1 to 9999");
    return told(&Sink::time, value);
  }
  bool date() {
    const auto days = in_.fixed<std::int32_t>();
    if (days < kDateMinDays || days > kDateMaxDays) {
      return in_.fail("date is outside the years 1 to 9999");
    }
    return told(&Sink::date, days);
  }
  bool money() {
    const auto minor = in_.fixed<std::int64_t>();
    std::array<char, 3> currency = in_.fixed<std::array<char, 3>>();
    if (!in_.ok()) return false;
    for (char c : currency) {
      if (c < 'A' || c > 'Z') return in_.fail("currency is not three letters A to Z");
    }
    sink_.money(minor, {currency.data(), currency.size()});
    return true;
  }
  bool decimal() {
    DecimalValue value;
    value.unscaled = in_.fixed<std::int64_t>();
    value.scale = in_.fixed<std::uint8_t>();
    if (value.scale > schema_limits::kDecimalScaleMax) return in_.fail("decimal scale above 18");
    return told(&Sink::decimal, value);
  }
  bool enumerator(const TypeNode& type) {
    const std::uint32_t index = in_.varint();
    if (index >= type.enumerators.size()) return in_.fail("enum index out of range");
    if (in_.ok()) sink_.enumerator(type, index);
    return in_.ok();
  }
  bool optional(const TypeNode& type) {
    const auto present = in_.fixed<std::uint8_t>();
    if (present > 1) return in_.fail("optional marker is neither 0 nor 1");
    if (present == 1) return walk(*type.element);
    if (in_.ok()) sink_.null();
    return in_.ok();
  }
  bool list(const TypeNode& type) {
    const std::uint32_t count = in_.count(type.element->bytes_min);
    if (!in_.ok()) return false;
    sink_.begin_list(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      sink_.element(i);
      if (!walk(*type.element)) return false;
    }
    sink_.end_list(count);
    return true;
  }
  bool map(const TypeNode& type) {
    const std::uint32_t count = in_.count(type.key->bytes_min + type.element->bytes_min);
    if (!in_.ok()) return false;
    sink_.begin_map(count);
    MapKey previous;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!key(*type.key, i, &previous) || !walk(*type.element)) return false;
    }
    sink_.end_map(count);
    return true;
  }
  struct MapKey {
    std::string_view text;
    std::int64_t small = 0;
    std::uint64_t large = 0;
  };
  bool key(const TypeNode& type, std::uint32_t i, MapKey* previous) {
    if (type.kind == TypeNode::Kind::kString) {
      const BytesView text = in_.bytes();
      if (!is_utf8(text)) return in_.fail("map key is not UTF-8");
      return ordered(i, text, &previous->text) && (sink_.map_key(i, text), true);
    }
    IntegerSink key;
    if (!Walker<IntegerSink>(in_, key).walk(type)) return false;
    const bool fits = key.is_signed ? ordered(i, key.small(), &previous->small)
                                    : ordered(i, key.bits, &previous->large);
    if (!fits) return false;
    std::string digits;
    key.is_signed ? append_decimal(key.small(), &digits) : append_decimal(key.bits, &digits);
    sink_.map_key(i, digits);
    return true;
  }
  template <class T>
  bool ordered(std::uint32_t i, const T& key, T* previous) {
    if (i > 0 && !(*previous < key)) in_.fail("map keys are not strictly ascending");
    *previous = key;
    return in_.ok();
  }
  bool variant(const TypeNode& type) {
    const std::uint32_t index = in_.varint();
    if (index >= type.fields.size()) return in_.fail("variant index out of range");
    if (!in_.ok()) return false;
    sink_.begin_variant(type, index);
    if (!walk(*type.fields[index].type)) return false;
    sink_.end_variant();
    return true;
  }
  bool structure(const TypeNode& type) {
    sink_.begin_struct(type);
    const auto count = static_cast<std::uint32_t>(type.fields.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      sink_.field(type, i);
      if (!walk(*type.fields[i].type)) return false;
    }
    sink_.end_struct(type);
    return true;
  }
  bool personal(const TypeNode& type) {
    const BytesView token = in_.bytes();
    if (!in_.ok()) return false;
    if (token.empty()) return sink_.null(), true;
    if (token[0] == kPersonalErased) return sink_.erased(), true;
    if (token[0] != kPersonalClear) return sink_.sealed(), true;
    PayloadReader inner(token.substr(1));
    if (!Walker(inner, sink_).walk(*type.element)) return in_.fail(inner.problem());
    return inner.remaining() == 0 || in_.fail("bytes left over in a personal value");
  }

  PayloadReader& in_;
  Sink& sink_;
};

/// One whole value: nothing may be left over.
template <class Sink>
bool walk_all(const TypeNode& type, PayloadReader& in, Sink& sink) {
  if (!Walker<Sink>(in, sink).walk(type)) return false;
  return in.remaining() == 0 || in.fail("bytes left over after the last field");
}

/// Moves `in` behind one value, checking it.
bool skip_value(const TypeNode& type, PayloadReader& in);
/// kCorrupt `schema.bytes_invalid` with the reader's problem and offset.
Error bytes_error(const PayloadReader& in);

}  // namespace opsledger
