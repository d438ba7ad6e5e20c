// Runs conversion plans.
#include "kernel/schema/conversion_plan.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "kernel/schema/schema.hpp"
#include "kernel/schema/walk.hpp"

namespace opsledger {

namespace {

using Step = ConversionPlan::Step;
using Kind = TypeNode::Kind;

std::size_t integer_bytes(Kind kind) {
  const auto first = kind <= Kind::kI64 ? Kind::kI8 : Kind::kU8;
  return std::size_t{1} << (static_cast<unsigned>(kind) - static_cast<unsigned>(first));
}

class Converter {
 public:
  Converter(PayloadReader& in, Bytes* out) : in_(in), out_(*out) {}
  bool run(const ConversionPlan& plan);
  const std::optional<Error>& unknown_name() const { return unknown_; }

 private:
  bool copy(const ConversionPlan& plan);
  bool integer(const ConversionPlan& plan);
  bool enumerator(const ConversionPlan& plan);
  bool optional(const ConversionPlan& plan);
  bool list(const ConversionPlan& plan);
  bool map(const ConversionPlan& plan);
  bool variant(const ConversionPlan& plan);
  bool structure(const ConversionPlan& plan);
  bool unknown(const ConversionPlan& plan, std::string_view name);

  PayloadReader& in_;
  Bytes& out_;
  std::optional<Error> unknown_;
};

bool Converter::run(const ConversionPlan& plan) {
  switch (plan.step) {
    case Step::kCopy:
      return copy(plan);
    case Step::kWidenSigned:
    case Step::kWidenUnsigned:
    case Step::kIntegerToDecimal:
      return integer(plan);
    case Step::kEnum:
      return enumerator(plan);
    case Step::kWrap:
      return out_.push_back('\1'), run(*plan.children[0]);
    case Step::kOptional:
      return optional(plan);
    case Step::kList:
      return list(plan);
    case Step::kMap:
      return map(plan);
    case Step::kVariant:
      return variant(plan);
    case Step::kStruct:
      return structure(plan);
  }
  return false;
}

bool Converter::copy(const ConversionPlan& plan) {
  const char* from = in_.at();
  if (!skip_value(*plan.writer, in_)) return false;
  out_.append(from, in_.at());
  return true;
}

bool Converter::integer(const ConversionPlan& plan) {
  IntegerSink sink;
  if (!Walker<IntegerSink>(in_, sink).walk(*plan.writer)) return false;
  const bool decimal = plan.step == Step::kIntegerToDecimal;
  const std::size_t size = decimal ? 8 : integer_bytes(plan.reader->kind);
  out_.append(reinterpret_cast<const char*>(&sink.bits), size);
  if (decimal) out_.push_back('\0');  // scale
  return true;
}

bool Converter::unknown(const ConversionPlan& plan, std::string_view name) {
  unknown_ = Error{Code::kInvalid, "schema.name_unknown",
                   "the event has \"" + std::string(name) + "\", a name that the reading " +
                       describe(*plan.reader) +
                       " does not have; upgrade the reading module or add an upcaster"};
  return false;
}

bool Converter::enumerator(const ConversionPlan& plan) {
  const std::uint32_t index = in_.varint();
  if (!in_.ok() || index >= plan.indices.size()) return in_.fail("enum index out of range");
  if (plan.indices[index] == ConversionPlan::kAbsent) {
    return unknown(plan, plan.writer->enumerators[index]);
  }
  append_varint(plan.indices[index], &out_);
  return true;
}

bool Converter::optional(const ConversionPlan& plan) {
  const auto present = in_.fixed<std::uint8_t>();
  if (!in_.ok() || present > 1) return in_.fail("optional marker is neither 0 nor 1");
  out_.push_back(static_cast<char>(present));
  return present == 0 || run(*plan.children[0]);
}

bool Converter::list(const ConversionPlan& plan) {
  const std::uint32_t count = in_.count(plan.writer->element->bytes_min);
  append_varint(count, &out_);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!run(*plan.children[0])) return false;
  }
  return in_.ok();
}

// Widening keeps the order of keys, so that they stay strictly ascending when they were; whether
// they were is checked on the writer's bytes before.
bool Converter::map(const ConversionPlan& plan) {
  PayloadReader checked(BytesView(in_.at(), in_.remaining()));
  if (!skip_value(*plan.writer, checked)) return in_.fail(checked.problem());
  const std::uint32_t count =
      in_.count(plan.writer->key->bytes_min + plan.writer->element->bytes_min);
  append_varint(count, &out_);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!run(*plan.children[0]) || !run(*plan.children[1])) return false;
  }
  return in_.ok();
}

bool Converter::variant(const ConversionPlan& plan) {
  const std::uint32_t index = in_.varint();
  if (!in_.ok() || index >= plan.indices.size()) return in_.fail("variant index out of range");
  if (plan.indices[index] == ConversionPlan::kAbsent) {
    return unknown(plan, plan.writer->fields[index].name);
  }
  append_varint(plan.indices[index], &out_);
  return run(*plan.children[index]);
}

bool Converter::structure(const ConversionPlan& plan) {
  std::vector<BytesView> spans;
  spans.reserve(plan.writer->fields.size());
  for (const TypeNode::Field& field : plan.writer->fields) {
    const char* from = in_.at();
    if (!skip_value(*field.type, in_)) return false;
    spans.emplace_back(from, static_cast<std::size_t>(in_.at() - from));
  }
  for (std::size_t i = 0; i < plan.indices.size(); ++i) {
    const TypeNode::Field& field = plan.reader->fields[i];
    if (plan.indices[i] == ConversionPlan::kAbsent) {
      field.has_default ? out_.append(field.default_bytes) : out_.append(1, '\0');
      continue;
    }
    PayloadReader span(spans[plan.indices[i]]);
    Converter inner(span, &out_);
    if (inner.run(*plan.children[i])) continue;
    unknown_ = inner.unknown_;
    return unknown_ ? false : in_.fail(span.problem());
  }
  return true;
}

}  // namespace

Status run_conversion(const ConversionPlan& plan, BytesView writer_bytes, Bytes* out) {
  PayloadReader in(writer_bytes);
  Converter converter(in, out);
  if (converter.run(plan)) {
    if (in.remaining() == 0) return {};
    in.fail("bytes left over after the last field");
  }
  if (converter.unknown_name()) return *converter.unknown_name();
  return bytes_error(in);
}

Resolution::Resolution() = default;
Resolution::~Resolution() = default;

Result<std::shared_ptr<const Resolution>> Resolution::make(std::shared_ptr<const Schema> writer,
                                                           std::shared_ptr<const Schema> reader) {
  auto resolution = std::make_shared<Resolution>();
  if (writer->id() != reader->id()) {
    OPS_TRY_ASSIGN(resolution->plan_, plan_conversion(writer->root(), reader->root()));
  }
  resolution->writer_ = std::move(writer);
  resolution->reader_ = std::move(reader);
  return std::shared_ptr<const Resolution>(std::move(resolution));
}

Status Resolution::convert(BytesView writer_bytes, Bytes* out) const {
  if (identity()) {
    OPS_TRY(writer_->check(writer_bytes));
    out->append(writer_bytes);
    return {};
  }
  const std::size_t before = out->size();
  Status status = run_conversion(*plan_, writer_bytes, out);
  if (!status.ok()) out->resize(before);
  return status;
}

}  // namespace opsledger
