#include "kernel/effects/ledger_facts.hpp"

#include <boost/json/parse.hpp>

#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr std::string_view kDefined = "notify.channel_defined";
constexpr std::string_view kRetired = "notify.channel_retired";

}  // namespace

json::object event_data(const EventView& event, const SchemaCatalog& schemas,
                        const PersonalReader& reader) {
  if (event.schema.is_json()) {
    boost::system::error_code failed;
    auto value = json::parse(json::string_view(event.data.data(), event.data.size()), failed);
    return !failed && value.is_object() ? value.get_object() : json::object();
  }
  const auto schema = schemas.find(event.schema);
  if (!schema) return {};
  Bytes shown;
  const bool revealed =
      reader.store != nullptr && reader.reveal(schema->root(), event.data, &shown).ok();
  auto value = schema->decode(revealed ? BytesView(shown) : event.data);
  return value && value->is_object() ? value->get_object() : json::object();
}

std::string text_member(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<std::optional<ChannelFacts>> read_channel(const Ledger& ledger, const SchemaCatalog& schemas,
                                                 const std::string& channel) {
  ReadOptions newest;
  newest.limit = 1;
  newest.direction = Direction::kBackward;
  const Query query{{{{std::string(kDefined), std::string(kRetired)}, {"channel:" + channel}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, newest));
  OPS_TRY_ASSIGN(const auto events, cursor->next());
  if (events.empty() || events[0].type == kRetired) return std::optional<ChannelFacts>();
  const auto data = event_data(events[0], schemas);
  return std::optional(ChannelFacts{channel, text_member(data, "kind"), text_member(data, "url"),
                                    text_member(data, "from"), text_member(data, "username"),
                                    text_member(data, "security")});
}

Result<Contact> read_contact(const Ledger& ledger, const SchemaCatalog& schemas,
                             const PersonalReader& reader, const std::string& person) {
  Contact contact;
  if (person.empty() || !is_tag("person:" + person)) return contact;
  const Query query{{{{"person.registered", "person.profile_changed"}, {"person:" + person}}}};
  OPS_TRY_ASSIGN(const auto cursor, ledger.read(query, {}));
  const std::pair<const char*, std::string Contact::*> kFields[] = {
      {"email", &Contact::email},
      {"mobile", &Contact::mobile},
      {"dingtalk", &Contact::dingtalk},
      {"feishu", &Contact::feishu},
      {"wecom", &Contact::wecom}};
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return contact;
    for (const auto& event : events) {
      const auto data = event_data(event, schemas, reader);
      for (const auto& [name, field] : kFields) {
        if (data.contains(name) && data.at(name).is_string())
          contact.*field = text_member(data, name);
      }
    }
  }
}

}  // namespace opsledger
