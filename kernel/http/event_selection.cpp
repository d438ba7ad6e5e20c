#include "kernel/http/event_selection.hpp"

#include <boost/json/object.hpp>

#include "kernel/events/raw_append.hpp"
#include "kernel/http/text.hpp"

namespace opsledger {

namespace {

Result<Direction> parse_direction(std::string_view text) {
  if (text == "forward") return Direction::kForward;
  if (text == "backward") return Direction::kBackward;
  return Error{Code::kMalformed, "http.parameter",
               "direction=" + std::string(text) + "; it is forward or backward"};
}

Status add_parameter(const std::string& name, const std::string& value, QueryItem* item,
                     EventSelection* selection) {
  if (name == "type") {
    item->types.push_back(value);
  } else if (name == "tag") {
    item->tags.push_back(value);
  } else if (name == "after") {
    OPS_TRY_ASSIGN(selection->options.after.value, number_parameter(name, value));
  } else if (name == "limit") {
    OPS_TRY_ASSIGN(selection->options.limit, number_parameter(name, value));
  } else if (name == "direction") {
    OPS_TRY_ASSIGN(selection->options.direction, parse_direction(value));
  } else if (name == "department") {
    selection->department = value;
  } else {
    return Error{
        Code::kMalformed, "http.parameter",
        "unknown parameter " + name + "; known are type, tag, after, limit, direction, department"};
  }
  return {};
}

Error field_error(std::string pointer, std::string detail) {
  return {Code::kInvalid,
          "query.invalid",
          "the query is not valid",
          {{std::move(pointer), std::move(detail)}}};
}

Status add_member(std::string_view name, const boost::json::value& value,
                  EventSelection* selection) {
  if (name == "query") {
    OPS_TRY_ASSIGN(selection->query, parse_query(value, "/query"));
  } else if (name == "after" || name == "limit") {
    boost::system::error_code error;
    const auto number = value.to_number<std::uint64_t>(error);
    if (error) return field_error("/" + std::string(name), "expected a number, 0 or more");
    (name == "after" ? selection->options.after.value : selection->options.limit) = number;
  } else if (name == "direction") {
    const auto direction =
        value.is_string() ? parse_direction(value.get_string()) : parse_direction("?");
    if (!direction.ok()) return field_error("/direction", "expected forward or backward");
    selection->options.direction = *direction;
  } else if (name == "department" && value.is_string()) {
    selection->department = std::string(value.get_string());
  } else {
    return field_error("/" + std::string(name),
                       "unknown field; known are query, after, limit, direction, department");
  }
  return {};
}

}  // namespace

Result<EventSelection> selection_from_query(const QueryParameters& parameters) {
  OPS_TRY(refuse_repeated(parameters, {"after", "limit", "direction", "department"}));
  EventSelection selection;
  QueryItem item;
  for (const auto& [name, value] : parameters) {
    OPS_TRY(add_parameter(name, value, &item, &selection));
  }
  if (!item.types.empty() || !item.tags.empty()) selection.query.items.push_back(std::move(item));
  return selection;
}

Result<EventSelection> selection_from_json(const boost::json::value& body) {
  EventSelection selection;
  if (!body.is_object()) return field_error("", "expected an object");
  for (const auto& member : body.get_object()) {
    OPS_TRY(add_member({member.key().data(), member.key().size()}, member.value(), &selection));
  }
  return selection;
}

}  // namespace opsledger
