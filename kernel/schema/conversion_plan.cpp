// Writer type x reader type -> plan, by the rules of sdk/SCHEMA.md.
#include "kernel/schema/conversion_plan.hpp"

namespace opsledger {

namespace {

using Kind = TypeNode::Kind;
using Step = ConversionPlan::Step;
using Planned = Result<std::unique_ptr<ConversionPlan>>;

bool is_signed(Kind kind) {
  return kind >= Kind::kI8 && kind <= Kind::kI64;
}
unsigned width(Kind kind) {
  const auto first = is_signed(kind) ? Kind::kI8 : Kind::kU8;
  return 8u << (static_cast<unsigned>(kind) - static_cast<unsigned>(first));
}

bool same_structure(const TypeNode& a, const TypeNode& b) {
  if (a.kind != b.kind) return false;
  std::string left, right;
  append_structure(a, &left);
  append_structure(b, &right);
  return left == right;
}

Error incompatible(const TypeNode& writer, const TypeNode& reader, const std::string& place,
                   std::string_view why = "") {
  return {Code::kInvalid, "schema.incompatible",
          "field " + (place.empty() ? "/" : place) + ": written as " + describe(writer) +
              ", read as " + describe(reader) + (why.empty() ? "" : ": ") + std::string(why) +
              "; the reading module needs an upcaster"};
}

Planned plan(const TypeNode& writer, const TypeNode& reader, const std::string& place);

std::unique_ptr<ConversionPlan> make(Step step, const TypeNode& writer, const TypeNode& reader) {
  auto plan = std::make_unique<ConversionPlan>();
  plan->step = step;
  plan->writer = &writer;
  plan->reader = &reader;
  return plan;
}

// Any signed fits a wider signed; an unsigned also fits a signed that is strictly wider.
Planned plan_integer(const TypeNode& writer, const TypeNode& reader, const std::string& place) {
  const bool from_signed = is_signed(writer.kind);
  if (reader.kind == Kind::kDecimal) {
    if (!from_signed && width(writer.kind) == 64) {
      return incompatible(writer, reader, place, "the largest numbers do not fit");
    }
    return make(Step::kIntegerToDecimal, writer, reader);
  }
  const bool fits = reader.is_integer() && width(reader.kind) > width(writer.kind) &&
                    (is_signed(reader.kind) || !from_signed);
  if (!fits) return incompatible(writer, reader, place);
  return make(from_signed ? Step::kWidenSigned : Step::kWidenUnsigned, writer, reader);
}

std::uint32_t index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? ConversionPlan::kAbsent
                              : static_cast<std::uint32_t>(found - names.begin());
}

std::uint32_t index_of(const TypeNode& type, std::string_view name) {
  const TypeNode::Field* field = type.find(name);
  return field ? static_cast<std::uint32_t>(field - type.fields.data()) : ConversionPlan::kAbsent;
}

Planned plan_enum(const TypeNode& writer, const TypeNode& reader) {
  auto plan = make(Step::kEnum, writer, reader);
  for (const std::string& name : writer.enumerators) {
    plan->indices.push_back(index_of(reader.enumerators, name));
  }
  return plan;
}

Planned plan_variant(const TypeNode& writer, const TypeNode& reader, const std::string& place) {
  auto result = make(Step::kVariant, writer, reader);
  for (const TypeNode::Field& alternative : writer.fields) {
    const std::uint32_t index = index_of(reader, alternative.name);
    result->indices.push_back(index);
    result->children.emplace_back();
    if (index == ConversionPlan::kAbsent) continue;
    OPS_TRY_ASSIGN(result->children.back(), plan(*alternative.type, *reader.fields[index].type,
                                                 place + "/" + alternative.name));
  }
  return result;
}

std::uint32_t writer_field(const TypeNode& writer, const TypeNode::Field& field) {
  std::uint32_t index = index_of(writer, field.name);
  for (std::size_t i = 0; index == ConversionPlan::kAbsent && i < field.aliases.size(); ++i) {
    index = index_of(writer, field.aliases[i]);
  }
  return index;
}

Planned plan_struct(const TypeNode& writer, const TypeNode& reader, const std::string& place) {
  auto result = make(Step::kStruct, writer, reader);
  for (const TypeNode::Field& field : reader.fields) {
    const std::string here = place + "/" + field.name;
    const std::uint32_t index = writer_field(writer, field);
    result->indices.push_back(index);
    result->children.emplace_back();
    if (index != ConversionPlan::kAbsent) {
      OPS_TRY_ASSIGN(result->children.back(), plan(*writer.fields[index].type, *field.type, here));
    } else if (!field.has_default && field.type->kind != Kind::kOptional) {
      return Error{Code::kInvalid, "schema.incompatible",
                   "field " + here + ": read as " + describe(*field.type) +
                       ", not written, and has neither default nor alias; give it a default, "
                       "make it optional, or add an upcaster"};
    }
  }
  return result;
}

Planned plan_map(const TypeNode& writer, const TypeNode& reader, const std::string& place) {
  auto result = make(Step::kMap, writer, reader);
  if (reader.key->kind == Kind::kDecimal) return incompatible(writer, reader, place);
  result->children.resize(2);
  OPS_TRY_ASSIGN(result->children[0], plan(*writer.key, *reader.key, place + "/<key>"));
  OPS_TRY_ASSIGN(result->children[1], plan(*writer.element, *reader.element, place + "/*"));
  return result;
}

Planned plan_element(Step step, const TypeNode& writer, const TypeNode& reader,
                     const TypeNode& from, const std::string& place) {
  auto result = make(step, writer, reader);
  result->children.resize(1);
  OPS_TRY_ASSIGN(result->children[0], plan(from, *reader.element, place));
  return result;
}

Planned plan(const TypeNode& writer, const TypeNode& reader, const std::string& place) {
  if (same_structure(writer, reader)) return make(Step::kCopy, writer, reader);
  if (reader.kind == Kind::kOptional) {
    return writer.kind == Kind::kOptional
               ? plan_element(Step::kOptional, writer, reader, *writer.element, place)
               : plan_element(Step::kWrap, writer, reader, writer, place);
  }
  if (writer.is_integer()) return plan_integer(writer, reader, place);
  if (writer.kind != reader.kind) return incompatible(writer, reader, place);
  switch (writer.kind) {
    case Kind::kEnum:
      return plan_enum(writer, reader);
    case Kind::kVariant:
      return plan_variant(writer, reader, place);
    case Kind::kStruct:
      return plan_struct(writer, reader, place);
    case Kind::kMap:
      return plan_map(writer, reader, place);
    case Kind::kList:
      return plan_element(Step::kList, writer, reader, *writer.element, place + "/*");
    default:
      return incompatible(writer, reader, place);
  }
}

}  // namespace

Result<std::unique_ptr<ConversionPlan>> plan_conversion(const TypeNode& writer,
                                                        const TypeNode& reader) {
  return plan(writer, reader, "");
}

}  // namespace opsledger
