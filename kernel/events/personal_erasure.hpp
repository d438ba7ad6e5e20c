// Erasing a person: the key goes, the fact stays.
#pragma once

#include <string_view>

#include "kernel/events/raw_append.hpp"
#include "kernel/keystore/personal_data.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

inline constexpr std::string_view kPersonErasedEvent = "personal.erased";

/// Appends `personal.erased{subject}` (tag person:<subject>), then destroys the key: in this order,
/// so that a crash between the two is made good by `repeat_erasures`. Idempotent: once erased,
/// nothing more is appended. Errors: kInvalid `personal.subject` (no id),
/// `command.reason_required`; the ledger's; the key store's.
Result<Position> erase_person(Ledger& ledger, PersonalData& personal, std::string_view subject,
                              const RequestContext& context);

/// Destroys the keys of everybody whom the ledger says was erased: after a crash, and when a key
/// store was brought back from an older backup. Errors: as above.
Status repeat_erasures(Ledger& ledger, PersonalData& personal);

}  // namespace opsledger
