#include "kernel/schema/personal_tokens.hpp"

#include <algorithm>

#include "kernel/schema/json_text.hpp"
#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "kernel/schema/walk.hpp"

namespace opsledger {
namespace {

using Kind = TypeNode::Kind;

class Replacer {
 public:
  Replacer(PayloadReader& in, const ReplaceToken& replace, Bytes* out)
      : in_(in), replace_(replace), out_(*out) {}

  Status value(const TypeNode& type) {
    if (!has_personal(type)) return copy([&] { return skip_value(type, in_); });
    switch (type.kind) {
      case Kind::kPersonal:
        return token();
      case Kind::kOptional:
        return optional(type);
      case Kind::kList:
        return list(type);
      case Kind::kMap:
        return map(type);
      case Kind::kVariant:
        return variant(type);
      default:
        return structure(type);
    }
  }

 private:
  /// Copies the bytes that `read` passes over.
  template <class Read>
  Status copy(Read read) {
    const char* const from = in_.at();
    const std::size_t before = in_.offset();
    read();
    if (!in_.ok()) return bytes_error(in_);
    out_.append(from, in_.offset() - before);
    return {};
  }

  Status token() {
    const BytesView token = in_.bytes();
    if (!in_.ok()) return bytes_error(in_);
    if (token.empty()) return append_sized(token, &out_), Status();
    OPS_TRY_ASSIGN(const Bytes replaced, replace_(token, pointer_));
    append_sized(replaced, &out_);
    return {};
  }
  Status optional(const TypeNode& type) {
    std::uint8_t there = 0;
    OPS_TRY(copy([&] { there = in_.fixed<std::uint8_t>(); }));
    return there == 0 ? Status() : value(*type.element);
  }
  Status list(const TypeNode& type) {
    std::uint32_t count = 0;
    OPS_TRY(copy([&] { count = in_.count(std::max<std::size_t>(type.element->bytes_min, 1)); }));
    for (std::uint32_t i = 0; i < count; ++i) OPS_TRY(below(std::to_string(i), *type.element));
    return {};
  }
  Status map(const TypeNode& type) {
    std::uint32_t count = 0;
    OPS_TRY(copy([&] { count = in_.varint(); }));
    for (std::uint32_t i = 0; i < count; ++i) {
      OPS_TRY(copy([&] { return skip_value(*type.key, in_); }));
      OPS_TRY(below(std::to_string(i), *type.element));
    }
    return {};
  }
  Status variant(const TypeNode& type) {
    std::uint32_t index = 0;
    OPS_TRY(copy([&] { index = in_.varint(); }));
    if (index >= type.fields.size()) {
      in_.fail("variant index out of range");
      return bytes_error(in_);
    }
    return below(type.fields[index].name, *type.fields[index].type);
  }
  Status structure(const TypeNode& type) {
    for (const auto& field : type.fields) OPS_TRY(below(field.name, *field.type));
    return {};
  }
  Status below(std::string_view name, const TypeNode& type) {
    const std::size_t before = pointer_.size();
    append_pointer_token(name, &pointer_);
    OPS_TRY(value(type));
    pointer_.resize(before);
    return {};
  }

  PayloadReader& in_;
  const ReplaceToken& replace_;
  Bytes& out_;
  std::string pointer_;
};

}  // namespace

bool has_personal(const TypeNode& type) {
  if (type.kind == Kind::kPersonal) return true;
  if (type.element && has_personal(*type.element)) return true;
  return std::ranges::any_of(type.fields, [](const auto& f) { return has_personal(*f.type); });
}

Status replace_tokens(const TypeNode& type, BytesView bytes, const ReplaceToken& replace,
                      Bytes* out) {
  PayloadReader in(bytes);
  OPS_TRY(Replacer(in, replace, out).value(type));
  if (in.remaining() == 0) return {};
  in.fail("bytes left over after the last field");
  return bytes_error(in);
}

}  // namespace opsledger
