// `{"items":[{"types":[],"tags":[]}]}` -> Query.
#include "kernel/events/field_errors.hpp"
#include "kernel/events/raw_append.hpp"
#include "storage/base/limits.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {

namespace json = boost::json;

namespace {

constexpr std::string_view kReason = "query.invalid";

QueryItem read_item(const json::value& json, const std::string& base, FieldErrors* errors) {
  QueryItem item;
  const std::size_t errors_before = errors->count();
  ObjectReader reader(json, base, errors, kReason);
  if (const json::value* types = reader.take("types")) {
    item.types = read_texts(*types, reader.pointer("types"), limits::kItemTypesMax, is_event_type,
                            kTypeExpected, errors, kReason);
  }
  if (const json::value* tags = reader.take("tags")) {
    item.tags = read_texts(*tags, reader.pointer("tags"), limits::kItemTagsMax, is_tag,
                           kTagExpected, errors, kReason);
  }
  reader.refuse_others();
  if (item.types.empty() && item.tags.empty() && errors->count() == errors_before) {
    errors->add(base, "names neither types nor tags: name one, or leave the item out", kReason);
  }
  return item;
}

}  // namespace

Result<Query> parse_query(const json::value& json, std::string_view base) {
  FieldErrors errors;
  Query query;
  ObjectReader reader(json, std::string(base), &errors, kReason);
  const json::value* items = reader.take("items");
  const std::string pointer = reader.pointer("items");
  if (items != nullptr) {
    const json::array* array = items->if_array();
    if (array == nullptr || array->size() > limits::kQueryItemsMax) {
      errors.add(pointer, "expected an array of at most 64 items", kReason);
    } else {
      for (std::size_t i = 0; i < array->size(); ++i) {
        query.items.push_back(read_item((*array)[i], pointer + "/" + std::to_string(i), &errors));
      }
    }
  }
  reader.refuse_others();
  OPS_TRY(std::move(errors).finish());
  return query;
}

}  // namespace opsledger
