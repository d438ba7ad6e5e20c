// The record of one event: what is stored, hashed and served as a transparency-log entry.
// Every byte is described in storage/FORMAT.md §1.
#pragma once

#include <optional>

#include "storage/api/event.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

inline constexpr std::uint8_t kRecordVersion = 1;

/// Bits of a record's flags byte. Bits not named here are refused.
enum RecordFlags : std::uint8_t {
  kRecordHasTime = 1,       ///< `time` is stored; otherwise it equals recorded_at
  kRecordHasCausation = 2,  ///< `causation` is stored; otherwise 0
  kRecordHasSchema = 4,     ///< `schema` is stored; otherwise json
  kRecordHasPersonal = 8,   ///< reserved: `data` holds at least one encrypted personal token
};

/// Appends the record of `event` to `out`: tags sorted and without repetition, metadata sorted,
/// `key_stamp` (unless empty) as metadata `key`. The same input gives the same bytes on every
/// node. Precondition: `event` is valid (validate.hpp).
void encode_event(const NewEvent& event, Position position, Time recorded_at, BytesView key_stamp,
                  Bytes* out);

/// Overwrites position and recorded_at of an encoded record: they have a fixed place, so that
/// records are encoded before the sequencer is asked. Precondition: `record` is a whole record.
void stamp_record(char* record, Position position, Time recorded_at);

/// Turns record bytes into views. Stateless; thread safe.
class EventDecoder {
 public:
  /// Decodes `record` without allocating; `out` borrows from it. Every field is bounds-checked
  /// once; tags and metadata stay packed. False when the bytes are no record of this version.
  /// Never reads outside `record`, whatever it holds.
  static bool decode(BytesView record, EventView* out);

  /// The same for bytes that may be damaged or hostile: besides, the bytes must be exactly what
  /// `encode_event` writes for the decoded event, and an append would have taken that event
  /// (texts, tags, names of metadata). Errors: kCorrupt.
  static Result<EventView> decode_strict(BytesView record);
};

/// The decoded event as a proposal would have held it, without the ledger's own `key` metadata.
NewEvent to_new_event(const EventView& event);

}  // namespace opsledger
