// Names that events have outside: CloudEvents attributes and the metadata keys behind them.
#pragma once

#include <string_view>

namespace opsledger::attributes {

inline constexpr std::string_view kTypedSchemaPrefix = "urn:opsledger:schema:";
inline constexpr std::string_view kJsonType = "application/json";

// Metadata keys.
inline constexpr std::string_view kId = "id";
inline constexpr std::string_view kKey = "key";  ///< written by the ledger, never shown
inline constexpr std::string_view kReason = "reason";
inline constexpr std::string_view kTraceparent = "traceparent";
/// `base64`: data is a JSON string holding base64, shown as data_base64.
inline constexpr std::string_view kDataEncoding = "dataencoding";
inline constexpr std::string_view kDataContentType = "datacontenttype";
inline constexpr std::string_view kDataSchema = "dataschema";

/// What the ledger says itself about an event. From an incoming CloudEvent (a copy of another
/// ledger's, perhaps) they are kept under `origin` + name: nothing is lost, nothing is forged.
inline constexpr std::string_view kLedgersOwn[] = {
    "source", "position", "recordedat", "actor",      "causationposition", "module",
    "role",   "rule",     "reason",     "onbehalfof", "dataencoding",      "key",
};
inline constexpr std::string_view kOrigin = "origin";

}  // namespace opsledger::attributes
