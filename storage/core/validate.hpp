// What may enter a ledger: sizes, grammars and UTF-8. Pure; the same verdict on every node.
#pragma once

#include <string_view>

#include "storage/api/ledger.hpp"

namespace opsledger {

/// Strict UTF-8: no overlong forms, surrogates or code points above U+10FFFF.
bool is_utf8(std::string_view text);

/// What a ledger takes as a type: 1 to limits::kTypeBytesMax bytes of UTF-8 without control
/// characters and without a space at either end. Wide, so that events of other systems
/// (`CourseDefined`, `order-created`, `place order`) are kept under the names they have.
bool is_event_type(std::string_view text);

/// What a module may declare: `[a-z][a-z0-9_]*(\.[a-z0-9_]+)+`, an event type too.
bool is_module_type(std::string_view text);

/// `key:value`: key `[a-z][a-z0-9_]{0,31}`, value 1 to 200 bytes of UTF-8 without comma or
/// control characters (U+0000 to U+001F, U+007F).
bool is_tag(std::string_view text);

/// Whether every field of `event` is one an append would take (sizes in all apart).
bool is_valid_event(const NewEvent& event);

/// Checks every event of a proposal, its condition and its key. Errors: kInvalid `event.invalid`
/// with a pointer per field into `{"events":[…],"condition":{…}}` (at most 32 of them), kInvalid
/// `condition.empty`, kInvalid `query.invalid`, kTooLarge `proposal.too_many_events`. Encoded
/// sizes are checked when encoding (apply.hpp).
Status validate_proposal(const Proposal& proposal);

/// Checks a query's sizes and grammar; an item without types and tags is refused. `pointer` goes
/// before each field's pointer (`/query`). Errors: kInvalid `query.invalid`.
Status validate_query(const Query& query, std::string_view pointer);

}  // namespace opsledger
