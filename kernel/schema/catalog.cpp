#include "kernel/schema/catalog.hpp"

#include "kernel/schema/json_parse.hpp"
#include "kernel/schema/json_text.hpp"

namespace opsledger {

namespace {

std::string schema_tag(const SchemaId& id) {
  return "schema:" + hex(id.bytes);
}

Bytes registration(std::string_view event_type, unsigned version, const Schema& schema) {
  Bytes data = "{\"id\":\"" + hex(schema.id().bytes) + "\",\"type\":";
  append_json_string(event_type, &data);
  data.append(",\"version\":").append(std::to_string(version)).append(",\"text\":");
  append_json_string(schema.text(), &data);
  return data.append("}");
}

Error invalid_registration(Position position, const std::string& why) {
  return {Code::kCorrupt, "schema.registration_invalid",
          "schema.registered at position " + std::to_string(position.value) + ": " + why +
              "; run `opsledger verify` on this ledger"};
}

Result<std::shared_ptr<const Schema>> read_registration(const EventView& event) {
  const auto data = parse_json(event.data);
  const boost::json::value* text =
      data.ok() && data->is_object() ? data->get_object().if_contains("text") : nullptr;
  if (text == nullptr || !text->is_string()) {
    return invalid_registration(event.position, "data has no text");
  }
  auto schema = Schema::parse(text->get_string());
  if (!schema.ok()) return invalid_registration(event.position, schema.error().message);
  if (!event.has_tag(schema_tag((*schema)->id()))) {
    return invalid_registration(event.position, "the text's id " + hex((*schema)->id().bytes) +
                                                    " is not the one in the tag");
  }
  return schema;
}

}  // namespace

Status SchemaCatalog::load(const Ledger& ledger) {
  {
    std::unique_lock lock(mutex_);
    ledger_ = &ledger;
  }
  return read_new(ledger);
}

Status SchemaCatalog::read_new(const Ledger& ledger) const {
  std::lock_guard reading(reading_);
  ReadOptions options;
  {
    std::shared_lock lock(mutex_);
    options.after = seen_;
  }
  options.upto = ledger.durable().position;
  if (options.upto <= options.after) return {};
  OPS_TRY_ASSIGN(auto cursor,
                 ledger.read({.items = {{.types = {std::string(kSchemaRegistered)}}}}, options));
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const EventView& event : events) {
      OPS_TRY_ASSIGN(auto schema, read_registration(event));
      std::unique_lock lock(mutex_);
      schemas_.emplace(schema->id(), schema);
    }
  }
  std::unique_lock lock(mutex_);
  seen_ = options.upto;
  return {};
}

Status SchemaCatalog::ensure(Ledger& ledger, std::string_view event_type, unsigned version,
                             std::shared_ptr<const Schema> schema) {
  {
    std::unique_lock lock(mutex_);
    ledger_ = &ledger;
  }
  if (find(schema->id())) return {};
  const std::string tag = schema_tag(schema->id());
  NewEvent event;
  event.type = kSchemaRegistered;
  event.tags = {tag};
  event.actor = "kernel";
  event.data = registration(event_type, version, *schema);
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  proposal.condition = AppendCondition{
      .query = {.items = {{.types = {std::string(kSchemaRegistered)}, .tags = {tag}}}}};
  const auto outcome = append_and_wait(ledger, std::move(proposal));
  if (!outcome.ok() && outcome.error().code != Code::kConflict) return outcome.error();
  // A conflict: somebody else registered it. Either way it is there now.
  std::unique_lock lock(mutex_);
  schemas_.emplace(schema->id(), std::move(schema));
  return {};
}

std::shared_ptr<const Schema> SchemaCatalog::known(const SchemaId& id) const {
  std::shared_lock lock(mutex_);
  const auto found = schemas_.find(id);
  return found == schemas_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<const Resolution>> SchemaCatalog::resolution(
    const SchemaId& writer, const std::shared_ptr<const Schema>& reader) const {
  const Pair pair{writer, reader.get()};
  {
    std::shared_lock lock(mutex_);
    const auto found = resolutions_.find(pair);
    if (found != resolutions_.end()) return found->second;
  }
  auto written = find(writer);
  if (written == nullptr) {
    return Error{Code::kCorrupt, "schema.unknown",
                 "schema " + hex(writer.bytes) +
                     " is not registered in this ledger; run "
                     "`opsledger verify`"};
  }
  OPS_TRY_ASSIGN(auto resolution, Resolution::make(std::move(written), reader));
  std::unique_lock lock(mutex_);
  return resolutions_.emplace(pair, std::move(resolution)).first->second;
}

std::shared_ptr<const Schema> SchemaCatalog::find(const SchemaId& id) const {
  if (id.is_json()) return nullptr;
  if (auto schema = known(id)) return schema;
  const Ledger* ledger = nullptr;
  {
    std::shared_lock lock(mutex_);
    ledger = ledger_;
  }
  // What cannot be read now is not known now; the next miss tries again.
  if (ledger == nullptr || !read_new(*ledger).ok()) return nullptr;
  return known(id);
}

}  // namespace opsledger
