#include "kernel/command/number_series.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace opsledger {

namespace json = boost::json;

std::string series_tag(std::string_view series) {
  return "series:" + std::string(series);
}

std::string format_number(std::string_view series, std::uint64_t number, unsigned width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return std::string(series) + "-" + digits;
}

NewEvent number_issued(std::string_view series, std::uint64_t sequence, std::string_view number) {
  NewEvent event;
  event.type = kNumberIssued;
  event.tags = {series_tag(series)};
  event.data =
      json::serialize(json::object{{"number", number}, {"series", series}, {"sequence", sequence}});
  return event;
}

Result<std::uint64_t> issued_sequence(const EventView& event) {
  boost::system::error_code error;
  const auto data = json::parse(event.data, error);
  if (!error && data.is_object()) {
    if (const auto* sequence = data.get_object().if_contains("sequence")) {
      const auto number = sequence->to_number<std::uint64_t>(error);
      if (!error) return number;
    }
  }
  return Error{Code::kCorrupt, "number.corrupt",
               "event " + std::to_string(event.position.value) +
                   " is a number.issued without a sequence; run `opsledger verify`"};
}

}  // namespace opsledger
