#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/import/csv_reader.hpp"
#include "kernel/import/row_mapper.hpp"
#include "kernel/schema/json_parse.hpp"
#include "storage/base/assert.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/import/import_support.hpp"

namespace opsledger::fuzz {

namespace {

constexpr std::string_view kMap = R"(
name = "fuzz"
key = "{id}"
missing = ["?", ""]
time_zone = "Europe/London"
time_format = "%d/%m/%Y %H:%M"
[columns]
id = { required = true }
text = { trim = true, strip_prefix = "<", strip_suffix = ">" }
whole = { as = "integer" }
real = { as = "number" }
yes = { as = "boolean" }
at = { as = "time" }
day = { as = "date", time_format = "%Y-%m-%d" }
rate = { as = "decimal" }
price = { as = "money", currency = "CNY" }
state = { values = { New = "new" }, otherwise = "other" }
[[emit]]
type = "fuzz.made"
when = "first"
time = "at"
tags = ["id:{id}", "state:{state}"]
data = { id = "{id}", text = "{text}", whole = "{whole}", real = "{real}", yes = "{yes}", day = "{day}", rate = "{rate}", price = "{price}", list = ["{state}", 1] }
[[emit]]
type = "fuzz.changed"
when = "changed:state"
tags = ["id:{id}"]
data = { id = "{id}", note = "{text} {state}" }
)";

const ImportMap& map() {
  static const ImportMap parsed = [] {
    auto result = ImportMap::parse(kMap);
    if (!result.ok()) std::fprintf(stderr, "%s\n", result.error().message.c_str());
    return std::move(result).value();
  }();
  return parsed;
}

void map_rows(CsvReader& reader, RowMapper& mapper) {
  CsvRecord record;
  std::string events;
  std::vector<std::size_t> ends;
  std::uint64_t line = 0;
  for (auto more = reader.next(&record); more.ok() && *more; more = reader.next(&record)) {
    OPS_ASSERT(record.line >= line);  // a lone CR ends a record within a physical line
    line = record.line;
    if (!record.bad) static_cast<void>(mapper.map(record.fields, &events, &ends));
  }
  const auto body = parse_json("[" + events + "]");
  OPS_ASSERT(body.ok() && body->as_array().size() == ends.size());
}

}  // namespace

void fuzz_csv(BytesView input) {
  if (input.empty()) return;
  // The first byte: how large the pieces are in which the file arrives.
  const std::size_t step = 1 + static_cast<unsigned char>(input[0]);
  testing::TextSource source(std::string(input.substr(1)), step);
  CsvReader reader(source, ',');
  CsvRecord header;
  const auto more = reader.next(&header);
  if (!more.ok() || !*more || header.bad) return;
  const auto mapper = RowMapper::make(map(), header.fields);
  if (mapper.ok()) map_rows(reader, **mapper);
}

void fuzz_import_map(BytesView input) {
  const auto parsed = ImportMap::parse(input);
  if (parsed.ok()) return;
  OPS_ASSERT(parsed.error().code == Code::kInvalid);
}

}  // namespace opsledger::fuzz
