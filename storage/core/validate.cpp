#include "storage/core/validate.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "storage/base/limits.hpp"

namespace opsledger {
namespace {

constexpr std::size_t kFieldErrorsMax = 32;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_word(char c) {
  return is_lower(c) || (c >= '0' && c <= '9') || c == '_';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_printable_ascii(std::string_view text) {
  bool others = false;
  for (const char c : text) others |= static_cast<unsigned char>(c - 0x20) > 0x7e - 0x20;
  return !others;
}

bool is_plain_text(std::string_view text) {
  if (is_printable_ascii(text)) return true;  // nearly always, in one pass
  return std::none_of(text.begin(), text.end(), is_control) && is_utf8(text);
}

/// Collects what is wrong with one thing after another; pointers are built only for what is wrong.
class Findings {
 public:
  /// Pointers begin with `prefix`, and with the number given to `at` once it was called.
  explicit Findings(std::string_view prefix) : prefix_(prefix) {}

  void at(std::size_t index) { index_ = index; }
  void add(const std::string& field, std::string detail) {
    if (full()) return;
    std::string pointer(prefix_);
    if (index_) pointer += '/' + std::to_string(*index_);
    fields_.push_back({pointer + field, std::move(detail)});
  }
  bool full() const { return fields_.size() == kFieldErrorsMax; }
  std::vector<FieldError>& fields() { return fields_; }

 private:
  std::string_view prefix_;
  std::optional<std::size_t> index_;
  std::vector<FieldError> fields_;
};

std::string too_long(std::size_t bytes, std::size_t bytes_max) {
  return "is " + std::to_string(bytes) + " bytes long, at most " + std::to_string(bytes_max) +
         " are allowed";
}

std::string too_many(std::size_t count, std::size_t count_max) {
  return "has " + std::to_string(count) + " entries, at most " + std::to_string(count_max) +
         " are allowed";
}

void check_name(const char* field, std::string_view text, Findings* findings) {
  if (text.size() > limits::kNameBytesMax) {
    findings->add(field, too_long(text.size(), limits::kNameBytesMax));
  } else if (!is_plain_text(text)) {
    findings->add(field, "must be UTF-8 without control characters");
  }
}

void check_type(const std::string& pointer, std::string_view type, Findings* findings) {
  if (is_event_type(type)) return;
  findings->add(pointer, "expected 1 to " + std::to_string(limits::kTypeBytesMax) +
                             " bytes of UTF-8 without control characters or outer spaces");
}

void check_tags(const std::string& pointer, const std::vector<std::string>& tags,
                std::size_t tags_max, Findings* findings) {
  if (tags.size() > tags_max) return findings->add(pointer, too_many(tags.size(), tags_max));
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (is_tag(tags[i])) continue;
    findings->add(pointer + "/" + std::to_string(i),
                  "expected `key:value`: key [a-z][a-z0-9_]{0,31}, value 1 to 200 bytes of UTF-8 "
                  "without comma or control characters");
  }
}

void check_metadata_entry(const std::string& key, const std::string& value, Findings* findings) {
  const std::string pointer = "/metadata/" + key;
  if (key.empty() || key.size() > limits::kMetadataKeyBytesMax || !is_lower(key[0]) ||
      !std::all_of(key.begin(), key.end(), is_word)) {
    return findings->add("/metadata", "keys are [a-z][a-z0-9_]*, at most " +
                                          std::to_string(limits::kMetadataKeyBytesMax) + " bytes");
  }
  if (key == "key") {
    findings->add(pointer, "is written by the ledger itself: give the idempotency key instead");
  } else if (value.size() > limits::kMetadataValueBytesMax) {
    findings->add(pointer, too_long(value.size(), limits::kMetadataValueBytesMax));
  } else if (key == "id" && (value.empty() || value.size() > limits::kNameBytesMax)) {
    findings->add(pointer, "an event id has 1 to 200 bytes");
  } else if (!is_utf8(value)) {
    findings->add(pointer, "must be UTF-8");
  }
}

void check_metadata(const Metadata& metadata, Findings* findings) {
  if (metadata.size() > limits::kMetadataEntriesMax) {
    return findings->add("/metadata", too_many(metadata.size(), limits::kMetadataEntriesMax));
  }
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    check_metadata_entry(metadata[i].first, metadata[i].second, findings);
    for (std::size_t j = 0; j < i; ++j) {
      if (metadata[j].first != metadata[i].first) continue;
      findings->add("/metadata/" + metadata[i].first, "is given twice");
    }
  }
}

void check_event(const NewEvent& event, Findings* findings) {
  check_type("/type", event.type, findings);
  check_tags("/tags", event.tags, limits::kTagsPerEventMax, findings);
  check_name("/department", event.department, findings);
  check_name("/actor", event.actor, findings);
  check_name("/correlation", event.correlation, findings);
  check_name("/module", event.module, findings);
  check_metadata(event.metadata, findings);
  if (event.schema.is_json() && !is_utf8(event.data)) findings->add("/data", "must be UTF-8");
}

void check_item(const QueryItem& item, Findings* findings) {
  if (item.types.empty() && item.tags.empty()) {
    return findings->add("", "names neither types nor tags: name one, or leave the item out");
  }
  if (item.types.size() > limits::kItemTypesMax) {
    findings->add("/types", too_many(item.types.size(), limits::kItemTypesMax));
  } else {
    for (std::size_t i = 0; i < item.types.size(); ++i) {
      check_type("/types/" + std::to_string(i), item.types[i], findings);
    }
  }
  check_tags("/tags", item.tags, limits::kItemTagsMax, findings);
}

Status check_events(const std::vector<NewEvent>& events) {
  if (events.empty()) {
    return Error{Code::kInvalid,
                 "event.invalid",
                 "An append needs at least one event",
                 {{"/events", "is empty"}}};
  }
  if (events.size() > limits::kProposalEventsMax) {
    return Error{Code::kTooLarge, "proposal.too_many_events",
                 "One append holds " + std::to_string(events.size()) + " events, at most " +
                     std::to_string(limits::kProposalEventsMax) +
                     " are allowed: split it into several"};
  }
  Findings findings("/events");
  for (std::size_t i = 0; i < events.size() && !findings.full(); ++i) {
    findings.at(i);
    check_event(events[i], &findings);
  }
  if (findings.fields().empty()) return {};
  return Error{Code::kInvalid, "event.invalid",
               "An event does not fit the ledger's rules: see each field",
               std::move(findings.fields())};
}

Status check_key(const IdempotencyKey& key) {
  Findings findings("/key");
  check_name("/scope", key.scope, &findings);
  check_name("/key", key.key, &findings);
  if (key.key.empty()) findings.add("/key", "is empty: leave it out or give 1 to 200 bytes");
  if (findings.fields().empty()) return {};
  return Error{Code::kInvalid, "key.invalid", "The idempotency key does not fit: see each field",
               std::move(findings.fields())};
}

}  // namespace

bool is_event_type(std::string_view text) {
  return !text.empty() && text.size() <= limits::kTypeBytesMax && text.front() != ' ' &&
         text.back() != ' ' && is_plain_text(text);
}

bool is_module_type(std::string_view text) {
  if (text.empty() || text.size() > limits::kTypeBytesMax || !is_lower(text[0])) return false;
  bool dotted = false;
  char before = 0;
  for (const char c : text) {
    if (c == '.') {
      if (before == '.') return false;
      dotted = true;
    } else if (!is_word(c)) {
      return false;
    }
    before = c;
  }
  return dotted && before != '.';
}

bool is_tag(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > limits::kTagKeyBytesMax) {
    return false;
  }
  const auto key = text.substr(0, colon);
  const auto value = text.substr(colon + 1);
  return is_lower(key[0]) && std::all_of(key.begin(), key.end(), is_word) && !value.empty() &&
         value.size() <= limits::kTagValueBytesMax && value.find(',') == std::string_view::npos &&
         is_plain_text(value);
}

bool is_valid_event(const NewEvent& event) {
  Findings findings("");
  check_event(event, &findings);
  return findings.fields().empty();
}

Status validate_query(const Query& query, std::string_view pointer) {
  const std::string items = std::string(pointer) + "/items";
  Findings findings(items);
  if (query.items.size() > limits::kQueryItemsMax) {
    findings.add("", too_many(query.items.size(), limits::kQueryItemsMax));
  } else {
    for (std::size_t i = 0; i < query.items.size() && !findings.full(); ++i) {
      findings.at(i);
      check_item(query.items[i], &findings);
    }
  }
  if (findings.fields().empty()) return {};
  return Error{Code::kInvalid, "query.invalid", "The query does not fit: see each field",
               std::move(findings.fields())};
}

Status validate_proposal(const Proposal& proposal) {
  OPS_TRY(check_events(proposal.events));
  if (proposal.key) OPS_TRY(check_key(*proposal.key));
  if (!proposal.condition) return {};
  if (proposal.condition->query.items.empty()) {
    return Error{Code::kInvalid,
                 "condition.empty",
                 "A condition without items would match everything: name types or tags, or leave "
                 "the condition out",
                 {{"/condition/query/items", "is empty"}}};
  }
  return validate_query(proposal.condition->query, "/condition/query");
}

}  // namespace opsledger
