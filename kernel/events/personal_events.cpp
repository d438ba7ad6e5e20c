#include "kernel/events/personal_events.hpp"

#include "kernel/schema/payload_reader.hpp"
#include "kernel/schema/payload_writer.hpp"
#include "kernel/schema/personal_tokens.hpp"

namespace opsledger {
namespace {

constexpr std::string_view kSubjectTags[] = {"person:", "customer:"};

/// Replaces every token of a whole payload; `data` stays as it was on an error.
Status replace_all(const Schema& schema, const ReplaceToken& replace, Bytes* data) {
  Bytes out;
  out.reserve(data->size());
  OPS_TRY(replace_tokens(schema.root(), *data, replace, &out));
  *data = std::move(out);
  return {};
}

Result<BytesView> withheld_value(BytesView token, const WithheldValues& withheld) {
  PayloadReader in(token.substr(1));
  const std::uint32_t number = in.varint();
  if (!in.ok() || in.remaining() > 0 || number >= withheld.size()) {
    return Error{Code::kInvalid, "personal.token",
                 "a personal field holds a token that the host did not give out"};
  }
  return BytesView(withheld[number]);
}

}  // namespace

Result<std::string_view> subject_of_tags(std::span<const std::string> tags) {
  std::string_view subject;
  for (const std::string_view tag : tags) {
    for (const auto key : kSubjectTags) {
      if (!tag.starts_with(key)) continue;
      if (!subject.empty() && subject != tag.substr(key.size())) {
        return Error{Code::kInvalid, "personal.subject",
                     "personal fields of an event that names several persons: whose are they? Give "
                     "it one tag person: or customer:"};
      }
      subject = tag.substr(key.size());
    }
  }
  if (subject.empty()) {
    return Error{Code::kInvalid, "personal.subject",
                 "personal fields of an event that names nobody: give it a tag person: or "
                 "customer:"};
  }
  return subject;
}

Status withhold(const Schema& schema, Bytes* data, WithheldValues* values) {
  if (!has_personal(schema.root())) return {};
  const auto take = [values](BytesView token, std::string_view) -> Result<Bytes> {
    if (token[0] == kPersonalSealed) return Bytes(token);  // a reaction's, from the event
    if (token[0] != kPersonalClear) {
      return Error{Code::kInvalid, "personal.token", "a personal field of a command is no value"};
    }
    Bytes number(1, kPersonalWithheld);
    append_varint(static_cast<std::uint32_t>(values->size()), &number);
    values->emplace_back(token.substr(1));
    return number;
  };
  return replace_all(schema, take, data);
}

Status seal_personal(const Schema& schema, std::span<const std::string> tags,
                     const WithheldValues& withheld, PersonalData* personal, Bytes* data) {
  if (!has_personal(schema.root())) return {};
  if (personal == nullptr) {
    return Error{Code::kInvalid, "personal.no_store",
                 "personal fields need a key store to be sealed, and there is none here"};
  }
  const auto seal = [&](BytesView token, std::string_view pointer) -> Result<Bytes> {
    if (token[0] == kPersonalSealed) return Bytes(token);
    BytesView value = token.substr(1);
    if (token[0] != kPersonalClear) {
      OPS_TRY_ASSIGN(value, withheld_value(token, withheld));
    }
    OPS_TRY_ASSIGN(const auto subject, subject_of_tags(tags));
    return personal->seal(subject, pointer, value);
  };
  return replace_all(schema, seal, data);
}

Status PersonalReader::reveal(const TypeNode& type, BytesView value, Bytes* out) const {
  const auto open = [this](BytesView token, std::string_view) -> Result<Bytes> {
    const bool mine = !subject.empty() && PersonalData::subject_of(token) == subject;
    if (store == nullptr || token[0] != kPersonalSealed || !(all || mine)) return Bytes(token);
    auto opened = store->open(token);
    if (!opened.ok() && opened.error().code == Code::kCorrupt) return Bytes(token);
    return opened;
  };
  return replace_tokens(type, value, open, out);
}

}  // namespace opsledger
