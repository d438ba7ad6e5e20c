// Personal fields of events: sealed before an event is hashed and stored, opened when it is shown.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/keystore/personal_data.hpp"
#include "kernel/schema/schema.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// The person an event's personal fields are about: the value of its only tag `person:` or
/// `customer:`. Errors: kInvalid `personal.subject` when there is none or several.
Result<std::string_view> subject_of_tags(std::span<const std::string> tags);

/// Values that stay with the host while a plugin decides; the tokens in a command's bytes are
/// their numbers.
using WithheldValues = std::vector<Bytes>;

/// Takes the values of clear tokens out of a command's bytes.
Status withhold(const Schema& schema, Bytes* data, WithheldValues* values);

/// Seals the clear and the withheld values in an event's bytes; sealed tokens, which a module
/// copied from what it folded, stay. Without personal fields nothing happens. Errors: those of
/// subject_of_tags and PersonalData::seal; kInvalid `personal.token` (a token of no value);
/// kInvalid `personal.no_store` when `personal` is null.
Status seal_personal(const Schema& schema, std::span<const std::string> tags,
                     const WithheldValues& withheld, PersonalData* personal, Bytes* data);

/// Who looks at personal fields, and whose they may see. A value; the store must outlive it. The
/// default sees none.
struct PersonalReader {
  const PersonalData* store = nullptr;
  bool all = false;     ///< everybody's
  std::string subject;  ///< else only what is about this person: oneself

  /// Appends `value` (bytes of one value of `type`) with the tokens that the reader may see opened:
  /// they show their value, or that it was erased. The others stay sealed. A token that does not
  /// open stays sealed too: history must stay readable.
  Status reveal(const TypeNode& type, BytesView value, Bytes* out) const;
};

}  // namespace opsledger
